"""Findings are tried again at the end: one that shows each time is steady, one that shows now and then is intermittent.

Only what changes nothing is repeated: reads that were sent as described. A deviation that does not show again stays a
finding, since one answer in five that is wrong is wrong; what the replays showed is said beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from contract_tests.description import Operation
from contract_tests.drift.finding import Finding, Findings
from contract_tests.drift.observe import Observer
from contract_tests.exchange import Exchange
from contract_tests.session import Session

READ = ("read",)
# Times that one finding is tried again, and findings that are: enough to tell 1 in 5 from always.
TRIES, MOST = 5, 40


def confirm(session: Session, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> int:
    """Repeat the exchanges of findings and note how often each deviation shows again; how many were tried.

    It ends after ``seconds``, or when the target stops answering: what was found is known by then.
    """
    until, tried = clock() + seconds, 0
    for finding in session.findings.all():
        operation = _repeatable(session, finding)
        if operation is None:
            continue
        if tried == MOST or clock() > until:
            break
        replays = shown = 0
        assert finding.exchange is not None
        for _ in range(TRIES):
            again = session.repeat(finding.exchange, operation)
            if again.status == 0:
                return tried
            if again.status == finding.exchange.status or finding.pointer == "":
                replays += 1
                shown += finding.fingerprint in fingerprints(session, operation, again)
        if replays:
            tried += 1
            session.findings.update(replace(finding, replays=replays, replays_shown=shown))
    return tried


def fingerprints(session: Session, operation: Operation, exchange: Exchange) -> set[str]:
    """The identities of what the checks and the observer of fields find in one exchange, noted nowhere."""
    found = Findings()
    for check in session.checks:
        for finding in check(session.description, operation, exchange):
            found.add(finding)
    Observer(session.description, found)(operation, exchange)
    return {finding.fingerprint for finding in found.all()}


def _repeatable(session: Session, finding: Finding) -> Operation | None:
    """The operation of a finding whose exchange shows it by itself and may be sent again; None otherwise."""
    exchange = finding.exchange
    operation = session.description.by_id.get(finding.operation)
    if exchange is None or operation is None or operation.effects != READ or exchange.status == 0:
        return None
    if exchange.method != operation.method.upper():
        return None
    return operation if finding.fingerprint in fingerprints(session, operation, exchange) else None
