"""No object of an answer names a member twice: JSON parsers differ in which one they keep (RFC 8259, section 4)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from contract_tests.checks.violations import pointer
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import NOT_JSON, Exchange


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``response-duplicate-key`` for the first place of each name that an object holds twice."""
    if exchange.status >= 500 or exchange.json is NOT_JSON:
        return
    for place in repeated(exchange.body):
        yield Finding(
            kind="response-duplicate-key",
            operation=operation.operation_id,
            pointer=place,
            expected="each member once",
            observed="the same name twice in one object",
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )


class _Object(dict[str, Any]):
    """An object as parsed, and the names that came more than once."""

    twice: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=512)
def repeated(body: bytes) -> tuple[str, ...]:
    """Pointers to the members of a JSON text whose names stand twice in one object; list positions as they are."""
    found = False

    def made(pairs: list[tuple[str, Any]]) -> _Object:
        nonlocal found
        one = _Object(pairs)
        if len(one) != len(pairs):
            names = [name for name, _ in pairs]
            one.twice = frozenset(name for name in names if names.count(name) > 1)
            found = True
        return one

    whole = json.loads(body, object_pairs_hook=made)
    return tuple(sorted(_places(whole, ()))) if found else ()


def _places(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, _Object):
        yield from (pointer((*path, name)) for name in value.twice)
        for name, item in value.items():
            yield from _places(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _places(item, (*path, str(position)))
