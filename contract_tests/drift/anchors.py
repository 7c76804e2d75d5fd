"""The place in the description that a finding contradicts, as a pointer ``#/…`` into the effective description.

Operations share schemas, parameters, headers and responses. A place inside a shared component is one place however
many operations show it, which is what makes one root cause one finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract_tests.description import JSON, Description, Operation
from contract_tests.drift.finding import Finding
from scripts.pipeline import pointers

# Kinds that are about what a named enum lists, so about the enum itself and not about a field that uses it.
ABOUT_THE_TYPE = frozenset({"response-enum", "webhook-enum"})
POSITION = re.compile(r"\*|\d+")


def anchor(description: Description, finding: Finding, *, follow: bool = True) -> str:
    """Where the description says otherwise; a member that nobody described is placed where it would stand.

    ``follow``: of an enum that a field refers to, the enum itself and not the field. The operation itself when nothing
    nearer is known, and an empty text when the operation is none.
    """
    operation = description.named(finding.operation)
    if operation is None:
        return ""
    there = f"#/paths/{pointers.escape(operation.path)}/{operation.method}"
    if finding.operation in description.webhooks:
        there = f"#/webhooks/{pointers.escape(operation.path)}/{operation.method}"
    scheme, _, rest = finding.pointer.partition(":")
    follow = follow and finding.kind in ABOUT_THE_TYPE
    if scheme == "query" or finding.pointer.startswith("request:path"):
        return _parameter(description, operation, rest if scheme == "query" else "", there)
    if scheme == "header":
        return _header(description, finding, rest, there)
    if finding.pointer.startswith("request:/"):
        start = media(description, f"{there}/requestBody")
        return _walk(description, start, pointers.split(rest), follow=follow) if start else there
    if finding.pointer.startswith("/"):
        start = media(description, _response(operation, finding, there))
        return _walk(description, start, pointers.split(finding.pointer), follow=follow) if start else there
    return there


def shared(pointer: str) -> bool:
    """Whether a place stands in a component, so that it is the same one for every operation that uses it."""
    return pointer.startswith("#/components/")


def resolved(description: Description, pointer: str) -> tuple[str, Any]:
    """The place and the value at ``pointer`` with references followed; None as value when nothing is there."""
    node = _at(description.document, pointer)
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"]
        node = _at(description.document, pointer)
    return pointer, node


def status_of(finding: Finding) -> int:
    """The status of the answer that shows a finding, 200 where none is at hand."""
    return finding.exchange.status if finding.exchange else 200


def _response(operation: Operation, finding: Finding, there: str) -> str:
    return f"{there}/responses/{answer_for(operation, status_of(finding))}"


def answer_for(operation: Operation, status: int) -> str:
    """The key of the described answer that one with this status is held against."""
    if status not in operation.statuses and 200 <= status < 300 and operation.success_statuses:
        # ``default`` describes refusals; a success that nobody listed is held against the one that was.
        return str(min(operation.success_statuses))
    return str(status) if status in operation.statuses else "default"


def media(description: Description, pointer: str) -> str:
    """The pointer of the JSON schema below a response or a request body; empty when there is none."""
    place, node = resolved(description, pointer)
    content = node.get("content", {}) if isinstance(node, Mapping) else {}
    return f"{place}/content/{pointers.escape(JSON)}/schema" if "schema" in content.get(JSON, {}) else ""


def _walk(description: Description, start: str, tokens: tuple[str, ...], *, follow: bool) -> str:
    """Follow a pointer into a value through the schema that describes the value."""
    place = start
    for token in tokens:
        found = next(_below(description, place, token), None)
        if found is None:
            holder = next(_objects(description, place), None)
            return f"{holder}/properties/{pointers.escape(token)}" if holder else resolved(description, place)[0]
        place = found
    if follow:
        # A nullable enum is written as an alternative: go on to the one that lists values.
        listing = [at for at, node in parts(description, place) if "enum" in node or "const" in node]
        return listing[0] if listing else place
    return place


def _below(description: Description, place: str, token: str) -> Iterator[str]:
    for at, node in parts(description, place):
        if POSITION.fullmatch(token) and "items" in node:
            yield f"{at}/items"
        if token in node.get("properties", {}):
            yield f"{at}/properties/{pointers.escape(token)}"


def _objects(description: Description, place: str) -> Iterator[str]:
    return (at for at, node in parts(description, place) if "properties" in node or node.get("type") == "object")


def below(description: Description, start: str, tokens: Iterable[str]) -> str | None:
    """The place in a schema that describes what stands at these tokens of a value; None for what it lacks."""
    place: str | None = start
    for token in tokens:
        place = next(_below(description, place, token), None) if place is not None else None
    return place


def parts(description: Description, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A schema with references followed, and the parts that it is composed of."""
    at, node = resolved(description, place)
    if not isinstance(node, Mapping):
        return
    yield at, node
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index in range(len(node.get(keyword, ()))):
            yield from parts(description, f"{at}/{keyword}/{index}")


def _parameter(description: Description, operation: Operation, name: str, there: str) -> str:
    """The parameter of that name; with an empty one the first parameter of the path."""
    for base in (there, there.rpartition("/")[0]):
        for index, _ in enumerate(_at(description.document, f"{base}/parameters") or ()):
            place, node = resolved(description, f"{base}/parameters/{index}")
            if node["name"] == name or (not name and node["in"] == "path"):
                return place
    return there


def _header(description: Description, finding: Finding, name: str, there: str) -> str:
    operation = description.by_id[finding.operation]
    place, node = resolved(description, _response(operation, finding, there))
    for known in node.get("headers", {}) if isinstance(node, Mapping) else ():
        if known.lower() == name.lower():
            return resolved(description, f"{place}/headers/{pointers.escape(known)}")[0]
    return place if node is not None else there


def _at(document: Any, pointer: str) -> Any:
    try:
        return pointers.follow(document, pointer.removeprefix("#"))
    except pointers.PointerToNowhere:
        return None
