"""What keeps a run from being called a success although nothing was found."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.budget import named
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.exercised import Exercise
from contract_tests.exit_codes import ExitCode
from contract_tests.interruption import Interruption
from contract_tests.plugin import RunPlugin, Suite
from contract_tests.run import Run
from contract_tests.runner import left_open


@pytest.fixture
def plan(wired: Any) -> Run:
    session = wired(lambda request: None)
    return Run(session, named("quick"), 1, Exercise(session), Observer(session.description, Findings()))


def reasons(plan: Run, *suites: Suite, only: frozenset[str] = frozenset(), problems: tuple[str, ...] = ()) -> list[str]:
    """What is left open besides the operations, none of which was called."""
    run = Run(plan.session, plan.budget, plan.seed, plan.exercise, plan.observer, only)
    plugin = RunPlugin(run, lambda text: None)
    plugin.suites = {suite.name: suite for suite in suites}
    plugin.collection_problems = list(problems)
    return [one for one in left_open(run, plugin, None) if " never " not in one]


def test_suites_that_came_to_a_verdict_leave_nothing_open(plan: Run) -> None:
    assert reasons(plan, Suite("test_a", passed=1), Suite("test_b", failed=1, skipped=3)) == []


def test_no_suite_at_all_is_said(plan: Run) -> None:
    assert reasons(plan) == ["no suite ran"]


def test_a_suite_that_skipped_everything_is_said_unless_the_run_is_restricted(plan: Run) -> None:
    skipped = Suite("test_a", collected=2, skipped=2)
    assert reasons(plan, skipped) == ["test_a ran no test to a verdict"]
    assert reasons(plan, skipped, only=frozenset({"listThings"})) == []


def test_a_suite_that_cannot_be_collected_is_said(plan: Run) -> None:
    assert reasons(plan, Suite("test_a", passed=1), problems=("test_b.py: SyntaxError",)) == [
        "a suite could not be collected: test_b.py: SyntaxError"
    ]


def test_only_the_operations_of_the_run_have_to_be_exercised(plan: Run) -> None:
    run = Run(plan.session, plan.budget, plan.seed, plan.exercise, plan.observer, frozenset({"listThings"}))
    plugin = RunPlugin(run, lambda text: None)
    plugin.suites = {"test_a": Suite("test_a", passed=1)}
    assert {one.split()[0] for one in left_open(run, plugin, None)} == {"listThings"}
    assert {one.split()[0] for one in left_open(plan, plugin, None)} == set(plan.session.description.by_id)


def test_a_run_that_never_began_has_its_reason_and_no_list(plan: Run) -> None:
    plugin = RunPlugin(plan, lambda text: None)
    assert list(left_open(plan, plugin, Interruption(ExitCode.CREDENTIALS, "401"))) == []
