"""Calls to send through two packages: every operation that both have, with many sets of arguments that fit both.

Arguments go by their wire names, so that the names of either package play no part. A set has what is required, and on
top of that nothing, everything, or one more thing with one value: plausible ones, null where it is allowed, the empty
text, zero, false, characters that have to be encoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from scripts.comparison import matching, schema_view
from scripts.comparison.change import Direction
from scripts.comparison.schema_pairs import directions
from scripts.comparison.schema_view import Part, View
from scripts.lint.document import JSON, Document, Operation
from scripts.lint.reading import sequence, text
from scripts.pipeline import pointers
from scripts.pipeline.load import JsonObject

DEPTH = 4
TEXT = 'Ünï & co/ñ+100% "q"?#'
BY_FORMAT = {
    "date-time": "2026-03-01T12:30:45Z",
    "date": "2026-03-01",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "email": "a.b+c@example.com",
    "uri": "https://example.com/a?b=c%20d",
}


@attrs.frozen
class Call:
    """One call: the operation's id in either document, and its arguments; ``body`` is ``None`` for none."""

    before: str
    after: str
    label: str
    path: JsonObject
    query: JsonObject
    header: JsonObject
    body: JsonObject | None


def calls(before: Document, after: Document) -> Iterator[Call]:
    """The calls, in the order of the newer document. An operation that only one document has is left out."""
    for old, new in matching.match(before.operations, after.operations).pairs:
        if old.id and new.id:
            yield from _Pair(before, after, old, new).calls()


class _Pair:
    """The sets of arguments of one operation."""

    def __init__(self, before: Document, after: Document, old: Operation, new: Operation) -> None:
        self._after = after
        self._old, self._new = old, new
        known = {_identity(value) for _, value in old.parameters}
        self._parameters = [
            (pointer, value)
            for pointer, value in new.parameters
            if _identity(value) in known or value.get("required") is True
        ]
        self._required, self._optional = self._fields(_body(after, new), _body(before, old), before)

    def calls(self) -> Iterator[Call]:
        """What is required alone; then one thing more at a time; then everything."""
        path = {text(v.get("name")): self._values(p, v)[0] for p, v in self._parameters if v.get("in") == "path"}
        needed = [(p, v) for p, v in self._parameters if v.get("required") is True and v.get("in") != "path"]
        base: dict[str, JsonObject] = {"path": path, "query": {}, "header": {}}
        for pointer, value in needed:
            base.setdefault(text(value.get("in")), {})[text(value.get("name"))] = self._values(pointer, value)[0]
        body = None if self._required is None else dict(self._required)
        yield self._call("required alone", base, body)
        everything = {where: dict(given) for where, given in base.items()}
        for pointer, value in self._parameters:
            where, name = text(value.get("in")), text(value.get("name"))
            if where not in {"path", "query", "header"}:
                continue
            for one in self._values(pointer, value):
                given = {**base, where: {**base[where], name: one}}
                yield self._call(f"{where} {name}={one!r}", given, body)
            everything[where][name] = self._values(pointer, value)[0]
        full = None if body is None else dict(body)
        for name, values in self._optional.items():
            for one in values:
                yield self._call(f"body {name}={one!r}", base, {**(body or {}), name: one})
            if full is not None:
                full[name] = values[0]
        yield self._call("everything", everything, full)

    def _call(self, label: str, given: dict[str, JsonObject], body: JsonObject | None) -> Call:
        path, query, header = (given[where] for where in ("path", "query", "header"))
        return Call(self._old.id, self._new.id, label, path, query, header, body)

    def _values(self, pointer: str, parameter: dict[str, Any]) -> list[Any]:
        shown = [parameter["example"]] if "example" in parameter else []
        if "schema" not in parameter:
            return [*shown, "text"]
        found = _distinct([*shown, *values(self._after, Part(pointers.join(pointer, "schema"), parameter["schema"]))])
        found = [one for one in found if one is not None]
        if parameter.get("in") == "path":
            return [str(one) for one in found if one not in ("", [])] or ["1"]
        return found

    def _fields(
        self, part: Part | None, other: Part | None, before: Document
    ) -> tuple[JsonObject | None, dict[str, list[Any]]]:
        """The fields of the body that both documents have: those that have to be given, and values for all."""
        if part is None or other is None:
            return None, {}
        view, old = schema_view.view(self._after, part), schema_view.view(before, other)
        sent = {n: p for n, p in view.properties.items() if n in old.properties and _sendable(p, old.properties[n])}
        found = {name: values(self._after, one) for name, one in sent.items()}
        found = {name: some for name, some in found.items() if some}
        needed = (view.required | old.required) & found.keys()
        return {name: found[name][0] for name in sorted(needed)}, found


def _identity(parameter: dict[str, Any]) -> tuple[str, str]:
    return text(parameter.get("in")), "" if parameter.get("in") == "path" else text(parameter.get("name"))


def _sendable(*parts: Part) -> bool:
    return all(Direction.REQUEST in directions(part.value) for part in parts)


def _body(document: Document, operation: Operation) -> Part | None:
    """The schema of the JSON body."""
    for body in document.bodies(operation):
        if body.role == "request" and body.content_type.partition(";")[0] == JSON and "schema" in body.value:
            return Part(pointers.join(body.pointer, "schema"), body.value["schema"])
    return None


def values(document: Document, part: Part, depth: int = 0) -> list[Any]:
    """Values that a schema allows or nearly allows, the most plausible first, none twice."""
    view = schema_view.view(document, part)
    shown = [*sequence(view.keywords.get("examples"))]
    shown += [view.keywords[key] for key in ("example", "default") if view.keywords.get(key) is not None]
    found = [*shown, *(view.enum if view.enum is not None else _made(document, view, depth))]
    if view.nullable:
        found.append(None)
    return _distinct(found)


def _distinct(found: list[Any]) -> list[Any]:
    """The first of equal values; 1 and true are two."""
    distinct: dict[str, Any] = {}
    for one in found:
        distinct.setdefault(repr(one), one)
    return list(distinct.values())


def _made(document: Document, view: View, depth: int) -> Iterator[Any]:
    kinds = view.types or frozenset({"string"} if not view.members else ())
    if "string" in kinds:
        known = BY_FORMAT.get(text(view.keywords.get("format")))
        yield from [known] if known else ["text", "", TEXT]
    if kinds & {"integer", "number"}:
        least = view.keywords.get("minimum", 0)
        yield from (least, least + 7)
        if "number" in kinds:
            yield least + 0.5
    if "boolean" in kinds:
        yield from (True, False)
    if depth >= DEPTH:
        return
    if "array" in kinds:
        inner = values(document, view.items, depth + 1) if view.items is not None else ["text"]
        yield from ([], inner[:1], inner[:3])
    if "object" in kinds:
        yield from _objects(document, view, depth)
    if view.members:
        yield from (one for member in view.members for one in values(document, member, depth + 1)[:2])


def _objects(document: Document, view: View, depth: int) -> Iterator[JsonObject]:
    found = {name: values(document, part, depth + 1) for name, part in view.properties.items() if _sendable(part)}
    yield {name: some[0] for name, some in found.items() if some}
    yield {name: some[0] for name, some in found.items() if some and name in view.required}
    if nulls := {name: None for name, some in found.items() if None in some and name not in view.required}:
        yield {name: some[0] for name, some in found.items() if name in view.required} | nulls
