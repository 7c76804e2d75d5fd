"""The plugin picks the tests of a restricted run and counts what each suite came to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from contract_tests.budget import named
from contract_tests.exercised import Exercise
from contract_tests.plugin import RunPlugin, Suite, named_operations
from contract_tests.run import Run

KNOWN = {"listThings", "createThing"}


def report(
    when: str, outcome: str, longrepr: object = None, nodeid: str = "suites/test_a.py::test_x[1]"
) -> pytest.TestReport:
    return pytest.TestReport(nodeid, ("", 0, ""), {}, outcome, longrepr, when, duration=0.5)  # type: ignore[arg-type]


@pytest.fixture
def plugin() -> RunPlugin:
    said: list[str] = []
    made = RunPlugin(None, said.append)  # type: ignore[arg-type]
    made.said = said  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("test_x", []),
        ("test_listThings", []),
        ("test_x[listThings]", ["listThings"]),
        ("test_x[createThing-name-listThings]", ["createThing", "listThings"]),
        ("test_x[listThingsLater]", []),
    ],
)
def test_operations_are_read_from_the_brackets_of_a_name(name: str, operations: list[str]) -> None:
    assert named_operations(name, KNOWN) == operations


def test_a_test_counts_once_whatever_its_stages(plugin: RunPlugin) -> None:
    for when in ("setup", "call", "teardown"):
        plugin.pytest_runtest_logreport(report(when, "passed"))
    suite = plugin.suites["test_a"]
    assert (suite.passed, suite.ran, suite.seconds) == (1, 1, 1.5)


def test_skips_keep_their_reasons(plugin: RunPlugin) -> None:
    for _ in range(2):
        plugin.pytest_runtest_logreport(report("call", "skipped", ("file", 1, "Skipped: no record")))
    assert plugin.suites["test_a"].skips == {"no record": 2}
    assert plugin.suites["test_a"].ran == 0


def test_a_failure_is_a_problem_unless_findings_explain_it(plugin: RunPlugin) -> None:
    explained = report("call", "failed", "E  headline")
    explained.deviation = True  # type: ignore[attr-defined]
    plugin.pytest_runtest_logreport(explained)
    assert plugin.suites["test_a"].problems == []
    plugin.pytest_runtest_logreport(report("call", "failed", "code\nE   ValueError: boom\nfile.py:3: ValueError"))
    assert plugin.suites["test_a"].problems == ["test_x[1]: ValueError: boom"]
    assert plugin.suites["test_a"].failed == 2


def test_suites_are_announced_and_summed_up(plugin: RunPlugin) -> None:
    plugin.pytest_runtest_logstart("suites/test_a.py::test_x", ("", 0, ""))
    plugin.pytest_runtest_logreport(report("call", "passed"))
    plugin.pytest_runtest_logstart("suites/test_b.py::test_x", ("", 0, ""))
    assert plugin.said == ["test_a: 0 tests", "test_a: 1 passed in 0.5 s", "test_b: 0 tests"]  # type: ignore[attr-defined]


def test_a_run_includes_everything_unless_it_is_restricted() -> None:
    everything = Run(None, None, 0, None, None)  # type: ignore[arg-type]
    assert everything.includes("listThings")
    restricted = Run(None, None, 0, None, None, frozenset({"createThing"}))  # type: ignore[arg-type]
    assert (restricted.includes("createThing"), restricted.includes("listThings")) == (True, False)


def test_a_suite_that_only_skipped_ran_nothing() -> None:
    assert Suite("test_a", collected=2, skipped=2).ran == 0


def test_progress_tells_suite_test_requests_findings_and_time_left(wired: Any) -> None:
    session = wired(lambda request: None)
    plugin = RunPlugin(Run(session, named("quick"), 1, Exercise(session), None), lambda text: None)  # type: ignore[arg-type]
    assert plugin.progress() == ""
    plugin.suites = {"test_a": Suite("test_a", collected=10)}
    plugin.pytest_runtest_logstart("suites/test_a.py::test_x[listThings]", ("", 0, ""))
    assert plugin.progress() == "test_a: 0 of 10 tests, 0 requests and 0 findings so far; now test_x[listThings]"
    session.counts["listThings"][200] += 7
    plugin.suites["test_a"].passed = 5
    assert re.fullmatch(r"test_a: 5 of 10 tests, 7 requests and .*, about \d+ s left", plugin.progress())
