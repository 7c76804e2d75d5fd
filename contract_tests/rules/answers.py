"""Reading an answer: its record, its records, its error codes; whatever is malformed reads as nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.exchange import Exchange

Record = dict[str, Any]


class Shown(dict[str, Any]):
    """A record as an answer shows it; two operations may show different members of one record.

    ``operation_id`` is the operation that answered, empty for a request that is not described.
    """

    __slots__ = ("operation_id",)

    def __init__(self, record: Mapping[str, Any], operation_id: str) -> None:
        super().__init__(record)
        self.operation_id = operation_id


def record_of(exchange: Exchange) -> Shown | None:
    """The record of an answer for one; None when there is no object in its place."""
    data = exchange.content
    return Shown(data, exchange.operation_id) if isinstance(data, Mapping) else None


def records_of(exchange: Exchange) -> list[Record]:
    """The records of a list answer; empty when there is no list."""
    data = exchange.content
    if not isinstance(data, list):
        return []
    return [Shown(item, exchange.operation_id) for item in data if isinstance(item, Mapping)]


def errors_of(exchange: Exchange) -> list[Mapping[str, Any]]:
    """The entries of an error answer; empty when the envelope is missing."""
    entries = exchange.json.get("errors") if isinstance(exchange.json, Mapping) else None
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def codes_of(exchange: Exchange) -> list[str]:
    """The codes of an error answer, as they came."""
    return [str(entry.get("code")) for entry in errors_of(exchange)]


def outcome(exchange: Exchange) -> str:
    """``422 (10004)``: status and codes of an answer."""
    codes = codes_of(exchange)
    return f"{exchange.status} ({', '.join(codes)})" if codes else str(exchange.status)
