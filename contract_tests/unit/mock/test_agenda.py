"""What is still to happen: in order, once, and not before its time."""

from __future__ import annotations

import contextlib
import functools

import pytest

from contract_tests.mock.agenda import Agenda


def test_steps_are_taken_in_the_order_of_their_moments() -> None:
    agenda, taken = Agenda(), list[int]()
    for moment in (30, 10, 20, 40):
        agenda.at(moment, lambda moment=moment: taken.append(moment))  # type: ignore[misc]
    agenda.catch_up(9)
    assert taken == [] and len(agenda) == 4
    agenda.catch_up(30)
    assert taken == [10, 20, 30] and len(agenda) == 1
    agenda.catch_up(30)
    assert taken == [10, 20, 30]


def test_steps_of_one_moment_come_as_they_were_planned() -> None:
    agenda, taken = Agenda(), list[str]()
    for name in "cab":
        agenda.at(5, lambda name=name: taken.append(name))  # type: ignore[misc]
    agenda.catch_up(5)
    assert taken == ["c", "a", "b"]


def test_a_step_may_plan_another_that_is_due_already() -> None:
    agenda, taken = Agenda(), list[str]()
    agenda.at(1, lambda: agenda.at(2, lambda: taken.append("second")))
    agenda.catch_up(2)
    assert taken == ["second"]


def test_what_is_cleared_never_happens() -> None:
    agenda, taken = Agenda(), list[str]()
    agenda.at(1, lambda: taken.append("x"))
    agenda.clear()
    agenda.catch_up(5)
    assert taken == []


@pytest.mark.parametrize("unchecked", [True, False])
def test_a_step_that_trips_is_passed_over_only_where_nothing_was_checked(unchecked: bool) -> None:
    agenda, taken = Agenda(unchecked=unchecked), list[str]()
    agenda.at(1, functools.partial(taken.remove, "x"))
    agenda.at(2, functools.partial(taken.append, "next"))
    with contextlib.nullcontext() if unchecked else pytest.raises(ValueError):
        agenda.catch_up(5)
    assert taken == (["next"] if unchecked else []) and len(agenda) == (0 if unchecked else 1)
