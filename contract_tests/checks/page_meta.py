"""What a list says of its page adds up: the pages follow from results and size, and no page is longer than its size.

Its number and its size repeat what was asked for, where that was a plain number in the described range.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange

FACTS = ("pages", "total", "number", "size")
ASKED = ("number", "size")


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``page-meta`` for each member that does not fit."""
    envelope, records = exchange.envelope, exchange.content
    if not exchange.ok or not isinstance(records, list) or "total" not in envelope.page:
        return
    told = {what: exchange.page(what) for what in FACTS if what in envelope.page}
    if not all(type(value) is int for value in told.values()):
        # Absent or of another type: the checks of schema and of fields that never come say so.
        return
    asked = dict(requested(operation, exchange.url))
    faults = [*arithmetic({**asked, **told}, len(records)), *echo(told, asked)]
    for what, expected in faults:
        yield Finding(
            kind="page-meta",
            operation=operation.operation_id,
            pointer=envelope.page_pointer(what) if what in told else envelope.pointer,
            expected=expected,
            observed=str(told.get(what, f"{len(records)} records")),
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )


def arithmetic(told: Mapping[str, int], shown: int) -> Iterator[tuple[str, str]]:
    """What contradicts itself or the number of records shown: (which, what it should be)."""
    total, number, size = told["total"], told.get("number"), told.get("size")
    if total < 0:
        yield "total", "0 or more"
        return
    if size is None:
        return
    if size < 1:
        yield "size", "1 or more"
        return
    wanted = math.ceil(total / size)
    if told.get("pages", wanted) != wanted:
        yield "pages", f"{wanted} (for {total} results, {size} a page)"
    if number is None or number < 1:
        return
    due = min(size, max(0, total - (number - 1) * size))
    if shown != due:
        yield "records", f"{due} records on page {number}"


def echo(told: Mapping[str, int], asked: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What does not repeat what the request asked for."""
    for what in ASKED:
        if what in told and told[what] != asked.get(what, told[what]):
            yield what, str(asked[what])


def requested(operation: Operation, url: str) -> Iterator[tuple[str, int]]:
    """The page's number and size that a request names in plain numbers within their range."""
    asked = parse_qsl(urlsplit(url).query)
    for parameter in operation.parameters:
        values = [value for name, value in asked if name == parameter["name"]]
        plain = parameter.get("x-page") in ASKED and len(values) == 1 and re.fullmatch(r"[1-9][0-9]{0,8}", values[0])
        if plain and _in_range(int(values[0]), parameter["schema"]):
            yield parameter["x-page"], int(values[0])


def _in_range(value: int, schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
