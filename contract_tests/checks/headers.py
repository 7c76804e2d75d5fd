"""The headers that the description gives for an answer are there, and have the described form.

Rate limits as measured on the API: ``x-ratelimit-limit: 40, 40;w=60``, ``x-ratelimit-remaining: 39``,
``x-ratelimit-reset: 15`` (seconds). OpenAPI lets a described header be absent unless it is ``required``; callers
need ``x-request-id`` on every answer and the rate-limit trio on a 429, so an absent one is ``degraded``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.checks.violations import validators
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange

LIMIT = re.compile(r"\d+(, \d+;w=\d+)*")


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``header-missing`` and ``header-value``."""
    if exchange.status >= 500:
        return
    response = description.response(operation, exchange.status) or {}
    for name, node in response.get("headers", {}).items():
        header = description.resolve(node)
        value = exchange.headers.get(name.lower())
        if value is None:
            required = bool(header.get("required"))
            yield _finding(operation, exchange, "header-missing", name, "a value", "absent", required)
            continue
        problem = fault(description, name, header.get("schema", {}), value) or beyond(name, value, exchange.headers)
        if problem:
            yield _finding(operation, exchange, "header-value", name, problem, value, True)


def fault(description: Description, name: str, schema: Mapping[str, Any], value: str) -> str:
    """What a header's value should have been; empty when it is fine."""
    if name.lower() == "x-ratelimit-limit" and not LIMIT.fullmatch(value):
        return "a quota such as 40, 40;w=60"
    if name.lower() == "x-request-id" and not value.strip():
        return "an identifier"
    kind = description.resolve(schema).get("type")
    typed: Any = value
    if kind == "integer":
        if not re.fullmatch(r"-?\d+", value):
            return "an integer"
        typed = int(value)
    violations = validators(description).violations(schema, typed)
    return violations[0].expected if violations else ""


def beyond(name: str, value: str, headers: Mapping[str, str]) -> str:
    """What a rate-limit header should have been, next to the quota that stands beside it; empty when it fits.

    ``40, 40;w=60`` is a quota of 40 in a window of 60 s: no more than 40 remain, and it is whole again within 60 s.
    """
    quota = headers.get("x-ratelimit-limit", "")
    if not LIMIT.fullmatch(quota) or not value.isascii() or not value.isdigit():
        return ""
    windows = [int(seconds) for seconds in re.findall(r";w=(\d+)", quota)]
    most = {"x-ratelimit-remaining": int(quota.partition(",")[0]), "x-ratelimit-reset": max(windows, default=None)}
    limit = most.get(name.lower())
    return f"{limit} at most, for the quota {quota}" if limit is not None and int(value) > limit else ""


def _finding(
    operation: Operation, exchange: Exchange, kind: str, name: str, expected: str, observed: str, breaking: bool
) -> Finding:
    return Finding(
        kind=kind,
        operation=operation.operation_id,
        pointer=f"header:{name.lower()}",
        expected=expected,
        observed=observed,
        severity=Severity.BREAKING if breaking else Severity.DEGRADED,
        check=__name__,
        exchange=exchange,
    )
