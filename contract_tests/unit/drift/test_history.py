"""Every run is kept, once; drifts begin and end where runs saw them, and a file that is not ours is never touched."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import history, spans, story
from contract_tests.unit.drift.reports import operation, report, told
from scripts.errors import InputError

DRIFT, OTHER = "0123456789ab", "ba9876543210"


def record(path: Path, day: int, *found: str, target: str = "mock", **changes: Any) -> None:
    """A run on a day of November that found these drifts in ``listThings``."""
    started = f"2026-11-{day:02d}T02:00:00+00:00"
    operations = changes.pop("operations", [operation("listThings", fields={"/data/*/a": FIELD})])
    history.record(path, report([told(one) for one in found], operations, started=started, target=target, **changes))


FIELD = {
    "present": 3,
    "null": 1,
    "absent": 2,
    "described": True,
    "types": {},
    "new_values": [],
    "formats": {},
    "note": "",
}


def drifts(path: Path, target: str | None = None) -> list[spans.Drift]:
    with history.reading(path) as connection:
        return spans.drifts(connection, target)


def days(drift: spans.Drift) -> list[tuple[int, int | None]]:
    return [(int(one.began[8:10]), int(one.ended[8:10]) if one.ended else None) for one in drift.spans]


def test_a_drift_begins_with_the_first_run_that_saw_it_and_ends_with_the_first_that_did_not(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.sqlite"
    for day, found in ((1, []), (2, [DRIFT]), (3, [DRIFT]), (4, []), (5, [])):
        record(path, day, *found)
    (drift,) = drifts(path)
    assert days(drift) == [(2, 4)]
    assert (drift.open, drift.flapping, drift.runs, drift.looked) == (False, False, 2, 5)


def test_a_drift_that_comes_back_again_and_again_flaps(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for day in range(1, 8):
        record(path, day, *([DRIFT] if day % 2 else []))
    (drift,) = drifts(path)
    assert days(drift) == [(1, 2), (3, 4), (5, 6), (7, None)]
    assert drift.open
    assert drift.flapping


@pytest.mark.parametrize(
    "blind",
    [
        {"operations": [operation("listThings", requests=0)]},
        {"operations": [operation("listOthers")]},
        {"exit_code": 3},
        {"target": "live"},
    ],
    ids=["nothing sent", "other operations", "target gone", "another target"],
)
def test_a_run_that_could_not_see_a_drift_does_not_end_it(tmp_path: Path, blind: dict[str, Any]) -> None:
    path = tmp_path / "history.sqlite"
    record(path, 1, DRIFT)
    record(path, 2, **blind)
    (drift,) = drifts(path)
    assert (days(drift), drift.looked) == ([(1, None)], 1)
    record(path, 3)
    assert days(drifts(path)[0]) == [(1, 3)]


def test_targets_have_histories_of_their_own_and_planted_drifts_are_experiments(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    record(path, 1, DRIFT, target="live")
    record(path, 2, OTHER, planted=["forget-delete"])
    assert {one.target for one in drifts(path)} == {"live", "mock with forget-delete"}
    assert [one.fingerprint for one in drifts(path, "live")] == [DRIFT]


def test_open_and_grave_drifts_come_first(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    record(path, 1, DRIFT)
    history.record(path, report([told(OTHER, severity="additive")], started="2026-11-02T02:00:00+00:00"))
    assert [one.fingerprint for one in drifts(path)] == [OTHER, DRIFT]


def test_recording_a_report_again_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    record(path, 1, DRIFT)
    record(path, 1, OTHER)
    assert [one.fingerprint for one in drifts(path)] == [OTHER]
    with history.reading(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM runs").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM fields").fetchone() == (1,)


def test_fields_and_last_verified_answers_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    never = operation("createThing", verified={"422": 3})
    record(path, 1, operations=[operation("listThings", fields={"/data/*/a": FIELD}), never])
    record(path, 2, operations=[operation("listThings", verified={}), never])
    with history.reading(path) as connection:
        rows = connection.execute("SELECT operation, pointer, present, nulls, absent FROM fields").fetchall()
        last = {one.operation: one.last for one in spans.verified(connection)}
    assert rows == [("listThings", "/data/*/a", 3, 1, 2)]
    assert last == {"listThings": "2026-11-01T02:00:00+00:00", "createThing": None}


def test_the_story_says_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for day in range(1, 6):
        record(path, day, *([DRIFT] if day % 2 else []))
    with history.reading(path) as connection:
        text = "\n".join(story.lines(connection, "mock"))
        told_as_json = json.loads(json.dumps(story.as_json(connection, "mock")))
        assert list(story.lines(connection, "live")) == ["no run against live is recorded"]
    assert "mock: 5 runs from 2026-11-01T02:00:00+00:00 to 2026-11-05T02:00:00+00:00" in text
    assert f"{DRIFT}  breaking, open since 2026-11-05T02:00:00+00:00, flapping" in text
    assert "seen in 3 of 5 runs" in text
    assert "listThings  2026-11-05T02:00:00+00:00" in text
    assert [len(told_as_json[key]) for key in ("runs", "drifts", "verified")] == [5, 1, 1]


@pytest.mark.parametrize("contents", [b"", b"no database at all, but long enough to be read as one" * 20])
def test_a_file_that_is_none_is_refused_and_kept(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(contents)
    with pytest.raises(InputError):
        drifts(path)
    if contents:
        with pytest.raises(InputError, match="cannot be used"):
            record(path, 1)
    assert path.read_bytes() == contents


def test_a_database_of_somebody_else_and_a_newer_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    with pytest.raises(InputError, match="no history of runs"):
        record(path, 1)
    ours = tmp_path / "history.sqlite"
    record(ours, 1)
    with sqlite3.connect(ours) as connection:
        connection.execute(f"PRAGMA user_version = {history.VERSION + 1}")
    connection.close()
    with pytest.raises(InputError, match="has version 2, and 1 is understood"):
        record(ours, 2)


def test_a_missing_history_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no history") as caught:
        drifts(tmp_path / "none.sqlite")
    assert "scripts contract" in str(caught.value.fix)


def write_many(path: Path, first: int) -> None:
    for day in range(first, first + 4):
        record(path, day, DRIFT)


def test_several_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(path, first)) for first in (1, 5, 9)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert drifts(path)[0].runs == 12
