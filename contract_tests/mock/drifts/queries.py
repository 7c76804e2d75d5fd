"""Drifts of what query parameters may be: pages, enumerations, what is required."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...description import Description
from ..exchange import Record
from ..parts import Parts
from .changing import obeying, rewrite
from .drift import Drift, Shown
from .find import listing

ACCEPTED = ("invalid-accepted",)


def _pages_without_bounds(_: str, parts: Parts) -> Parts:
    def change(node: Record) -> None:
        if "x-page" in node and isinstance(node.get("schema"), dict):
            node["schema"] = {"type": "integer", "default": node["schema"].get("default", 1)}

    return replace(parts, description=rewrite(parts.description, change))


def _queries_unchecked(_: str, parts: Parts) -> Parts:
    def change(node: Record) -> None:
        if node.get("in") == "query" and "x-page" not in node and "schema" in node:
            node["schema"] = {key: value for key, value in node["schema"].items() if key == "default"}

    return replace(parts, description=rewrite(parts.description, change))


def _smaller_pages(node: Record) -> None:
    if node.get("x-page") == "size":
        node["schema"] = {**node["schema"], "maximum": 50}


def _enum_queries(description: Description) -> Iterator[Shown]:
    for operation in description.operations:
        for raw in operation.parameters:
            schema = description.resolve(raw.get("schema", {}))
            if (
                raw["in"] == "query"
                and not {"x-page", "x-sort"} & set(raw)
                and ("enum" in schema or schema.get("type") == "integer")
            ):
                # What such a value makes of the server may be a 500 as well, which names no parameter.
                yield Shown("", (operation.operation_id,))


def _queries_optional(_: str, parts: Parts) -> Parts:
    def change(node: Record) -> None:
        if node.get("in") == "query":
            node.pop("required", None)

    return replace(parts, description=rewrite(parts.description, change))


def _needed_queries(description: Description) -> Iterator[Shown]:
    for operation in description.operations:
        if any(raw["in"] == "query" and raw.get("required") for raw in operation.parameters):
            yield Shown("", (operation.operation_id,))


DRIFTS = (
    Drift(
        "accept-any-page",
        "checks no bounds of pages",
        _pages_without_bounds,
        (*ACCEPTED, "page-meta", "server-error"),
        listing("x-page"),
    ),
    Drift(
        "accept-any-query",
        "checks no value of a query parameter",
        _queries_unchecked,
        (*ACCEPTED, "server-error"),
        _enum_queries,
    ),
    Drift(
        "accept-missing-parameter",
        "requires no query parameter",
        _queries_optional,
        (*ACCEPTED, "server-error"),
        _needed_queries,
    ),
    Drift(
        "smaller-pages",
        "pages have at most 50 records",
        obeying(_smaller_pages),
        ("valid-request-refused",),
        listing("x-page"),
    ),
)
