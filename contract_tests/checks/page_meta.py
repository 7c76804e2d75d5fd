"""The ``meta`` of a list adds up: ``total_pages`` follows from results and size, and no page is longer than its size.

``page_number`` and ``page_size`` repeat what was asked for, where that was a plain number in the described range.
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

FIELDS = ("total_pages", "total_results", "page_number", "page_size")


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``page-meta`` for each field that does not fit."""
    body = exchange.json
    if not exchange.ok or not isinstance(body, dict) or not isinstance(body.get("data"), list):
        return
    meta = body.get("meta")
    if not isinstance(meta, dict) or not all(type(meta.get(field)) is int for field in FIELDS):
        # Absent or of another type: the checks of schema and of fields that never come say so.
        return
    faults = [*arithmetic(meta, len(body["data"])), *echo(operation, exchange.url, meta)]
    for field, expected in faults:
        yield Finding(
            kind="page-meta",
            operation=operation.operation_id,
            pointer=f"/meta/{field}" if field in FIELDS else f"/{field}",
            expected=expected,
            observed=str(meta.get(field, f"{len(body['data'])} records")),
            severity=Severity.BREAKING,
            check=__name__,
            exchange=exchange,
        )


def arithmetic(meta: Mapping[str, int], shown: int) -> Iterator[tuple[str, str]]:
    """Fields that contradict each other or the number of records shown: (field, what it should be)."""
    pages, results, number, size = (meta[field] for field in FIELDS)
    if results < 0:
        yield "total_results", "0 or more"
        return
    if size < 1:
        yield "page_size", "1 or more"
        return
    wanted = math.ceil(results / size)
    if pages != wanted:
        yield "total_pages", f"{wanted} (for {results} results, {size} a page)"
    due = min(size, max(0, results - (number - 1) * size))
    if number >= 1 and shown != due:
        yield "data", f"{due} records on page {number}"


def echo(operation: Operation, url: str, meta: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Fields of ``meta`` that do not repeat what the request asked for."""
    asked = parse_qsl(urlsplit(url).query)
    for parameter in operation.parameters:
        field = {"number": "page_number", "size": "page_size"}.get(parameter.get("x-page", ""))
        values = [value for name, value in asked if name == parameter["name"]]
        if field is None or len(values) != 1 or not re.fullmatch(r"[1-9][0-9]{0,8}", values[0]):
            continue
        if _in_range(int(values[0]), parameter["schema"]) and meta[field] != int(values[0]):
            yield field, values[0]


def _in_range(value: int, schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
