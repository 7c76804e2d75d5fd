"""A violation planted in every run, to know that this run would have seen one: a suite that is blind is not green.

An answer of the target itself is spoiled on its way to the session, in each of ``SPOILT``'s ways, and goes through the
same sending, checks and observers as every other. What is not caught ends the run with exit code 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx

from contract_tests.description import Envelope, Operation
from contract_tests.drift.echoes import distinct
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.session import Session

UNKNOWN = "x_canary_field"
STATUS = 299
CONTENT = "(the record or records)"  # where that is, the operation says
Spoil = Callable[[int, dict[str, Any], Envelope], tuple[int, Any]]


def _unknown_field(status: int, body: dict[str, Any], _: Envelope) -> tuple[int, Any]:
    return status, {**body, UNKNOWN: True}


def _other_type(status: int, body: dict[str, Any], envelope: Envelope) -> tuple[int, Any]:
    return status, "canary" if envelope.member is None else {**body, envelope.member: "canary"}


def _other_status(status: int, body: dict[str, Any], _: Envelope) -> tuple[int, Any]:
    return STATUS, body


# How an answer is spoilt, with the kind and place of the finding that has to come of it.
SPOILT: tuple[tuple[Spoil, str, str], ...] = (
    (_unknown_field, "field-undocumented", f"/{UNKNOWN}"),
    (_other_type, "response-type", CONTENT),
    (_other_status, "undocumented-status", ""),
)


def uncaught(session: Session, operation: Operation) -> Iterator[str]:
    """What of the planted violations the session's checks did not see, one sentence each.

    ``operation`` is a read that needs nothing; its answer of the moment is what is spoilt. Nothing of it is counted.
    """
    sound = session.send(operation.method.upper(), session.base_url + operation.path, operation=operation)
    if not sound.ok or not isinstance(sound.json, dict):
        yield f"the canary had no answer to spoil: {operation.operation_id} answered {sound.status}"
        return
    for spoil, kind, where in SPOILT:
        status, body = spoil(sound.status, sound.json, operation.envelope)
        place = operation.envelope.pointer if where is CONTENT else where
        found = _found(session, operation, httpx.Response(status, headers=_kept(sound.headers), json=body))
        if (kind, place) not in found:
            yield f"the canary was missed: {kind} at {place or 'the status'} of {operation.operation_id}"


def _found(session: Session, operation: Operation, answer: httpx.Response) -> set[tuple[str, str]]:
    findings = Findings()
    twin = Session(
        session.description,
        session.target,
        session.base_url,
        session.checks,
        findings,
        transport=httpx.MockTransport(lambda request: answer),
    )
    twin.observers.append(Observer(session.description, findings))
    try:
        twin.call(operation.operation_id)
    finally:
        twin.close()
    return {(one.kind, one.pointer) for one in distinct(findings.all())}


def _kept(headers: Any) -> dict[str, str]:
    """The headers of an answer that still hold for another body."""
    gone = {"content-length", "content-encoding", "transfer-encoding"}
    return {name: value for name, value in headers.items() if name not in gone}
