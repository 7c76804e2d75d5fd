"""Run one phase of Schemathesis against the target and feed every request it sent through the session's checks."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import requests
import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.engine.errors import UnhealthyAPIError, UnresponsiveOperationError

from contract_tests.bodies import FORM, media_of
from contract_tests.checks import request_validity
from contract_tests.checks.request_validity import Verdict
from contract_tests.description import Description, Operation
from contract_tests.drift.classify import classify
from contract_tests.exchange import Exchange
from contract_tests.generated_requests import surroundings
from contract_tests.generated_requests.interactions import Recorded, recorded
from contract_tests.generated_requests.lambdas import told_by_place
from contract_tests.generated_requests.settings import Aim, Phase, configuration, settle
from contract_tests.live.verdict import is_read
from contract_tests.rules.bench import Bench
from contract_tests.session import REPEATS, Session

# The check of Schemathesis that what it made to break the schema is refused.
REJECTION = "negative_data_rejection"
# What ends an operation in Schemathesis for want of an answer.
LOST = (requests.RequestException, UnhealthyAPIError, UnresponsiveOperationError)


class EngineProblem(Exception):
    """Schemathesis could not run: the description or its settings keep it from generating requests."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requests a run sent for an operation, and how many of them were answered with 2xx."""

    sent: int
    accepted: int


def run(bench: Bench, aim: Aim, operations: tuple[Operation, ...]) -> Tally:
    """Send the requests of ``aim`` for ``operations``; records that they create are deleted when the bench closes.

    Schemathesis gives up an operation at the first connection that fails. A target that is gone ends the run; one that
    is there gets the requests once more. ``EngineProblem`` when Schemathesis cannot generate.
    """
    tally = Tally(0, 0)
    for _ in range(REPEATS + 1):
        tally, problem = _run(bench, aim, operations, tally)
        if problem is None:
            break
        # Without an answer nobody knows which request it was: the guard asks whether the target is still there.
        first = operations[0]
        url = bench.session.base_url + first.path
        lost = Exchange(first.operation_id, first.method.upper(), url, {}, b"", 0, {}, b"", 0.0, failure=problem)
        if not bench.session.guard(lost):
            break
    return tally


def _run(bench: Bench, aim: Aim, operations: tuple[Operation, ...], tally: Tally) -> tuple[Tally, str | None]:
    """What was sent, added to ``tally``, and what kept Schemathesis from getting answers, if anything did."""
    session, description = bench.session, bench.description
    lost: str | None = None
    if session.outlet.guarded:
        aim = replace(aim, cautious=True, valid=not all(map(is_read, operations)))
    settings = configuration(aim, session.base_url, session.target.token, bearer_scheme(description))
    loaded = schemathesis.openapi.from_dict(shown(description, aim, operations), config=settings)
    settle(loaded.config)
    schema = loaded.include(operation_id=[operation.operation_id for operation in operations])
    sent, accepted = tally.sent, tally.accepted
    if session.outlet.guarded:
        schema.hook(_tailoring(bench))
    with session.outlet.generating(), surroundings.left_out(), told_by_place():
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError) and isinstance(event.value, LOST):
                lost = f"{event.info.title}: {event.info.message}"
                continue
            for one in _requests(event, description, session.source):
                sent += 1
                exchange = judge(session, one)
                accepted += exchange.ok and not one.probe
                if not one.probe and exchange.ok:
                    bench.answered(description.by_id[one.operation_id], exchange)
    return Tally(sent, accepted), lost


def _tailoring(bench: Bench) -> Callable[..., None]:
    """The hook that cuts each random body to what the run may send."""
    outlet, operations = bench.session.outlet, bench.description.by_id

    def map_body(context: Any, body: Any) -> Any:
        return outlet.tailor(operations[context.operation.definition.raw["operationId"]], body)

    return map_body


def judge(session: Session, one: Recorded) -> Exchange:
    """Record a request with all checks of ours, then add what only Schemathesis found; what counts in the end.

    That is another exchange than the recorded one where the request had to be sent again to get an answer.
    """
    known: set[str] = set()
    exchange = one.exchange
    if one.probe:
        session.guard(exchange)
    else:
        exchange, found = session.settled(session.description.by_id[one.operation_id], exchange)
        known = {finding.kind for finding in found}
    sensitive = session.description.sensitive_fields
    for failure in one.failures if exchange is one.exchange else ():
        if failure.check == REJECTION and _keeps_its_form(session.description, one.operation_id, exchange):
            continue
        finding = classify(failure, one.operation_id, exchange, known, sensitive, live=session.target.live)
        if finding is not None:
            session.findings.add(finding)
    return exchange


def _keeps_its_form(description: Description, operation_id: str, exchange: Exchange) -> bool:
    """Whether a form is one that the description allows: any bytes are a file, whatever they were made to break."""
    operation = description.by_id[operation_id]
    if media_of(description, operation) != FORM:
        return False
    return request_validity.judge(description, operation, exchange).verdict is Verdict.VALID


def bearer_scheme(description: Description) -> str | None:
    """The name of the description's HTTP bearer scheme."""
    schemes = description.document.get("components", {}).get("securitySchemes", {})
    return next((name for name, scheme in schemes.items() if scheme.get("scheme") == "bearer"), None)


@functools.lru_cache(maxsize=2)
def document(description: Description) -> dict[str, Any]:
    """The description as Schemathesis gets it: links that lead to a deletion stand only where a record was created.

    A walk along them deletes what it created itself, never what a list or a read happened to show.
    """
    copied: dict[str, Any] = copy.deepcopy(dict(description.document))
    plain = Description(copied)
    for operation in plain.operations:
        if operation.resource is not None and operation.resource.action == "create":
            continue
        for node in operation.raw["responses"].values():
            links = plain.resolve(node).get("links")
            if links:
                kept = {name: link for name, link in links.items() if not _deletes(plain, plain.resolve(link))}
                links.clear()
                links.update(kept)
    return copied


def shown(description: Description, aim: Aim, operations: tuple[Operation, ...]) -> dict[str, Any]:
    """What an engine is to see: a walk needs all, the other phases the paths of their operations.

    Each run of the engine counts and analyses whatever it is shown, which takes longer than some phases.
    """
    whole = document(description)
    if aim.phase is Phase.STATEFUL:
        return whole
    paths = {operation.path for operation in operations}
    return whole | {"paths": {path: item for path, item in whole["paths"].items() if path in paths}}


def _deletes(description: Description, link: Mapping[str, Any]) -> bool:
    target = description.by_id.get(link.get("operationId", ""))
    return target is not None and target.method == "delete"


def _requests(event: Any, description: Description, source: str) -> Iterator[Recorded]:
    if isinstance(event, events.NonFatalError):
        raise EngineProblem(f"{event.label}: {event.info.title}: {event.info.message}")
    if isinstance(event, events.FatalError):
        raise EngineProblem(f"{type(event.exception).__name__}: {event.exception}") from event.exception
    if isinstance(event, events.Interrupted):
        # It swallows Ctrl-C and ends as if all were done.
        raise KeyboardInterrupt
    if isinstance(event, events.ScenarioFinished):
        yield from recorded(event.recorder, description.by_id, source)
