"""Fixtures of the contract suites: the running session, and a test that saw a deviation fails under its name.

The suites run inside ``python3 -m scripts contract``, which starts the target, hands over the session and writes the
report. A bare ``pytest contract_tests/suites`` has neither, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.budget import Budget
from contract_tests.description import Description
from contract_tests.drift.finding import Finding
from contract_tests.run import PLUGIN, Run
from contract_tests.session import Session

# Suites run in this order: what a person reads first comes first, and what floods the target comes last. Files that
# are not named here come after the documented semantics and before the generated requests.
FIRST = ("test_authentication", "test_lifecycle", "test_pagination", "test_filters", "test_client_calls")
LAST = ("test_conformance", "test_stateful", "test_exercised")


def running(config: pytest.Config) -> Run:
    """The run that this pytest session belongs to; ``UsageError`` outside of one."""
    plugin = config.pluginmanager.get_plugin(PLUGIN)
    if plugin is None:
        raise pytest.UsageError(
            "the contract suites need a running target: use `python3 -m scripts contract` (--help shows the options)"
        )
    run: Run = plugin.run
    return run


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
    """A test that takes ``operation`` runs once per operation of the run, with the operationId as its name."""
    if "operation" in metafunc.fixturenames:
        run = running(metafunc.config)
        chosen = [one for one in run.session.description.operations if run.includes(one.operation_id)]
        metafunc.parametrize("operation", chosen, ids=[one.operation_id for one in chosen])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order by suite; within a suite the order stays as written."""
    items.sort(key=lambda item: rank(item.path.stem))


@pytest.fixture(scope="session")
def session(request: pytest.FixtureRequest) -> Session:
    """Sends, records and checks; closed by the runner."""
    return running(request.config).session


@pytest.fixture(scope="session")
def description(session: Session) -> Description:
    """The effective description that the target is held to."""
    return session.description


@pytest.fixture(scope="session")
def budget(request: pytest.FixtureRequest) -> Budget:
    """How much this run may spend."""
    return running(request.config).budget


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """What every random choice of the run derives from."""
    return running(request.config).seed


@pytest.fixture(autouse=True)
def _deviations_fail_the_test(session: Session, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test with the headlines of what was found during it, each once."""
    seen: dict[str, Finding] = {}
    session.source = request.node.name
    stop = session.findings.listen(lambda finding: seen.setdefault(finding.fingerprint, finding))
    try:
        yield
    finally:
        stop()
    if seen:
        lines = [session.redactor.text(finding.headline()) for finding in seen.values()]
        pytest.fail("\n".join(lines), pytrace=False)
