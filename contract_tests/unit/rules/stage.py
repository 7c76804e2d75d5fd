"""Runs a rule against a mock in which something may be wrong, and tells what it found.

The API is the made-up library of the mock's tests: whatever a rule can do there, it can do for any new resource.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Findings
from contract_tests.mock.app import Mock, create_app
from contract_tests.rules.bench import Bench, CannotContinue
from contract_tests.rules.resource import Resource, by_collection
from contract_tests.session import Session
from contract_tests.target import Target
from contract_tests.unit.mock.library import document
from contract_tests.unit.rules.wire import Wire

BASE = "http://127.0.0.1:1/v2"
TOKEN = "KEY_of_the_rules_tests"
LIBRARY = Description(document())
SHELVES: Resource = by_collection(LIBRARY, "shelves")
BOOKS: Resource = by_collection(LIBRARY, "books")
OPERATION: dict[str, Operation] = LIBRARY.by_id
# Kind, operation and pointer of a finding.
Place = tuple[str, str, str]


@functools.lru_cache(maxsize=32)
def mock_of(description: Description, faults: tuple[str, ...]) -> Mock:
    """A mock with these faults; made once, since making one takes longer than most tests."""
    return create_app(description, api_key=TOKEN, plants=faults)


@contextmanager
def staged(
    description: Description = LIBRARY, faults: Iterable[str] = (), **tampering: Any
) -> Iterator[tuple[Session, Wire]]:
    """A session whose requests go to a mock that is as new."""
    mock = mock_of(description, tuple(faults))
    mock.reset()
    wire = Wire(mock, **tampering)
    session = Session(description, Target("staged", BASE, TOKEN), BASE, [], Findings(), transport=wire)
    try:
        yield session, wire
    finally:
        session.close()


def findings_of(
    rule: Callable[..., None],
    *arguments: Any,
    description: Description = LIBRARY,
    faults: Iterable[str] = (),
    **tampering: Any,
) -> list[Finding]:
    """What a rule finds. It must have judged something; that it could not go on is fine when it found why."""
    with staged(description, faults, **tampering) as (session, _):
        bench = Bench(session, rule.__name__, records=4)
        gave_up = False
        try:
            try:
                rule(bench, *arguments)
            finally:
                bench.close()
        except CannotContinue:
            gave_up = True
        assert bench.checked > 0, "the rule judged nothing"
        found = session.findings.all()
        assert found or not gave_up
        return found


def places_of(rule: Callable[..., None], *arguments: Any, **conditions: Any) -> set[Place]:
    """Kind, operation and pointer of each thing that a rule finds."""
    return {(one.kind, one.operation, one.pointer) for one in findings_of(rule, *arguments, **conditions)}
