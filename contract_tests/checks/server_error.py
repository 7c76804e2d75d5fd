"""No request, however odd, is answered with a status of 500 or more."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``server-error``; an answer that never came is the business of ``contract_tests.interruption``."""
    if exchange.status >= 500:
        yield Finding(
            kind="server-error",
            operation=operation.operation_id,
            pointer="",
            expected="an answer below 500",
            observed=f"status {exchange.status}",
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )
