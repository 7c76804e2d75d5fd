"""The answer's body follows the schema that the description gives for its status, place by place."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.checks.violations import validators
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import NOT_JSON, Exchange


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``response-not-json`` or one ``response-<word>`` per violation (``response-type``, ``response-enum`` …).

    ``response-undocumented`` at the root is a body where a good answer is described to have none.

    5xx is left to ``server_error``, since gateways answer without the envelope, and a 2xx that is not listed to
    ``status``: ``default`` describes refusals, so it says nothing about that body.
    """
    schema = description.response_schema(operation, exchange.status)
    unlisted_success = exchange.ok and exchange.status not in operation.statuses
    if exchange.ok and exchange.body and is_silent(description, operation, exchange.status):
        yield _finding(operation, exchange, "response-undocumented", "", "no body", f"{len(exchange.body)} bytes")
    if schema is None or exchange.status >= 500 or unlisted_success:
        return
    if exchange.json is NOT_JSON:
        observed = f"{len(exchange.body)} bytes that are not JSON" if exchange.body else "no body"
        yield _finding(operation, exchange, "response-not-json", "", "a JSON body", observed)
        return
    for violation in validators(description).violations(schema, exchange.json):
        kind = f"response-{violation.word}"
        yield _finding(operation, exchange, kind, violation.pointer, violation.expected, violation.observed)


def is_silent(description: Description, operation: Operation, status: int) -> bool:
    """Whether a status that is listed is described to have no body."""
    return status in operation.statuses and not (description.response(operation, status) or {}).get("content")


def _finding(
    operation: Operation, exchange: Exchange, kind: str, pointer: str, expected: str, observed: str
) -> Finding:
    return Finding(
        kind=kind,
        operation=operation.operation_id,
        pointer=pointer,
        expected=expected,
        observed=observed,
        severity=Severity.BREAKING,
        check=__name__,
        exchange=exchange,
    )
