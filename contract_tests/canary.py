"""A violation planted in every run, to know that this run would have seen one: a suite that is blind is not green.

An answer that the target gave is spoiled in each of ``SPOILT``'s ways and goes through the same session, checks and
observer of fields as every other. What is not caught ends the run with exit code 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx

from contract_tests.description import Operation
from contract_tests.drift.echoes import distinct
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.envelope import Envelope
from contract_tests.exchange import Exchange
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


class Canary:
    """Keeps a good answer of the run to spoil (give it to ``Session.observers``); ``uncaught`` lets the canary fly."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._specimen: tuple[Operation, Exchange] | None = None
        self._sound = False

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Keep the first good answer that the checks had nothing against, or the first good one at all."""
        if self._sound or exchange.status not in operation.success_statuses or not isinstance(exchange.json, dict):
            return
        self._sound = not self._session.faults(exchange)
        if self._sound or self._specimen is None:
            self._specimen = operation, exchange

    def uncaught(self) -> Iterator[str]:
        """What of the planted violations the session's checks did not see, one sentence each. Nothing of it is counted.

        A run without any good answer has nothing to spoil: that it exercised too little is said elsewhere.
        """
        if self._specimen is None:
            return
        operation, sound = self._specimen
        for spoil, kind, where in SPOILT:
            place = operation.envelope.pointer if where is CONTENT else where
            status, body = spoil(sound.status, sound.json, operation.envelope)
            answer = httpx.Response(status, headers=_kept(sound), json=body)
            if (kind, place) not in _found(self._session, operation, sound, answer):
                yield f"the canary was missed: {kind} at {place or 'the status'} of {operation.operation_id}"


def _found(session: Session, operation: Operation, sound: Exchange, answer: httpx.Response) -> set[tuple[str, str]]:
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
        twin.record(operation, twin.repeat(sound, operation))
    finally:
        twin.close()
    return {(one.kind, one.pointer) for one in distinct(findings.all())}


def _kept(exchange: Exchange) -> dict[str, str]:
    """The headers of an answer that still hold for another body."""
    gone = {"content-length", "content-encoding", "transfer-encoding"}
    return {name: value for name, value in exchange.headers.items() if name not in gone}
