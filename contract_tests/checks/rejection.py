"""A request that plainly breaks the description is refused: what is let through is stored."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.checks.request_validity import judge
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``invalid-accepted``, one per place in the request that should have been refused."""
    if not exchange.ok:
        return
    for fault in judge(description, operation, exchange).faults:
        yield Finding(
            kind="invalid-accepted",
            operation=operation.operation_id,
            pointer=fault.pointer,
            expected=f"a refusal, since {fault.expected} is described",
            observed=f"{exchange.status} for {fault.observed}",
            severity=Severity.DEGRADED,
            check=__name__,
            exchange=exchange,
        )
