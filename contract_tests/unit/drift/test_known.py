"""Known drift is excused for a while and by name; what has expired, or no longer occurs, makes the run fail."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.drift import known, known_edit
from contract_tests.drift.cause import Cause
from contract_tests.drift.causes import causes
from contract_tests.drift.conclusion import Conclusion
from contract_tests.drift.known import Entry, Seen
from contract_tests.unit.drift.reports import finding, told
from scripts.errors import InputError

TODAY = datetime.date(2026, 11, 20)
ENTRY = """known:
  - id: 0123456789ab
    reason: they will mend it
    date: 2026-11-01
    expires: 2027-01-01
"""
SEEN = Seen("mock", "standard", frozenset({"updateMessagingProfile"}), True, True, TODAY)


def entry(identity: str = "0123456789ab", **changes: object) -> Entry:
    values: dict[str, object] = {
        "reason": "r",
        "date": datetime.date(2026, 11, 1),
        "expires": datetime.date(2027, 1, 1),
        "operations": (),
        "target": "",
        "budget": "",
        "place": "known.yaml:2",
        **changes,
    }
    return Entry(identity, **values)  # type: ignore[arg-type]


def cause(*fields: str) -> Cause:
    (one,) = causes(load(), [finding("null-clears", "updateMessagingProfile", f"/data/{name}") for name in fields])
    return one


def test_an_entry_is_read_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    (one,) = known.read(path)
    assert (one.identity, one.expires, one.operations) == ("0123456789ab", datetime.date(2027, 1, 1), ())
    assert one.place == "known.yaml:2"
    path.write_text("known: []\n", encoding="utf-8")
    assert known.read(path) == ()


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "is empty", 1),
        ("[]", "must hold one key", 1),
        ("known: []\nother: 1", "must hold one key", 1),
        ("known: [1]", "must be an object", 1),
        (ENTRY.replace("reason", "reasons"), "'reasons' has no place here", 3),
        (ENTRY.replace("    reason: they will mend it\n", ""), "reason is missing", 2),
        (ENTRY.replace("they will mend it", '" "'), "reason must be text", 2),
        (ENTRY.replace("0123456789ab", "0123"), "twelve hex digits", 2),
        (ENTRY.replace("2026-11-01", "1.11.2026"), "date is no date", 4),
        (ENTRY.replace("2027-01-01", "2026-11-01"), "must come after", 5),
        (ENTRY + "    budget: huge\n", "no budget 'huge'", 6),
        (ENTRY + "    operations: listThings\n", "must be a list", 6),
        (ENTRY + ENTRY.removeprefix("known:\n"), "stands twice", 6),
        ("known: [", "is not valid YAML", None),
    ],
)
def test_a_faulty_file_is_bad_input_with_its_line(tmp_path: Path, text: str, message: str, line: int | None) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        known.read(path)
    assert line is None or caught.value.line == line


def test_the_committed_file_can_be_read() -> None:
    known.read()


def test_a_known_cause_does_not_count_and_an_unknown_one_does() -> None:
    one, other = cause("name"), cause("enabled")
    entries = (entry(one.fingerprint),)
    matched = known.match([one, other], entries, SEEN)
    assert matched == {one.fingerprint: entries[0]}
    assert Conclusion((one, other), matched).failing == 1
    assert known.stale([one.fingerprint, other.fingerprint], entries, SEEN) == []


def test_a_behaviour_of_many_fields_is_known_when_each_of_them_is() -> None:
    many = cause("name", "enabled", "webhook_url", "alpha_sender")
    entries = [entry(part) for part in many.parts]
    assert len(entries) == 4
    assert known.match([many], entries, SEEN)
    assert not known.match([many], entries[1:], SEEN)
    assert known.stale([many.fingerprint, *many.parts], entries, SEEN) == []


def test_an_expired_entry_excuses_nothing_and_says_so() -> None:
    one = cause("name")
    old = entry(one.fingerprint, expires=datetime.date(2026, 11, 19))
    assert known.match([one], [old], SEEN) == {}
    (stale,) = known.stale([one.fingerprint], [old], SEEN)
    assert stale.why == "expired on 2026-11-19"
    assert known.match([one], [entry(one.fingerprint, expires=TODAY)], SEEN)


def test_an_entry_that_no_longer_occurs_is_stale_where_the_run_had_to_see_it() -> None:
    shown_by = entry(operations=("updateMessagingProfile",))
    assert [one.why for one in known.stale([], [shown_by], SEEN)] == ["no longer occurs"]
    assert [one.why for one in known.stale([], [entry()], SEEN)] == ["no longer occurs"]
    assert Conclusion((), {}, tuple(known.stale([], [shown_by], SEEN))).failing == 1


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"operations": ("updateMessagingProfile", "listMessagingProfiles")}, SEEN),
        ({"target": "live"}, SEEN),
        ({"budget": "nightly"}, SEEN),
        ({}, Seen("mock", "standard", frozenset({"a"}), False, True, TODAY)),
        ({}, Seen("mock", "standard", frozenset({"a"}), True, False, TODAY)),
        ({}, Seen("mock", "standard", frozenset(), True, True, TODAY)),
    ],
    ids=["not all its operations", "another target", "too small a budget", "cut short", "restricted", "nothing sent"],
)
def test_a_run_that_could_not_see_it_says_nothing(changes: dict[str, Any], seen: Seen) -> None:
    assert known.stale([], [entry(**changes)], seen) == []


def test_an_entry_for_another_target_excuses_nothing() -> None:
    one = cause("name")
    assert known.match([one], [entry(one.fingerprint, target="live")], SEEN) == {}


def test_adding_an_entry_keeps_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text("# a comment\nknown: []\n", encoding="utf-8")
    for identity in ("0123456789ab", "1e5000000000"):
        known_edit.add(path, told(identity), reason="so: it is #1", expires="2027-01-01", target="mock", today=TODAY)
    assert path.read_text(encoding="utf-8").startswith("# a comment\nknown:\n  - ")
    first, second = known.read(path)
    assert (first.identity, first.reason, first.date) == ("0123456789ab", "so: it is #1", TODAY)
    assert (second.identity, second.operations, second.target) == ("1e5000000000", ("listThings",), "mock")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expires": "soon"}, "expires is no date"),
        ({"reason": " "}, "reason"),
        ({"expires": "2026-11-20"}, "after date"),
    ],
)
def test_a_faulty_entry_changes_nothing(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        known_edit.add(path, told("ffff56789abc"), today=TODAY, **{"reason": "r", "expires": "2027-01-01", **changes})
    with pytest.raises(InputError, match="known already"):
        known_edit.add(path, told(), reason="r", expires="2027-01-01", today=TODAY)
    assert path.read_text(encoding="utf-8") == ENTRY
    assert [one.name for one in tmp_path.iterdir()] == ["known.yaml"]
