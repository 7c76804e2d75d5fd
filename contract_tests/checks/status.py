"""The status is one that the operation lists by itself: ``default`` promises a shape, not every status there is."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``undocumented-status`` for a status from 100 to 499 that the operation does not list.

    5xx is the business of ``server_error``; a 405 belongs to requests with another method, which are not recorded
    as this operation's.
    """
    if 100 <= exchange.status < 500 and exchange.status not in operation.statuses:
        listed = ", ".join(map(str, sorted(operation.success_statuses if exchange.ok else operation.statuses)))
        yield Finding(
            kind="undocumented-status",
            operation=operation.operation_id,
            pointer="",
            expected=f"status {listed}",
            observed=f"status {exchange.status}",
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )
