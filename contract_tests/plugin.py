"""The pytest plugin of a run: restricts what is collected, counts what each suite did, and tells how far it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from contract_tests.run import Run

# A test of generated requests takes about so many times as long as one of a rule.
HEAVY = {"test_conformance": 12.0, "test_stateful": 40.0}
# The share of the work after which it can be told how long the rest takes.
MEASURED = 0.05


@dataclass(slots=True)
class Suite:
    """One file of tests; ``skips`` holds each reason once, ``problems`` what went wrong besides findings."""

    name: str
    collected: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    skips: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ran(self) -> int:
        """Tests that came to a verdict."""
        return self.passed + self.failed


class RunPlugin:
    """Carries the run into the suites and their results out of them."""

    def __init__(self, run: Run, say: Callable[[str], None]) -> None:
        self.run = run
        self.suites: dict[str, Suite] = {}
        self.collection_problems: list[str] = []
        self.junit = ""
        # What failed once and was answered when it was asked for again, and what the canary shows nobody would see.
        self.unstable: tuple[str, ...] = ()
        self.blind: tuple[str, ...] = ()
        self._say = say
        self._current = ""
        # The test under way, whose name holds operation and phase, and when the first one began.
        self._test = ""
        self._started = 0.0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the tests that name operations of which this run includes none."""
        known = self.run.session.description.by_id.keys()
        kept: list[pytest.Item] = []
        dropped: list[pytest.Item] = []
        for item in items:
            named = named_operations(item.name, known)
            wanted = any(self.run.includes(one) for one in named) if named else self.run.whole
            if self.run.restricted and item.name.endswith("[NOTSET]"):
                # A test over lists, say, in a run that includes no list.
                wanted = False
            (kept if wanted else dropped).append(item)
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = kept
        for item in items:
            self._suite(item.nodeid).collected += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what kept a suite from being collected."""
        if report.failed:
            self.collection_problems.append(f"{report.nodeid}: {_message(report.longreprtext)}")

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Say which suite begins, and how the one before it ended."""
        self._test = nodeid.partition("::")[2]
        self._started = self._started or time.monotonic()
        name = Path(nodeid.split("::")[0]).stem
        if name != self._current:
            self.close_suite()
            self._current = name
            self._say(f"{name}: {self._suite(nodeid).collected} tests")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one stage of one test: set-up and tear-down count only when they fail or skip."""
        suite = self._suite(report.nodeid)
        suite.seconds += report.duration
        if report.skipped:
            suite.skipped += 1
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            reason = reason.removeprefix("Skipped: ")
            suite.skips[reason] = suite.skips.get(reason, 0) + 1
        elif report.failed:
            suite.failed += 1
            if not getattr(report, "deviation", False):
                suite.problems.append(f"{report.nodeid.split('::', 1)[-1]}: {_message(report.longreprtext)}")
        elif report.when == "call":
            suite.passed += 1

    def progress(self) -> str:
        """Where the run is, for a sign of life; empty between suites."""
        suite = self.suites.get(self._current)
        if suite is None:
            return ""
        requests = sum(counts.total() for counts in list(self.run.session.counts.values()))
        findings = len(self.run.session.findings.all())
        left = self._left()
        return (
            f"{suite.name}: {suite.ran + suite.skipped} of {suite.collected} tests, {requests} requests and "
            f"{findings} findings so far; now {self._test}{f', about {left:.0f} s left' if left is not None else ''}"
        )

    def _left(self) -> float | None:
        """Seconds until the end, by what the tests so far took; None while there is too little to tell by."""
        done = sum(_weight(one.name) * (one.ran + one.skipped) for one in self.suites.values())
        whole = sum(_weight(one.name) * one.collected for one in self.suites.values())
        if not done or done < MEASURED * whole:
            return None
        return (time.monotonic() - self._started) / done * (whole - done)

    def close_suite(self) -> None:
        """Say how the current suite ended."""
        suite = self.suites.get(self._current)
        if suite is not None:
            parts = [f"{suite.passed} passed", f"{suite.failed} failed" if suite.failed else ""]
            parts.append(f"{suite.skipped} skipped" if suite.skipped else "")
            self._say(f"{suite.name}: {', '.join(filter(None, parts))} in {suite.seconds:.1f} s")
            for reason, count in suite.skips.items():
                self._say(f"  skipped {count}: {reason}")
        self._current = ""

    def _suite(self, nodeid: str) -> Suite:
        name = Path(nodeid.split("::")[0]).stem
        return self.suites.setdefault(name, Suite(name))


def named_operations(test: str, known: Collection[str]) -> list[str]:
    """The operationIds in the brackets of a test's name."""
    return [word for word in re.findall(r"[A-Za-z][A-Za-z0-9]*", test.partition("[")[2]) if word in known]


def _weight(suite: str) -> float:
    return HEAVY.get(suite, 1.0)


def _message(text: str) -> str:
    """What a failure says: the first line that pytest marks with E, or the last line."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    return (marked or [line.strip() for line in lines[-1:]] or ["no message"])[0]
