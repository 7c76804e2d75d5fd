"""The answer's media type is one that the description gives for its status, and its charset is UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange

POINTER = "header:content-type"


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``content-type`` for a missing or other media type, or for a charset that is not UTF-8."""
    response = description.response(operation, exchange.status)
    described = sorted((response or {}).get("content", {}))
    if not described or exchange.status >= 500:
        return
    expected = " or ".join(described)
    raw = exchange.headers.get("content-type")
    if raw is None:
        yield _finding(operation, exchange, expected, "no content-type")
        return
    media, charset = parse(raw)
    if media not in described:
        yield _finding(operation, exchange, expected, raw)
    elif charset not in {None, "utf-8", "utf8"}:
        yield _finding(operation, exchange, "charset utf-8", f"charset {charset}")


def parse(header: str) -> tuple[str, str | None]:
    """Media type and charset of a content-type header, in lower case."""
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset")
    return message.get_content_type(), charset.lower() if isinstance(charset, str) else None


def _finding(operation: Operation, exchange: Exchange, expected: str, observed: str) -> Finding:
    return Finding(
        kind="content-type",
        operation=operation.operation_id,
        pointer=POINTER,
        expected=expected,
        observed=observed,
        severity=Severity.BREAKING,
        check=__name__,
        exchange=exchange,
    )
