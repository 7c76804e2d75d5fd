"""One run from its options to its exit code: target, preflight, suites, report.

The target is another process, the suites run in this one (``pytest_run``).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from contract_tests import checks, confirmation, events, limits, own_mock, preflight, pytest_run, sharding
from contract_tests.canary import Canary
from contract_tests.console import Console
from contract_tests.decoded import Decoded
from contract_tests.description import ROOT, Description
from contract_tests.drift import files, known
from contract_tests.drift.conclusion import conclude
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.drift.observe import Observer
from contract_tests.drift.report import Facts, build
from contract_tests.drift.trail import Trail
from contract_tests.exercised import Exercise, excuses, missing
from contract_tests.exit_codes import ExitCode, Outcome, decide
from contract_tests.heartbeat import beating
from contract_tests.interruption import Guard, Interruption
from contract_tests.latency import Latency
from contract_tests.live import arguments
from contract_tests.live.refusal import Refused
from contract_tests.live.supervision import supervised
from contract_tests.options import Options
from contract_tests.outlet import Excuse
from contract_tests.plugin import RunPlugin
from contract_tests.run import Run
from contract_tests.session import Session, no_guard
from contract_tests.target import Target, parse
from contract_tests.unchecked import Unchecked
from contract_tests.webhooks.hooks import Hooks
from contract_tests.webhooks.stand_in import StandIn

# Seconds that findings may take to be tried again at the end.
CONFIRMING = 10.0
INTERRUPTED = "interrupted; the report holds what was done until then"


def run(options: Options, description: Description, console: Console) -> ExitCode:
    """Do the whole run and write its reports; ``InputError`` for what the user has to mend first."""
    target = _target(options, description)
    unchecked = Unchecked(live=target.live)
    entries = known.read(options.known, _shown(options.known))
    started = time.time()
    with (
        _serving(options, target, description, console) as base_url,
        supervised(options.live, target, base_url, description, options.budget.name, console.progress) as outlet,
    ):
        looks = checks.every(target.token, live=target.live)
        session = Session(description, target, base_url, looks, Findings(), outlet=outlet)
        hooks = _hooks(session, options, base_url)
        console.redact = session.redactor.text
        try:
            plan = _plan(session, options, hooks)
            session.observers.append(unchecked)
            stopped, plugin = _go(plan, console)
        finally:
            session.close()
            hooks.close()
    _suite_problems(plugin, session.findings)
    told = excuses(plan.exercise, plan.operations, outlet)
    left = (*left_open(plan, plugin, stopped, {name for one in told for name in one.operations}), *outlet.problems)
    conclusion = conclude(plan, options.target, entries, complete=stopped is None)
    outcome = Outcome(
        stopped=stopped.code if stopped else None,
        reason=stopped.reason if stopped else "",
        findings=conclusion.failing,
        missing=left,
        blind=plugin.blind,
    )
    code = decide(outcome)
    facts = Facts(
        target=options.target,
        base_url=base_url,
        planted=options.plant,
        started=started,
        duration=console.elapsed,
        code=code,
        reason=outcome.reason if code is outcome.stopped else _excepted(told, code),
        missing=left,
        unchecked=(*unchecked.reasons, *hooks.unchecked, *plugin.unstable, *(one.reason for one in told)),
        start_again=_start_again(options, target, base_url, description),
        suites=tuple(plugin.suites.values()),
        blind=plugin.blind,
    )
    report = build(plan, facts, conclusion)
    try:
        files.write(options.report_dir, report, plugin.junit, session.redactor, recorded_in=options.history)
        outlet.report(options.report_dir)
        console.progress(f"reports: {_shown(options.report_dir)}/drift.html, drift.json, drift.md, junit.xml")
    finally:
        # What was found is shown even when the disk is full by now.
        show = console.json if options.json else console.result
        show(report)
    return code


def _target(options: Options, description: Description) -> Target:
    """The target with its key; the description says where the real API is."""
    servers = description.document.get("servers") or [{"url": ""}]
    return parse(
        options.target,
        live_url=str(servers[0]["url"]),
        key=arguments.api_key(options.live),
        treat_as_live=options.live.treat_as_live,
    )


@contextlib.contextmanager
def _serving(options: Options, target: Target, description: Description, console: Console) -> Iterator[str]:
    """The base address of the target; the own mock lives as long as the block."""
    if target.base_url is not None:
        console.progress(f"target {target.base_url}")
        yield target.base_url
        return
    with own_mock.running(
        target.token,
        seed=options.seed,
        plant=options.plant,
        rate_limit=options.rate_limit,
        controls=_tells(options, description),
    ) as base_url:
        console.progress(f"own mock at {base_url}")
        yield base_url


def _tells(options: Options, description: Description) -> bool:
    """Whether the run causes webhooks; a mock that sends none starts in half the time, and a proof starts hundreds."""
    causing = {cause.operation for webhook in description.webhooks.values() for cause in events.causes(webhook)}
    return bool(causing & options.only if options.only else causing)


def _hooks(session: Session, options: Options, base_url: str) -> Hooks:
    """Where the run receives webhooks; what is live, or treated so, has no controls that may be used."""

    def stand_in() -> StandIn | None:
        return None if session.target.live else StandIn.at(base_url)

    if options.webhook_url:
        session.redactor.withhold([options.webhook_url])
    return Hooks(session.description, session.findings, stand_in, url=options.webhook_url, port=options.webhook_port)


def _start_again(options: Options, target: Target, base_url: str, description: Description) -> str:
    """The command that brings the run's own mock back to where the findings' requests went; empty for other targets."""
    if not target.starts_mock:
        return ""
    return own_mock.command(
        base_url,
        seed=options.seed,
        plant=options.plant,
        rate_limit=options.rate_limit,
        controls=_tells(options, description),
    )


def _plan(session: Session, options: Options, hooks: Hooks) -> Run:
    exercise, observer = Exercise(session), Observer(session.description, session.findings)
    trail = Trail(session.description)
    session.findings.trail, session.findings.fleeting = trail.before, trail.fleeting
    session.observers += [exercise, observer, trail]
    share = sharding.share(session.description, *options.shard, options.only) if options.shard else None
    only = session.outlet.scope(options.only, session.description)
    return Run(session, session.outlet.sized(options.budget), options.seed, exercise, observer, only, share, hooks)


def _go(plan: Run, console: Console) -> tuple[Interruption | None, RunPlugin]:
    """Preflight, canary, the suites, and a look back; what stopped the run early, if anything did."""
    plugin = RunPlugin(plan, console.progress)
    stopped: Interruption | None = None
    try:
        with pytest_run.terminable():
            stopped = _suites(plan, plugin, console)
    except Interruption as interruption:
        return interruption, plugin
    except Refused as refusal:
        return Interruption(ExitCode.THROTTLED, refusal.reason), plugin
    except KeyboardInterrupt:
        stopped = Interruption(ExitCode.THROTTLED, INTERRUPTED)
    if stopped is not None:
        console.progress(f"stopped: {stopped.reason}")
    return stopped, plugin


def _suites(plan: Run, plugin: RunPlugin, console: Console) -> Interruption | None:
    session = plan.session
    probes = preflight.probes(session.description)
    stops: list[Interruption] = []

    def stop(interruption: Interruption) -> NoReturn:
        # Tear-downs that run into the same wall must not change the reason.
        stops.append(interruption)
        pytest.exit(interruption.reason)

    preflight.check(session)
    only = f", only {', '.join(sorted(plan.only))}" if plan.only else ""
    part = f", share {plan.share.name}" if plan.share else ""
    console.progress(f"target answers; budget {plan.budget.name}, seed {plan.seed}{only}{part}")
    guard = session.guard = Guard(session, plan.budget, probes, stop=stop)
    latency, canary = Latency(), Canary(session)
    session.observers += [latency, canary, Decoded(session)]
    with beating(console.progress, plugin.progress):
        ended = pytest_run.run(plugin)
    plugin.close_suite()
    if ended is pytest.ExitCode.INTERRUPTED and not stops:
        stops.append(Interruption(ExitCode.THROTTLED, session.outlet.spent or INTERRUPTED))
    for problem in plugin.collection_problems:
        console.progress(f"could not collect {problem}")
    plugin.unstable = tuple(guard.unstable())
    session.guard = no_guard
    if not stops or stops[0].code is ExitCode.THROTTLED:
        # What a target did that was about to go away is no sign of anything.
        for finding in (*guard.intermittent(), *latency.findings()):
            session.findings.add(finding)
    if not stops:
        tried = confirmation.confirm(session, seconds=CONFIRMING)
        if tried:
            console.progress(f"{tried} findings were tried again")
        limits.state(session, seconds=CONFIRMING)
        plugin.blind = tuple(canary.uncaught())
    return stops[0] if stops else None


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


def _excepted(told: tuple[Excuse, ...], code: ExitCode) -> str:
    """What a verdict without drift does not cover."""
    count = sum(len(one.operations) for one in told)
    return f"except {count} that the target has no record for" if count and code is ExitCode.OK else ""


def left_open(
    plan: Run, plugin: RunPlugin, stopped: Interruption | None, excused: Collection[str] = ()
) -> Iterator[str]:
    """What this run should have exercised and did not; of ``excused`` operations the target has no record."""
    if stopped is not None and not plugin.suites:
        # Stopped before the first request: the reason says it all.
        return
    yield from missing(plan.exercise, plan.operations, plan.session.outlet.exempt, excused)
    yield from plugin.blind
    for problem in plugin.collection_problems:
        yield f"a suite could not be collected: {problem}"
    if not plugin.suites:
        yield "no suite ran"
    for suite in plugin.suites.values():
        # A restricted suite may have nothing to do; otherwise one that skips everything has checked nothing.
        if not suite.ran and not plan.restricted:
            yield f"{suite.name} ran no test to a verdict"


def _shown(folder: Path) -> str:
    """A folder as a person types it: relative when it lies in the repository."""
    absolute = folder.resolve()
    return str(absolute.relative_to(ROOT)) if absolute.is_relative_to(ROOT) else str(folder)
