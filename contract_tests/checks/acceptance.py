"""A request that keeps to the description is accepted, or refused for a reason that the description names.

Those reasons are the operation's ``x-rule-errors`` and ``x-blocked-by``, and the ``x-missing-error`` of fields that
an update needs while the record has none. 404 is always possible where the path holds an id, 429 everywhere; 401
is judged where the credentials are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.checks.error_envelope import codes_of
from contract_tests.checks.request_validity import Verdict, judge
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange

# 401 depends on the credentials, 429 on the clock, 5xx is a finding of its own; 404 needs a path with an id.
ELSEWHERE = frozenset({401, 429})


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``valid-request-refused`` for a 4xx whose status and code no rule of the operation names."""
    if not 400 <= exchange.status < 500 or exchange.status in ELSEWHERE or exchange.status not in operation.statuses:
        return
    if exchange.status == 404 and "{" in operation.path:
        return
    codes = codes_of(exchange.json)
    allowed = refusals(description, operation)
    if codes and all((exchange.status, code) in allowed for code in codes):
        return
    if judge(description, operation, exchange).verdict is not Verdict.VALID:
        return
    named = ", ".join(f"{status} {code}" for status, code in sorted(allowed))
    yield Finding(
        kind="valid-request-refused",
        operation=operation.operation_id,
        pointer=blamed(exchange),
        expected="a valid request to be accepted" + (f", or refused with {named}" if named else ""),
        observed=" ".join([str(exchange.status), *codes]),
        severity=Severity.BREAKING,
        check=__name__,
        exchange=exchange,
    )


def refusals(description: Description, operation: Operation) -> frozenset[tuple[int, str]]:
    """Status and code of every refusal that a valid request to ``operation`` may meet."""
    found = {(rule.status, rule.code) for rule in operation.rule_errors}
    found |= {(block.status, block.code) for block in operation.blocked_by}
    schema = description.request_schema(operation)
    for field in description.properties(schema or {}).values():
        missing = field.get("x-missing-error")
        if missing and field.get("x-required-while-unset"):
            found.add((missing["status"], str(missing["code"])))
    return frozenset(found)


def blamed(exchange: Exchange) -> str:
    """The part of the request that the first error of the answer points at, in the writing of findings."""
    body = exchange.json
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    source = first.get("source")
    if not isinstance(source, dict):
        return "request:"
    if isinstance(source.get("parameter"), str):
        return f"query:{source['parameter']}"
    pointer = source.get("pointer")
    return f"request:/{pointer.removeprefix('/')}" if isinstance(pointer, str) else "request:"
