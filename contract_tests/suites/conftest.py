"""Fixtures of the contract suites: the running session, and a test that saw a deviation fails under its name.

The suites run inside ``python3 -m scripts contract``, which starts the target, hands over the session and writes the
report. A bare ``pytest contract_tests/suites`` has neither, and says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from contract_tests.budget import Budget
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding
from contract_tests.drift.observe import Observer
from contract_tests.exercised import Exercise, is_list
from contract_tests.live.refusal import Exhausted, Refused
from contract_tests.plugin import RunPlugin
from contract_tests.rules.settle import Hold, settler
from contract_tests.run import PLUGIN, Run
from contract_tests.session import Session
from contract_tests.webhooks.hooks import Hooks

DEVIATES = pytest.StashKey[bool]()
# Suites run in this order: what a person reads first comes first, and what floods the target comes last. Files that
# are not named here come after the documented semantics and before the generated requests.
FIRST = ("test_authentication", "test_lifecycle", "test_pagination", "test_filters", "test_client_calls")
LAST = ("test_conformance", "test_stateful", "test_exercised")


def running(config: pytest.Config) -> Run:
    """The run that this pytest session belongs to; ``UsageError`` outside of one."""
    plugin: RunPlugin | None = config.pluginmanager.get_plugin(PLUGIN)
    if plugin is None:
        raise pytest.UsageError(
            "the contract suites need a running target: use `python3 -m scripts contract` (--help shows the options)"
        )
    return plugin.run


def rank(name: str) -> int:
    """The place of a suite by its module name."""
    for position, prefix in enumerate(FIRST):
        if name.startswith(prefix):
            return position
    return len(FIRST) + 1 + LAST.index(name) if name in LAST else len(FIRST)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start without a run, before anything is collected."""
    running(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes ``operation`` (``list_operation``) runs once per operation (list) of the run."""
    for name, wanted in (("operation", lambda one: True), ("list_operation", is_list)):
        if name in metafunc.fixturenames:
            chosen = [one for one in running(metafunc.config).operations if wanted(one)]
            metafunc.parametrize(name, chosen, ids=[one.operation_id for one in chosen])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order by suite; within a suite the order stays as written."""
    items.sort(key=lambda item: rank(item.path.stem))
    for item in items:
        if unsuited := running(item.config).session.outlet.unsuited(*purpose(item)):
            # Only on a target that this test could harm, or that refuses it; everywhere else the text is empty.
            item.add_marker(pytest.mark.skipif(bool(unsuited), reason=unsuited))


def purpose(item: pytest.Item) -> tuple[str, Operation | None]:
    """``module::function`` of a test, and the operation that it is about, if it is about one."""
    function = getattr(item, "originalname", item.name)
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    # A test without cases has one all the same, which pytest skips.
    about = getattr(parameters.get("case"), "operation", None)
    about = about or parameters.get("operation", parameters.get("list_operation"))
    return f"{item.path.stem}::{function}", about if isinstance(about, Operation) else None


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run as a whole: which operations it has to exercise."""
    return running(request.config)


@pytest.fixture(scope="session")
def session(request: pytest.FixtureRequest) -> Session:
    """Sends, records and checks; closed by the runner."""
    return running(request.config).session


@pytest.fixture(scope="session")
def description(session: Session) -> Description:
    """The effective description that the target is held to."""
    return session.description


@pytest.fixture(scope="session")
def walked(request: pytest.FixtureRequest) -> tuple[Operation, ...]:
    """The operations that a walk along links may call."""
    return running(request.config).walked


@pytest.fixture(scope="session")
def budget(request: pytest.FixtureRequest) -> Budget:
    """How much this run may spend."""
    return running(request.config).budget


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """What every random choice of the run derives from."""
    return running(request.config).seed


@pytest.fixture(scope="session")
def exercise(request: pytest.FixtureRequest) -> Exercise:
    """What the run exercised so far."""
    return running(request.config).exercise


@pytest.fixture(scope="session")
def observer(request: pytest.FixtureRequest) -> Observer:
    """Which fields the answers of the run held so far."""
    return running(request.config).observer


@pytest.fixture(scope="session")
def hooks(request: pytest.FixtureRequest) -> Hooks:
    """Where the run receives webhooks; closed by the runner."""
    found = running(request.config).hooks
    assert found is not None, "the runner gives each run one"
    return found


@pytest.fixture(scope="session")
def hold(session: Session, budget: Budget, seed: int) -> Hold:
    """Runs a rule of ``contract_tests.rules`` and settles how the test ends."""
    return settler(session, budget, seed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail the test with the headlines of what was found during it, each once."""
    session = running(item.config).session
    seen: dict[str, Finding] = {}
    session.source = item.name
    stop = session.findings.listen(lambda finding: seen.update({finding.fingerprint: finding}))
    problem: BaseException | None = None
    try:
        yield
    except pytest.exit.Exception:
        raise
    except pytest.skip.Exception:
        if not seen:
            raise
    except Exhausted as spent:
        pytest.exit(spent.reason)
    except Refused as refusal:
        # The target was not asked: that says nothing about it.
        if not seen:
            pytest.skip(f"not sent: {refusal}")
    except (Exception, pytest.fail.Exception) as raised:
        # A rule that cannot go on after a deviation raises; the deviation says more than where it gave up.
        problem = raised
    finally:
        stop()
    if seen:
        item.stash[DEVIATES] = True
        lines = [session.redactor.text(finding.headline(session.redactor.short)) for finding in seen.values()]
        pytest.fail("\n".join(lines), pytrace=False)
    if problem is not None:
        raise problem


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mark the report of a test that failed because of findings: they are reported by themselves."""
    report = yield
    report.deviation = item.stash.get(DEVIATES, False)  # type: ignore[attr-defined]
    return report
