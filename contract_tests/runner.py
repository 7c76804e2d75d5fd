"""One run from its options to its exit code: target, preflight, suites, report.

The suites are run by pytest inside this process, so that they share one session; the target is another process.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from contract_tests import checks, own_mock, preflight
from contract_tests.console import Console
from contract_tests.description import ROOT, Description
from contract_tests.drift import files
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.drift.observe import Observer
from contract_tests.drift.report import Facts, build
from contract_tests.exercised import Exercise, missing
from contract_tests.exit_codes import ExitCode, Outcome, decide
from contract_tests.heartbeat import beating
from contract_tests.interruption import Guard, Interruption
from contract_tests.options import Options
from contract_tests.plugin import RunPlugin
from contract_tests.run import PLUGIN, Run
from contract_tests.session import Session
from contract_tests.target import Target, parse
from contract_tests.unchecked import Unchecked

SUITES = ROOT / "contract_tests" / "suites"
PYTEST_ARGUMENTS = (
    f"--rootdir={ROOT}",
    f"--config-file={ROOT / 'pyproject.toml'}",
    "--override-ini=addopts=",
    "--override-ini=junit_suite_name=contract",
    "--import-mode=importlib",
    # Plugins of other packages only cost time here, and none of them is needed.
    "--disable-plugin-autoload",
    "-pno:terminal",
    "-pno:cacheprovider",
    "-pno:logging",
    "--capture=no",
)


def run(options: Options, description: Description, console: Console) -> ExitCode:
    """Do the whole run and write its reports; ``InputError`` for what the user has to mend first."""
    target, unchecked = parse(options.target), Unchecked()
    started = time.time()
    with _serving(options, target, console) as base_url:
        session = Session(description, target, base_url, checks.every(target.token), Findings())
        console.redact = session.redactor.text
        try:
            plan = _plan(session, options)
            session.observers.append(unchecked)
            stopped, plugin = _go(plan, console)
        finally:
            session.close()
    _suite_problems(plugin, session.findings)
    left = tuple(left_open(plan, plugin, stopped))
    outcome = Outcome(
        stopped=stopped.code if stopped else None,
        reason=stopped.reason if stopped else "",
        findings=len(session.findings.all()),
        missing=left,
    )
    code = decide(outcome)
    facts = Facts(
        target=options.target,
        base_url=base_url,
        planted=options.plant,
        started=started,
        duration=console.elapsed,
        code=code,
        reason=outcome.reason if code is outcome.stopped else "",
        missing=left,
        unchecked=unchecked.reasons,
        start_again=_start_again(options, target, base_url),
        suites=tuple(plugin.suites.values()),
    )
    report = build(plan, facts)
    try:
        files.write(options.report_dir, report, plugin.junit, session.redactor)
        console.progress(f"reports: {_shown(options.report_dir)}/drift.json, drift.md, junit.xml")
    finally:
        # What was found is shown even when the disk is full by now.
        show = console.json if options.json else console.result
        show(report)
    return code


@contextlib.contextmanager
def _serving(options: Options, target: Target, console: Console) -> Iterator[str]:
    """The base address of the target; the own mock lives as long as the block."""
    if target.base_url is not None:
        console.progress(f"target {target.base_url}")
        yield target.base_url
        return
    with own_mock.running(
        target.token, seed=options.seed, plant=options.plant, rate_limit=options.rate_limit
    ) as base_url:
        console.progress(f"own mock at {base_url}")
        yield base_url


def _start_again(options: Options, target: Target, base_url: str) -> str:
    """The command that brings the run's own mock back to where the findings' requests went; empty for other targets."""
    if not target.starts_mock:
        return ""
    return own_mock.command(base_url, seed=options.seed, plant=options.plant, rate_limit=options.rate_limit)


def _plan(session: Session, options: Options) -> Run:
    exercise, observer = Exercise(session), Observer(session.description, session.findings)
    session.observers += [exercise, observer]
    return Run(session, options.budget, options.seed, exercise, observer, options.only)


def _go(plan: Run, console: Console) -> tuple[Interruption | None, RunPlugin]:
    """Preflight, then the suites; what stopped the run early, if anything did."""
    session = plan.session
    plugin = RunPlugin(plan, console.progress)
    stops: list[Interruption] = []

    def stop(interruption: Interruption) -> NoReturn:
        # Tear-downs that run into the same wall must not change the reason.
        stops.append(interruption)
        pytest.exit(interruption.reason)

    try:
        preflight.check(session)
    except Interruption as interruption:
        return interruption, plugin
    only = f", only {', '.join(sorted(plan.only))}" if plan.only else ""
    console.progress(f"target answers; budget {plan.budget.name}, seed {plan.seed}{only}")
    session.guard = Guard(session, plan.budget, preflight.probes(session.description), stop=stop)
    with beating(console.progress, plugin.progress):
        ended = _pytest(plugin)
    plugin.close_suite()
    if ended is pytest.ExitCode.INTERRUPTED and not stops:
        # pytest swallows Ctrl-C; half a run gets no report that could be taken for a whole one.
        raise KeyboardInterrupt
    for problem in plugin.collection_problems:
        console.progress(f"could not collect {problem}")
    if stops:
        console.progress(f"stopped: {stops[0].reason}")
    return (stops[0] if stops else None), plugin


def _pytest(plugin: RunPlugin) -> pytest.ExitCode:
    """Run the suites with the settings of the repository, but with our own output instead of pytest's."""
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        junit = Path(folder) / "junit.xml"
        arguments = [*PYTEST_ARGUMENTS, f"--junit-xml={junit}", str(SUITES)]
        code = pytest.ExitCode(pytest.main(arguments, plugins=[_Named(plugin)]))
        if junit.exists():
            plugin.junit = junit.read_text(encoding="utf-8")
    if code in {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}:
        plugin.collection_problems.append(f"pytest ended with {code.name}, see above")
    return code


class _Named:
    """Registers the run's plugin under the name by which the suites look it up."""

    def __init__(self, plugin: RunPlugin) -> None:
        self._plugin = plugin

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Comes before the suites' conftest, which refuses to start without a run."""
        config.pluginmanager.register(self._plugin, PLUGIN)


def _suite_problems(plugin: RunPlugin, findings: Findings) -> None:
    """A test that failed for another reason than a finding could not check what it is for: that is no green run."""
    for suite in plugin.suites.values():
        for problem in suite.problems:
            test, _, text = problem.partition(": ")
            findings.add(
                Finding(
                    kind="suite-problem",
                    operation=f"{suite.name}::{test}",
                    pointer="",
                    expected="the test to come to a verdict",
                    observed=text,
                    severity=Severity.UNVERIFIED,
                    check=suite.name,
                )
            )


def left_open(plan: Run, plugin: RunPlugin, stopped: Interruption | None) -> Iterator[str]:
    """What this run should have exercised and did not."""
    if stopped is not None and not plugin.suites:
        # Stopped before the first request: the reason says it all.
        return
    yield from missing(plan.exercise, plan.operations)
    for problem in plugin.collection_problems:
        yield f"a suite could not be collected: {problem}"
    if not plugin.suites:
        yield "no suite ran"
    for suite in plugin.suites.values():
        # With --only a suite may have nothing to do; otherwise one that skips everything has checked nothing.
        if not suite.ran and not plan.only:
            yield f"{suite.name} ran no test to a verdict"


def _shown(folder: Path) -> str:
    """A folder as a person types it: relative when it lies in the repository."""
    absolute = folder.resolve()
    return str(absolute.relative_to(ROOT)) if absolute.is_relative_to(ROOT) else str(folder)
