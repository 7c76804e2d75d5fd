"""What differs between two operations: address, parameters, bodies, answers, security, servers."""

from __future__ import annotations

import re
from typing import Any

from scripts.comparison import schema_pairs
from scripts.comparison.change import Direction
from scripts.comparison.matching import template
from scripts.comparison.message_pairs import MessagePairs
from scripts.comparison.schema_view import Part
from scripts.comparison.structure import Unit, Walk
from scripts.lint.document import Document, Operation
from scripts.lint.reading import mapping, sequence, text, texts
from scripts.pipeline import pointers

# The specification has these header parameters ignored (OpenAPI 3.1.1, section 4.8.12.1).
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


class OperationPairs(MessagePairs):
    """Adds the differences of operations to a walk; ``names`` as for the walk."""

    def __init__(self, walk: Walk, *, names: bool = True) -> None:
        super().__init__(walk)
        self._names = names

    def compare(self, before: Operation, after: Operation) -> Unit:
        """The unit of one pair of operations."""
        unit = Unit()
        self._address(unit, before, after)
        self._texts(unit, before, after)
        self._security(unit, before, after)
        self._servers(unit, before, after)
        self._parameters(unit, before, after)
        self._request(unit, before, after)
        self._responses(unit, before, after)
        self._callbacks(unit, before, after)
        return unit

    def _address(self, unit: Unit, before: Operation, after: Operation) -> None:
        old, new = _part(before), _part(after)
        if before.method != after.method or template(before.path) != template(after.path):
            self._add(unit, ("operation-moved", "address", before.label, after.label), old, new)
        if not self._names:
            return
        if before.id != after.id:
            self._add(unit, ("operation-renamed", "operationId", before.id, after.id), old, new, "operationId")
        tags = [next(iter(texts(one.value.get("tags"))), None) for one in (before, after)]
        if tags[0] != tags[1]:
            self._add(unit, ("tag-changed", "first tag", tags[0], tags[1]), old, new, "tags")

    def _texts(self, unit: Unit, before: Operation, after: Operation) -> None:
        for raw in schema_pairs.described(before.value, after.value):
            self._add(unit, (raw.kind, "operation", raw.before, raw.after), _part(before), _part(after), *raw.way)
        old, new = before.value.get("summary"), after.value.get("summary")
        if old != new:
            found = ("description-changed", "operation", old, new)
            self._add(unit, found, _part(before), _part(after), "summary")

    def _security(self, unit: Unit, before: Operation, after: Operation) -> None:
        old, new = _security(self._walk.before, before), _security(self._walk.after, after)
        if old != new:
            open_before, open_after = frozenset() in old, frozenset() in new
            relaxed = old < new or (open_after and not open_before)
            tightened = new < old or (open_before and not open_after)
            kind = f"security-{'relaxed' if relaxed else 'tightened' if tightened else 'changed'}"
            found = (kind, "security", _secured(old), _secured(new))
            self._add(unit, found, _part(before), _part(after), "security")

    def _servers(self, unit: Unit, before: Operation, after: Operation) -> None:
        old, new = _servers(self._walk.before, before), _servers(self._walk.after, after)
        if old[:1] != new[:1]:
            kind = "server-changed"
        elif old != new:
            kind = "server-removed" if set(old) - set(new) else "server-added"
        else:
            return
        self._add(unit, (kind, "servers", list(old), list(new)), _part(before), _part(after), "servers")

    def _parameters(self, unit: Unit, before: Operation, after: Operation) -> None:
        old, new = _parameters(before), _parameters(after)
        for key, part in old.items():
            if key not in new:
                found = ("parameter-removed", _called(part), part.value, None)
                self._add(unit, found, part, Part(after.pointer, None))
        for key, part in new.items():
            if key not in old:
                kind = "required-parameter-added" if part.value.get("required") is True else "parameter-added"
                self._add(unit, (kind, _called(part), None, part.value), Part(before.pointer, None), part)
            elif inner := self._walk.shared(unit, old[key], part, Direction.REQUEST):
                self._parameter(inner, old[key], part)

    def _parameter(self, unit: Unit, before: Part, after: Part) -> None:
        old, new, place = before.value, after.value, _called(after)
        if self._names and text(old.get("name")) != text(new.get("name")) and old.get("in") == "path":
            found = ("path-parameter-renamed", place, old.get("name"), new.get("name"))
            self._add(unit, found, before, after, "name")
        if (old.get("required") is True) != (new.get("required") is True) and new.get("in") != "path":
            kind = "parameter-became-required" if new.get("required") is True else "parameter-became-optional"
            found = (kind, place, old.get("required", False), new.get("required", False))
            self._add(unit, found, before, after, "required")
        if _style(old) != _style(new):
            self._add(unit, ("parameter-style-changed", place, _style(old), _style(new)), before, after, "style")
        for raw in schema_pairs.described(old, new):
            self._add(unit, (raw.kind, place, raw.before, raw.after), before, after, *raw.way)
        schemas = [_parameter_schema(part) for part in (before, after)]
        if schemas[0] is not None and schemas[1] is not None:
            self._walk.schema(unit, schemas[0], schemas[1], place)

    def _request(self, unit: Unit, before: Operation, after: Operation) -> None:
        self._body(unit, _part(before), _part(after), "request body", Direction.REQUEST)

    def _callbacks(self, unit: Unit, before: Operation, after: Operation) -> None:
        old, new = (_callbacks(*end) for end in ((self._walk.before, before), (self._walk.after, after)))
        for key in old.keys() | new.keys():
            place = f"callback {key[0]}"
            if key not in new:
                self._add(unit, ("callback-removed", place, key[1], None), old[key], _part(after))
            elif key not in old:
                self._add(unit, ("callback-added", place, None, key[1]), _part(before), new[key])
            else:
                self.payloads(unit, old[key], new[key], place)


def _part(operation: Operation) -> Part:
    return Part(operation.pointer, operation.value)


def _called(parameter: Part) -> str:
    return f"{parameter.value.get('in')} parameter {parameter.value.get('name')}"


def _parameters(operation: Operation) -> dict[tuple[str, object], Part]:
    """The parameters by what identifies them on the wire: those of the path by their position in it."""
    places = {name: index for index, name in enumerate(re.findall(r"\{([^{}]*)\}", operation.path))}
    found: dict[tuple[str, object], Part] = {}
    for pointer, value in operation.parameters:  # those of the operation come last, and replace the path's
        where, name = text(value.get("in")), text(value.get("name"))
        if where == "header" and name.lower() in IGNORED_HEADERS:
            continue
        found[(where, places.get(name, name) if where == "path" else _wire_name(where, name))] = Part(pointer, value)
    return found


def _wire_name(where: str, name: str) -> str:
    return name.lower() if where == "header" else name


def _style(parameter: dict[str, Any]) -> str:
    """How the value is written on the wire."""
    style = text(parameter.get("style")) or STYLES.get(text(parameter.get("in")), "form")
    explode = parameter.get("explode", style == "form")
    reserved = ", reserved characters as they are" if parameter.get("allowReserved") is True else ""
    contents = list(mapping(parameter.get("content")))
    return contents[0] if contents else f"{style}, {'exploded' if explode else 'joined'}{reserved}"


def _parameter_schema(part: Part) -> Part | None:
    if "schema" in part.value:
        return part.down("schema")
    for content_type, media in mapping(part.value.get("content")).items():
        if "schema" in mapping(media):
            return part.down("content", content_type, "schema")
    return None


def _security(document: Document, operation: Operation) -> frozenset[frozenset[str]]:
    """The ways to be let in: sets of what has to be shown together. One that is empty lets everybody in."""
    stated = operation.value.get("security", document.root.get("security"))
    schemes = document.components("securitySchemes")
    ways = set()
    for way in sequence(stated):
        shown = set()
        for name, scopes in mapping(way).items():
            scheme = mapping(schemes.get(name))
            said = " ".join(text(scheme.get(key)) for key in ("type", "scheme", "in", "name") if scheme.get(key))
            shown.add(f"{said or name} {' '.join(sorted(texts(scopes)))}".strip())
        ways.add(frozenset(shown))
    return frozenset(ways or {frozenset()})


def _secured(ways: frozenset[frozenset[str]]) -> list[str]:
    return sorted(" and ".join(sorted(way)) or "nothing" for way in ways)


def _servers(document: Document, operation: Operation) -> tuple[str, ...]:
    """The addresses below which an operation is found."""
    item = mapping(mapping(document.root.get("paths")).get(operation.path))
    for holder in (operation.value, item, document.root):
        if found := [text(mapping(server).get("url")).rstrip("/") for server in sequence(holder.get("servers"))]:
            return tuple(found)
    return ("/",)


def _callbacks(document: Document, operation: Operation) -> dict[tuple[str, str], Part]:
    found = {}
    for name, callback in mapping(operation.value.get("callbacks")).items():
        at, resolved = document.resolve(pointers.join(operation.pointer, "callbacks", name), callback)
        for expression, item in mapping(resolved).items():
            if isinstance(item, dict) and not expression.startswith("x-"):
                found[(name, expression)] = Part(pointers.join(at, expression), item)
    return found
