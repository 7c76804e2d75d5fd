"""A rule ends as a test ends: passed with something checked, skipped with a reason, or failed; always cleaned up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.budget import named
from contract_tests.rules.bench import Bench, CannotContinue, NothingToCheck
from contract_tests.rules.settle import settle, settler
from contract_tests.unit.rules.stage import OPERATION, SHELVES, staged


def judges(bench: Bench, times: int) -> None:
    """Judges what is right, as often as told."""
    exchange = bench.call(OPERATION["listShelves"])
    for _ in range(times):
        bench.expect(True, "kind", exchange, pointer="", expected="", observed="")


def test_a_rule_that_judged_something_passes_and_says_how_much() -> None:
    with staged() as (session, _):
        hold = settler(session, named("quick"), seed=5)
        assert hold(judges, 3) == 3


def test_a_rule_that_judged_nothing_fails() -> None:
    with staged() as (session, _), pytest.raises(pytest.fail.Exception, match=r"test_settle\.judges judged nothing"):
        settler(session, named("quick"), seed=5)(judges, 0)


def test_nothing_to_check_skips_with_the_reason() -> None:
    def has_nothing(bench: Bench) -> None:
        raise NothingToCheck("the target has no shelf")

    with staged() as (session, _), pytest.raises(pytest.skip.Exception, match="the target has no shelf"):
        settle(Bench(session, "check"), has_nothing)


@pytest.mark.parametrize("problem", [NothingToCheck("x"), CannotContinue("x"), ValueError("x")])
def test_records_are_deleted_however_a_rule_ends(problem: Exception) -> None:
    def leaves_a_shelf(bench: Bench) -> None:
        bench.create(SHELVES)
        raise problem

    with staged() as (session, wire):
        with pytest.raises((pytest.skip.Exception, CannotContinue, ValueError)):
            settle(Bench(session, "check"), leaves_a_shelf)
        assert len(wire.mock.store["shelves"]) == 0


def test_findings_carry_the_name_of_the_rule() -> None:
    def finds(bench: Bench) -> None:
        exchange = bench.call(OPERATION["listShelves"])
        bench.expect(False, "kind", exchange, pointer="/data", expected="this", observed="that")

    with staged() as (session, _):
        assert settler(session, named("quick"), seed=5)(finds) == 1
        (found,) = session.findings.all()
        assert found.check == "test_settle.finds"
        assert (found.operation, found.pointer) == ("listShelves", "/data")


def test_a_rule_is_held_in_rounds_with_other_values_until_it_finds_something() -> None:
    seeds: list[str] = []

    def finds_in_the_third(bench: Bench) -> None:
        exchange = bench.call(OPERATION["listShelves"])
        seeds.append(str(bench.random("x").random()))
        bench.expect(len(seeds) != 3, "kind", exchange, pointer="", expected="", observed="")

    with staged() as (session, _):
        assert settler(session, replace(named("quick"), rounds=8), seed=5)(finds_in_the_third) == 3
        assert len(set(seeds)) == 3
        settler(session, replace(named("quick"), rounds=8), seed=5)(finds_in_the_third)
        assert len(seeds) == 11


def test_what_an_earlier_round_used_up_is_no_reason_to_skip() -> None:
    rounds: list[int] = []

    def uses_up(bench: Bench) -> None:
        rounds.append(1)
        if len(rounds) > 1:
            raise NothingToCheck("nothing is left")
        judges(bench, 2)

    with staged() as (session, _):
        hold = settler(session, replace(named("quick"), rounds=3), seed=5)
        try:
            checked = hold(uses_up)
        except pytest.skip.Exception as skipped:  # it would skip this test, too
            pytest.fail(f"skipped: {skipped}")
        assert checked == 2
        assert len(rounds) == 2
        with pytest.raises(pytest.skip.Exception, match="nothing is left"):
            hold(uses_up)
