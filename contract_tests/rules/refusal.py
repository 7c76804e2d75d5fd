"""What makes a refusal right: a client error, the documented status and code, and the name of what was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contract_tests.description import Operation
from contract_tests.drift.finding import Severity
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import codes_of, errors_of, outcome
from contract_tests.rules.bench import Bench

# Client errors that judge the content of a request; 401, 403, 404, 405 and 429 judge something else.
JUDGING = frozenset({400, 409, 413, 415, 422})


def refused(
    bench: Bench,
    exchange: Exchange,
    *,
    place: str,
    fault: str,
    kind: str = "invalid-accepted",
    allowed: Iterable[tuple[int, str]] = (),
) -> bool:
    """Judge that a request was refused; ``allowed`` are the only right statuses and codes, empty means any 4xx.

    A request that was not refused is a finding of ``kind``, one that was refused otherwise a ``wrong-refusal``.
    ``place`` names the fault in findings, ``fault`` says in words what was wrong with the request.
    """
    pairs = tuple(allowed)
    if pairs:
        right = any(answers(exchange, status, code) for status, code in pairs)
        wanted = " or ".join(f"{status} ({code})" for status, code in pairs)
    else:
        right = exchange.status in JUDGING
        wanted = "a 4xx answer"
    return bench.expect(
        right,
        kind if exchange.ok else "wrong-refusal",
        exchange,
        pointer=place,
        expected=f"{wanted}: {fault}",
        observed=outcome(exchange),
    )


def answers(exchange: Exchange, status: int, code: str) -> bool:
    """Whether an answer has this status and code. Without any entry only the status counts.

    That the envelope is missing is one deviation, which the session's checks report; it would be a hundred here.
    """
    return exchange.status == status and (code in codes_of(exchange) or not errors_of(exchange))


def by_rule(operation: Operation, exchange: Exchange) -> bool:
    """Whether each entry of a refusal is one that the description allows for valid requests, wherever it points."""
    rules = {rule.code for rule in operation.rule_errors if rule.status == exchange.status}
    codes = set(codes_of(exchange))
    return bool(codes) and codes <= rules


def ruled_out(operation: Operation, exchange: Exchange, names: Iterable[str]) -> bool:
    """Whether a refusal is one that the description allows for valid requests (``x-rule-errors``).

    It has to point at one of the fields: a rule about something else would hide that a field is never taken. Each of
    its entries has to be such a refusal: one that is not says that something else was refused, too.
    """
    if not by_rule(operation, exchange):
        return False
    places = [str(_source(entry).get("pointer")) for entry in errors_of(exchange)]
    return any(place == f"/{name}" or place.startswith(f"/{name}/") for name in names for place in places)


def names_field(bench: Bench, exchange: Exchange, pointer: str) -> bool:
    """Judge that an entry of a refusal points at ``pointer`` (RFC 6901, into the request's body) or below it.

    A refusal without any entry is not judged: the session's checks say that its envelope is missing.
    """
    if not errors_of(exchange):
        return False
    named = [str(_source(entry).get("pointer")) for entry in errors_of(exchange)]
    return bench.expect(
        any(one == pointer or one.startswith(f"{pointer}/") for one in named),
        "refusal-names-no-field",
        exchange,
        pointer=f"request:{pointer}",
        expected=f"errors[].source.pointer {pointer}",
        observed=", ".join(named) or "no entries",
        severity=Severity.DEGRADED,
    )


def names_parameter(bench: Bench, exchange: Exchange, name: str) -> bool:
    """Judge that an entry of a refusal, if it has any, names the query parameter."""
    if not errors_of(exchange):
        return False
    named = [str(_source(entry).get("parameter")) for entry in errors_of(exchange)]
    return bench.expect(
        name in named,
        "refusal-names-no-parameter",
        exchange,
        pointer=f"query:{name}",
        expected=f"errors[].source.parameter {name}",
        observed=", ".join(named) or "no entries",
        severity=Severity.DEGRADED,
    )


def _source(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    source = entry.get("source")
    return source if isinstance(source, Mapping) else {}
