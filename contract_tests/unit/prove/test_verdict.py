"""A drift counts as found only where it is; whatever is found where nothing deviates is a false alarm."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.mock import drift_catalogue
from contract_tests.mock.drifts.drift import Plant
from contract_tests.prove.trials import Aim, Trial
from contract_tests.prove.verdict import Outcome, judge, places

NAME = "drop-response-field:record_type"


@functools.cache
def planted() -> Plant:
    return next(one for one in drift_catalogue.instances(load()) if one.text == NAME)


def finding(kind: str, operation: str, pointer: str, also: tuple[tuple[str, str, str], ...] = ()) -> dict[str, Any]:
    return {
        "kind": kind,
        "operations": [operation],
        "pointer": pointer,
        "places": [{"operation": operation, "pointer": pointer}],
        "also": [{"kind": one, "places": [{"operation": where, "pointer": place}]} for one, where, place in also],
    }


def outcome(aim: Aim, code: int, *findings: dict[str, Any]) -> Outcome:
    expected = planted() if aim in {Aim.DRIFT, Aim.INTERMITTENT} else None
    result = {"code": code, "findings": list(findings), "missing": [], "said": "so"}
    return judge(Trial(aim, NAME, 1, (), expected), result).outcome


RIGHT = ("field-never-sent", "retrieveMessagingProfile", "/data/record_type")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (RIGHT, Outcome.PROVED),
        (("field-never-sent", "retrieveMessagingProfile", "/data/name"), Outcome.MISPLACED),
        (("field-never-sent", "retrieveShortCode", "/data/record_type"), Outcome.MISPLACED),
        (("response-type", "retrieveMessagingProfile", "/data/record_type"), Outcome.MISPLACED),
    ],
)
def test_a_drift_is_proved_by_kind_operation_and_place_together(found: tuple[str, str, str], expected: Outcome) -> None:
    assert outcome(Aim.DRIFT, 1, finding(*found)) is expected


def test_one_right_finding_among_others_is_enough_and_so_is_one_that_follows_from_another() -> None:
    other = ("page-meta", "listMessagingProfiles", "/meta/page_size")
    assert outcome(Aim.DRIFT, 1, finding(*other), finding(*RIGHT)) is Outcome.PROVED
    assert outcome(Aim.DRIFT, 1, finding(*other, also=(RIGHT,))) is Outcome.PROVED


def test_a_run_that_finds_nothing_missed_it_and_one_that_broke_did_not_even_look() -> None:
    assert outcome(Aim.DRIFT, 0) is Outcome.MISSED
    assert outcome(Aim.DRIFT, 6) is Outcome.MISSED
    for code in (-1, 2, 3, 4, 5):
        assert outcome(Aim.DRIFT, code) is Outcome.BROKEN


def test_reads_that_differ_prove_only_a_drift_that_comes_and_goes() -> None:
    differs = finding("unrelated-field-changed", "retrieveMessagingProfile", "/data/record_type")
    assert outcome(Aim.INTERMITTENT, 1, differs) is Outcome.PROVED
    assert outcome(Aim.DRIFT, 1, differs) is Outcome.MISPLACED


@pytest.mark.parametrize("aim", [Aim.TRAP, Aim.CLEAN])
def test_where_nothing_deviates_nothing_may_be_found(aim: Aim) -> None:
    assert outcome(aim, 0) is Outcome.PROVED
    assert outcome(aim, 1, finding(*RIGHT)) is Outcome.FALSE_ALARM
    assert outcome(aim, 6) is Outcome.BROKEN


def test_places_are_compared_without_positions() -> None:
    (place,) = places(finding("response-type", "listMessagingProfiles", "/data/3/name"))
    assert place == ("response-type", "listMessagingProfiles", "/data/*/name")
