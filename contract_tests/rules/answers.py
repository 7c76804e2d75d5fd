"""Reading an answer: its record, its records, its error codes; whatever is malformed reads as nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.exchange import Exchange

Record = dict[str, Any]


def record_of(exchange: Exchange) -> Record | None:
    """The record of an answer for one; None when there is no object in its place."""
    data = exchange.content
    return dict(data) if isinstance(data, Mapping) else None


def records_of(exchange: Exchange) -> list[Record]:
    """The records of a list answer; empty when there is no list."""
    data = exchange.content
    return [dict(item) for item in data if isinstance(item, Mapping)] if isinstance(data, list) else []


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
