"""Reports of shards become one report: counts add up, findings join, and the exit code is that of the whole."""

from __future__ import annotations

import datetime
import json
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.drift.known import Entry
from contract_tests.drift.merge import merge
from contract_tests.drift.report import SCHEMA
from contract_tests.unit.drift.reports import operation, place, report, told
from scripts.errors import InputError

FIELD: dict[str, Any] = {
    "described": True,
    "present": 2,
    "null": 0,
    "absent": 1,
    "types": {"string": 2},
    "new_values": ['"a"'],
    "formats": {"text": 2},
    "note": "never null",
}


def shards(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    """Reports that say which share they are."""
    for number, part in enumerate(parts, 1):
        part["run"]["shard"] = f"{number}/{len(parts)}"
    return list(parts)


def two(**second: Any) -> list[dict[str, Any]]:
    one = report(operations=[operation("listThings", fields={"/a": FIELD})], started="2026-11-20T02:00:00+00:00")
    other = report(operations=[operation("createThing")], started="2026-11-20T02:00:05+00:00", **second)
    return shards(one, other)


def test_what_is_joined_has_the_shape_of_a_report_and_adds_up() -> None:
    joined = merge(two())
    validator = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(joined)] == []
    assert [one["operation_id"] for one in joined["operations"]] == ["listThings", "createThing"]
    assert (joined["counts"]["requests"], joined["counts"]["exercised"]) == (20, 2)
    assert (joined["run"]["shard"], joined["run"]["duration_seconds"]) == ("", 8.0)
    assert (joined["run"]["exit_code"], joined["missing"]) == (0, [])


def test_one_operation_in_two_reports_is_counted_together() -> None:
    one = report(operations=[operation("listThings", fields={"/a": FIELD})])
    other = report(operations=[operation("listThings", fields={"/a": {**FIELD, "note": "", "new_values": ['"b"']}})])
    (joined,) = merge(shards(one, other))["operations"]
    assert (joined["requests"], joined["statuses"], joined["records"]) == (20, {"200": 16, "404": 4}, 2)
    assert joined["fields"]["/a"] == {
        **FIELD,
        "present": 4,
        "absent": 2,
        "types": {"string": 4},
        "new_values": ['"a"', '"b"'],
        "formats": {"text": 4},
        "note": "",
    }


def test_what_a_shard_sent_for_others_counts_where_it_belongs() -> None:
    beside = [operation("listThings"), operation("deleteThing"), operation("deleteThing")]
    parts = two()
    parts[1]["elsewhere"] = beside
    joined = merge(parts)
    validator = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(joined)] == []
    rows = {one["operation_id"]: one["requests"] for one in joined["operations"]}
    assert rows == {"listThings": 20, "createThing": 10}
    assert {one["operation_id"]: one["requests"] for one in joined["elsewhere"]} == {"deleteThing": 20}
    assert joined["operations"][0]["fields"]["/a"]["present"] == FIELD["present"]


def test_an_operation_that_others_alone_exercised_is_not_exercised() -> None:
    parts = two()
    parts[0]["operations"][0].update(verified={}, statuses={}, requests=0)
    parts[1]["elsewhere"] = [operation("listThings")]
    joined = merge(parts)
    assert joined["counts"]["exercised"] == 1
    assert joined["operations"][0]["requests"] == 10


def test_one_cause_in_two_shards_is_one_finding() -> None:
    parts = shards(report([told(operations=["a"])]), report([told(operations=["b", "c"]), told("ffff00000000")]))
    joined = merge(parts)
    both = next(one for one in joined["findings"] if one["fingerprint"] == "0123456789ab")
    assert joined["counts"]["findings"] == 2
    assert (both["operations"], both["occurrences"]) == (["a", "b", "c"], 4)
    assert both["headline"].startswith("a, b and 1 more /data/*/size")
    assert [one["operation"] for one in both["places"]] == ["a", "b", "c"]
    assert joined["run"]["exit_code"] == 1


def test_the_gravest_and_most_widespread_finding_comes_first() -> None:
    mild = told("aaaa00000000", severity="additive", operations=["a", "b"])
    joined = merge(
        shards(report([mild, told("bbbb00000000", operations=["a"])]), report([told(operations=["z", "y"])]))
    )
    assert [one["fingerprint"][:4] for one in joined["findings"]] == ["0123", "bbbb", "aaaa"]


def test_the_same_place_is_listed_once() -> None:
    parts = shards(report([told(operations=["a"])]), report([told(operations=["a"])]))
    (one,) = merge(parts)["findings"]
    assert one["places"] == [{**place("a", "/data/*/size"), "occurrences": 4}]


@pytest.mark.parametrize(
    ("codes", "findings", "code"),
    [((0, 3), 0, 3), ((1, 4), 1, 4), ((5, 0), 0, 5), ((5, 1), 1, 1), ((0, 0), 0, 0), ((6, 0), 0, 0)],
)
def test_the_exit_code_is_that_of_the_whole(codes: tuple[int, int], findings: int, code: int) -> None:
    parts = [report([told()] * findings, exit_code=each, verdict=f"verdict {each}") for each in codes]
    joined = merge(shards(*parts))
    assert joined["run"]["exit_code"] == code
    assert code in {0, 1} or joined["run"]["verdict"] == f"verdict {code}"


def test_what_one_shard_did_not_exercise_keeps_the_whole_from_being_green() -> None:
    parts = two()
    parts[0]["missing"] = ["listThings never gave a 2xx answer that passed the checks"]
    assert merge(parts)["run"]["exit_code"] == 6


@pytest.mark.parametrize(("other", "code"), [(0, 6), (1, 6), (5, 6), (3, 3)])
def test_a_blind_shard_leaves_the_whole_without_a_verdict_whatever_was_found(other: int, code: int) -> None:
    missed = "the canary was missed: response-type at /data of listThings"
    blind = report([told()], exit_code=6, blind=[missed])
    joined = merge(shards(blind, report([told("ffff00000000")], exit_code=other)))
    assert (joined["run"]["exit_code"], joined["run"]["blind"]) == (code, [missed])
    validator = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(joined)] == []


def test_a_shard_that_is_missing_is_missed() -> None:
    joined = merge(two()[:1])
    assert joined["missing"] == ["shard 2/2 is not among the reports"]
    assert joined["run"]["exit_code"] == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"description": {"title": "T", "version": "1", "sha256": "0" * 64}}, "different descriptions"),
        ({"target": "live"}, "differ in their target"),
        ({"budget": "nightly"}, "differ in their budget"),
        ({"shard": "1/2"}, "given twice"),
        ({"shard": "2/3"}, "different splits"),
    ],
)
def test_reports_of_other_runs_are_refused(change: dict[str, Any], message: str) -> None:
    parts = two()
    parts[1]["run"].update(change)
    with pytest.raises(InputError, match=message):
        merge(parts)


def test_nothing_to_merge_is_bad_input() -> None:
    with pytest.raises(InputError, match="no report"):
        merge([])


def entry(*operations: str) -> Entry:
    date, expires = datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)
    return Entry("0123456789ab", "r", date, expires, operations, "", "", "known.yaml:2")


def test_known_drift_that_no_shard_could_judge_is_judged_for_all_of_them() -> None:
    spread = entry("listThings", "createThing")
    assert merge(two(), [spread])["stale_known"][0]["why"] == "no longer occurs"
    assert merge(two(), [spread])["run"]["exit_code"] == 1
    assert merge(two()[:1], [spread])["stale_known"] == []
    seen = shards(report([told(known={"reason": "r", "expires": "2027-01-01", "place": "p"})]), two()[1])
    joined = merge(seen, [entry()])
    assert (joined["stale_known"], joined["run"]["exit_code"], joined["counts"]["new"]) == ([], 0, 0)


def test_webhooks_add_up_and_reports_of_earlier_days_have_none() -> None:
    parts = two()
    for part, events in zip(parts, ({"orderMade": 2, "orderLost": 0}, {"orderMade": 1, "orderLost": 0}), strict=True):
        part["webhooks"] = [{"name": name, "events": count, "findings": 0} for name, count in events.items()]
    joined = merge(parts)["webhooks"]
    assert [(one["name"], one["events"]) for one in joined] == [("orderMade", 3), ("orderLost", 0)]
    assert merge(two())["webhooks"] == []
