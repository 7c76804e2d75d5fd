"""What earlier runs left is found by ledgers and by names, shown first, deleted when told to; the rest is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.live import sweep
from contract_tests.live.ledger import PREFIX, pasts
from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.unit.live.stage import (
    BASE,
    FOREIGN,
    NUMBER,
    NUMBER_ID,
    NUMBERS,
    PROFILES,
    TOKEN,
    Stage,
    request,
    staged,
)
from scripts import sweep as command

RUN = "20260101t000000z-00000000"
LENT = {NUMBERS: frozenset({NUMBER})}


@pytest.fixture
def mock() -> Mock:
    """The target that a killed run has left in some state."""
    return create_app(load(), api_key=TOKEN)


@contextmanager
def after_a_killed_run(mock: Mock, folder: Path, *, lost: bool = False) -> Iterator[Stage]:
    """A run that made a profile, lent it to a number and was killed; ``lost``: before another answer came, too."""
    with staged(mock=mock, folder=folder, owned=LENT) as stage:
        mine = stage.new()
        stage.send("PATCH", f"/phone_numbers/{NUMBER_ID}/messaging", {"messaging_profile_id": mine})
        if lost:
            body = {"name": f"{stage.gate.ledger.prefix}lost", "whitelisted_destinations": ["US"]}
            outgoing = request("POST", "/messaging_profiles", body)
            stage.gate.admit(outgoing)
            stage.wire(outgoing)
    with staged(mock=mock, folder=folder, owned=LENT) as sweeper:
        yield sweeper


def comparable(mock: Mock) -> dict[str, Any]:
    """All records but for the time of their last change."""
    return {
        name: [{key: value for key, value in one.items() if key != "updated_at"} for one in records]
        for name, records in mock.store.snapshot().items()
    }


@pytest.mark.parametrize("lost", [False, True])
def test_a_killed_run_is_swept_clean(mock: Mock, tmp_path: Path, lost: bool) -> None:
    before = comparable(mock)
    with after_a_killed_run(mock, tmp_path, lost=lost) as stage:
        found = sweep.search(stage.gate, tmp_path)
        assert [one.change for one in found.leftovers] == [True, False, *([False] if lost else [])]
        assert {one.method for one in stage.sent} == {"GET"}
        done = sweep.sweep(stage.gate, found)
        assert (done.restored, done.deleted, done.left) == (1, 2 if lost else 1, [])
        assert comparable(mock) == before
        assert sweep.search(stage.gate, tmp_path).leftovers == []
    assert [past.swept for past in pasts(tmp_path, BASE) if past.created] == [True]


def test_a_run_on_another_machine_is_known_by_its_mark_once_it_must_be_over(mock: Mock, tmp_path: Path) -> None:
    with staged(mock=mock, folder=tmp_path / "there") as stage:
        stage.new()
        run = stage.gate.ledger.run_id
    with staged(mock=mock, folder=tmp_path / "here") as sweeper:
        found = sweep.search(sweeper.gate, tmp_path / "here")
        assert [(one.run, why) for one, why in found.kept] == [(run, "its run may still be going on elsewhere")]
        assert found.leftovers == []
        later = datetime.now(UTC) + timedelta(hours=4)
        found = sweep.search(sweeper.gate, tmp_path / "here", now=later)
        assert [one.run for one in found.leftovers] == [run]
        assert sweep.sweep(sweeper.gate, found).deleted == 1


def test_a_run_that_is_still_alive_is_left_alone(mock: Mock, tmp_path: Path) -> None:
    with staged(mock=mock, folder=tmp_path) as alive:
        alive.new()
        with staged(mock=mock, folder=tmp_path) as sweeper:
            found = sweep.search(sweeper.gate, tmp_path, youngest=timedelta(0))
            assert found.leftovers == []
            assert [why for _, why in found.kept] == ["its run is still going on"]


def test_the_keep_list_holds_ids_and_beginnings_of_names(mock: Mock, tmp_path: Path) -> None:
    with staged(mock=mock, folder=tmp_path) as stage:
        first, _ = stage.new(), stage.create("kept for a look")
        mark = stage.gate.ledger.prefix
    with staged(mock=mock, folder=tmp_path) as sweeper:
        found = sweep.search(sweeper.gate, tmp_path, keep=[first, f"{mark}kept"])
        assert found.leftovers == []
        assert [why for _, why in found.kept] == ["on the keep-list", "on the keep-list"]


@pytest.mark.parametrize(
    "name",
    ["My name", "contract-", "contract-name-1a2b3c", f"x{PREFIX}{RUN}-", f"{PREFIX}{RUN}-".upper(), f"{PREFIX}{RUN}"],
)
def test_what_only_looks_like_ours_is_never_touched(mock: Mock, tmp_path: Path, name: str) -> None:
    with staged(mock=mock, folder=tmp_path) as sweeper:
        sweeper.wire(request("POST", "/messaging_profiles", {"name": name, "whitelisted_destinations": ["US"]}))
        found = sweep.search(sweeper.gate, tmp_path, youngest=timedelta(0))
        assert (found.leftovers, found.kept) == ([], [])


def test_a_date_that_is_none_is_no_mark(mock: Mock, tmp_path: Path) -> None:
    with staged(mock=mock, folder=tmp_path) as sweeper:
        body = {"name": f"{PREFIX}20269999t999999z-00000000-x", "whitelisted_destinations": ["US"]}
        sweeper.wire(request("POST", "/messaging_profiles", body))
        found = sweep.search(sweeper.gate, tmp_path, youngest=timedelta(0))
        assert found.leftovers == []
        assert "no run began at such a time" in found.kept[0][1]


def test_a_list_that_shows_somebody_elses_record_under_our_mark_is_not_believed(mock: Mock, tmp_path: Path) -> None:
    mark = f"{PREFIX}20260101t000000z-00000000-x"

    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        if answer.records is None:
            return answer
        shown = [{**one, "name": mark} if one["id"] == FOREIGN else one for one in answer.records]
        return Incoming(answer.status, answer.headers, json.dumps({**answer.json, "data": shown}).encode())

    before = comparable(mock)
    with staged(mock=mock, folder=tmp_path) as sweeper:
        sweeper.lie = lie
        found = sweep.search(sweeper.gate, tmp_path)
        assert [one.id for one in found.leftovers] == [FOREIGN]
        done = sweep.sweep(sweeper.gate, found)
        assert done.deleted == 0
        assert "does not read back" in done.left[0]
    assert comparable(mock) == before


def test_a_number_that_somebody_changed_since_is_left_alone_and_said_once(mock: Mock, tmp_path: Path) -> None:
    with after_a_killed_run(mock, tmp_path) as stage:
        stage.wire(request("PATCH", f"/phone_numbers/{NUMBER_ID}/messaging", {"messaging_profile_id": FOREIGN}))
        done = sweep.sweep(stage.gate, sweep.search(stage.gate, tmp_path))
        assert "somebody else changed" in done.notes[0]
        assert done.left == []
        assert sweep.search(stage.gate, tmp_path).leftovers == []


def test_a_deletion_that_is_only_claimed_is_told(tmp_path: Path) -> None:
    mock = create_app(load(), api_key=TOKEN, plants=["forget-delete"])
    with staged(mock=mock, folder=tmp_path) as stage:
        mine = stage.new()
    with staged(mock=mock, folder=tmp_path) as sweeper:
        done = sweep.sweep(sweeper.gate, sweep.search(sweeper.gate, tmp_path))
        assert done.deleted == 0
        assert [mine in line for line in done.left] == [True]
        assert sweep.search(sweeper.gate, tmp_path).leftovers != []


def test_a_target_that_cannot_be_listed_is_not_called_clean(mock: Mock, tmp_path: Path) -> None:
    with staged(mock=mock, folder=tmp_path) as sweeper:
        sweeper.lie = lambda sent, answer: Incoming(500, {}, b"")
        with pytest.raises(Refused, match="cannot be listed"):
            sweep.search(sweeper.gate, tmp_path)


def test_the_ledger_of_a_run_that_left_nothing_goes_when_it_is_old(mock: Mock, tmp_path: Path) -> None:
    with after_a_killed_run(mock, tmp_path) as stage:
        (journal,) = (past.path for past in pasts(tmp_path, BASE) if past.created)
        found = sweep.search(stage.gate, tmp_path)
        later = datetime.now(UTC) + sweep.AGED + timedelta(days=1)
        assert sweep.prune(stage.gate, tmp_path, found, now=later) == 0, "nobody proved that nothing is left"
        sweep.sweep(stage.gate, found)
        assert sweep.prune(stage.gate, tmp_path, found, now=later - timedelta(days=2)) == 0, "it is not old"
        elsewhere = tmp_path / f"{RUN}.jsonl"
        lines = journal.read_text(encoding="utf-8").replace(BASE, "https://elsewhere.example/v2")
        elsewhere.write_text(lines, encoding="utf-8")
        assert sweep.prune(stage.gate, tmp_path, found, now=later) == 1
        assert not journal.exists()
        assert elsewhere.exists(), "another target's ledger is another sweep's"


def test_the_ledger_of_a_record_that_is_kept_stays(mock: Mock, tmp_path: Path) -> None:
    with after_a_killed_run(mock, tmp_path) as stage:
        (past,) = (past for past in pasts(tmp_path, BASE) if past.created)
        ((_, mine),) = past.created
        sweep.sweep(stage.gate, sweep.search(stage.gate, tmp_path, keep=[mine]))
    with staged(mock=mock, folder=tmp_path, owned=LENT) as stage:
        again = sweep.search(stage.gate, tmp_path, keep=[mine])
        assert [one.id for one, _ in again.kept] == [mine]
        later = datetime.now(UTC) + 2 * sweep.AGED
        assert sweep.prune(stage.gate, tmp_path, again, now=later) == 0
        assert past.path.exists()


def test_the_command_shows_first_and_deletes_with_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", TOKEN)
    mock = create_app(load(), api_key=TOKEN)
    before = mock.store.snapshot()[PROFILES]
    body = {"name": f"{PREFIX}20260101t000000z-00000000-x", "whitelisted_destinations": ["US"]}
    with staged(mock=mock) as stage:
        stage.wire(request("POST", "/messaging_profiles", body))
    with serve(mock) as base_url:
        fixed = ["--target", base_url, "--ledger", str(tmp_path)]
        assert command.main(fixed) == 1
        assert "found 1, kept 0; nothing was changed" in capsys.readouterr().out
        assert len(mock.store.snapshot()[PROFILES]) == len(before) + 1
        assert command.main([*fixed, "--keep", "contract-20260101"]) == 0
        assert "found 0, kept 1" in capsys.readouterr().out
        assert command.main([*fixed, "--yes", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["deleted"] == 1
        assert mock.store.snapshot()[PROFILES] == before
        assert command.main(fixed) == 0
        (journal,) = tmp_path.glob("*.jsonl")
        assert [json.loads(line)["event"] for line in journal.read_text().splitlines()] == ["run", "deleted"]
        monkeypatch.setattr(sweep, "AGED", timedelta(0))
        capsys.readouterr()
        assert command.main([*fixed, "--yes", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["ledgers_removed"] == 1
        assert not journal.exists()
    assert command.main(fixed) == 3
