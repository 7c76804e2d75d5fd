"""Green means exercised: what an operation needs before a run may be called a success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.drift.finding import Finding, Severity
from contract_tests.exercised import Exercise, excuses, missing
from contract_tests.outlet import Excuse, Looked, Outlet
from contract_tests.session import Session

Wired = Callable[[Callable[[httpx.Request], httpx.Response]], Session]


def exercised(wired: Wired, *answers: tuple[int, Any], faulty: bool = False) -> list[str]:
    """What is missing after listThings was answered like this."""
    queue = list(answers)
    session = wired(lambda request: httpx.Response(queue[0][0], json=queue.pop(0)[1]))
    if faulty:
        session.checks = (
            lambda description, operation, exchange: [
                Finding("x", operation.operation_id, "", "", "", Severity.BREAKING, "x", exchange)
            ],
        )
    exercise = Exercise(session)
    session.observers.append(exercise)
    for _ in answers:
        session.call("listThings")
    return [
        reason.removeprefix("listThings ") for reason in missing(exercise, [session.description.by_id["listThings"]])
    ]


def test_a_list_needs_a_record_and_a_refusal(wired: Wired) -> None:
    assert exercised(wired, (200, {"data": [{}]}), (401, {})) == []


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "never gave a 2xx answer that passed the checks"),
        ([(404, {}), (500, {})], "never gave a 2xx answer that passed the checks"),
        ([(200, {"data": []}), (401, {})], "never listed a record, so no record in it was checked"),
        ([(200, {"data": [{}]})], "never gave a refusal that passed the checks"),
    ],
)
def test_what_is_missing_is_said(wired: Wired, answers: list[tuple[int, Any]], reason: str) -> None:
    assert reason in exercised(wired, *answers)


def test_answers_with_findings_do_not_count(wired: Wired) -> None:
    assert exercised(wired, (200, {"data": [{}]}), (401, {}), faulty=True) == [
        "never gave a 2xx answer that passed the checks",
        "never gave a refusal that passed the checks",
    ]


def test_unanswered_requests_are_in_the_count(wired: Wired) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    session = wired(refuse)
    exercise = Exercise(session)
    session.observers.append(exercise)
    session.call("listThings")
    tally = exercise.tally("listThings")
    assert (tally.requests, tally.statuses, tally.accepted) == (1, {0: 1}, 0)


def test_what_is_excused_needs_no_record_but_a_refusal(wired: Wired) -> None:
    session = wired(lambda request: httpx.Response(200, json={"data": []}))
    exercise = Exercise(session)
    session.observers.append(exercise)
    session.call("listThings")
    operations = [session.description.by_id["listThings"]]
    assert list(missing(exercise, operations, excused={"listThings"})) == [
        "listThings never gave a refusal that passed the checks"
    ]
    assert list(missing(exercise, operations, lambda one: True, {"listThings"})) == []


class Poor(Outlet):
    """A target that has nothing for one operation."""

    def excuses(self, looked: Looked) -> tuple[Excuse, ...]:
        return (Excuse(f"{looked('listThings').accepted} answers", ("retrieveThing",)), Excuse("a notice"))


def test_nothing_is_excused_as_long_as_nothing_was_exercised(wired: Wired) -> None:
    session = wired(lambda request: httpx.Response(200, json={"data": [{}]}))
    exercise = Exercise(session)
    session.observers.append(exercise)
    by_id = session.description.by_id
    both = [by_id["listThings"], by_id["retrieveThing"]]
    assert excuses(exercise, both, Poor()) == ()
    session.call("listThings")
    assert [one.reason for one in excuses(exercise, both, Poor())] == ["1 answers", "a notice"]
    # What the run does not include needs no excuse.
    assert [one.reason for one in excuses(exercise, both[:1], Poor())] == ["a notice"]
