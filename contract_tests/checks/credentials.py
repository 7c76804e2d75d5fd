"""Only the right token opens anything: an answer below 400 to any other credentials is a hole.

A mock that was started without a key takes every token and says so with ``x-mock-credentials: any``; nothing can be
said about wrong tokens there, but a missing one is still refused. A live target is no mock, whatever it sends: its word
excuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange
from contract_tests.session import Check

ANY = "x-mock-credentials"


def token_of(exchange: Exchange) -> str | None:
    """The Authorization header that was sent, None without one."""
    return next((value for name, value in exchange.request_headers.items() if name.lower() == "authorization"), None)


def takes_any(exchange: Exchange, *, live: bool) -> bool:
    """Whether a bearer token was sent to a mock that says it takes every one; ``live`` targets are not believed."""
    return not live and exchange.headers.get(ANY) == "any" and (token_of(exchange) or "").startswith("Bearer ")


def checker(token: str, *, live: bool = False) -> Check:
    """The check for a run whose right token is ``token``, on a target that is ``live`` or may be a mock."""

    def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
        """``wrong-token-accepted`` and ``missing-token-accepted``."""
        sent = token_of(exchange)
        if sent == f"Bearer {token}" or not 200 <= exchange.status < 400:
            return
        if takes_any(exchange, live=live):
            return
        yield Finding(
            kind="wrong-token-accepted" if sent else "missing-token-accepted",
            operation=operation.operation_id,
            pointer="request:header:authorization",
            expected="status 401",
            observed=f"status {exchange.status}",
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )

    return check
