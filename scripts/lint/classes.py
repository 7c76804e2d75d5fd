"""The classes that openapi-python-client 0.29.1 makes of a document's schemas, in the order in which it makes them.

A schema that is not a component gets a name made of its place: the class around it and the property, with ``Item`` for
the entries of an array and ``Type0``, ``Type1`` … for the members of a union. Two of them may meet in one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from scripts.lint import python_names
from scripts.lint.document import Document
from scripts.lint.reading import mapping, sequence, text, types
from scripts.pipeline import pointers


@attrs.frozen
class Generated:
    """A class: the schema it comes from, its name, whether that schema is inside another, and an enum's values.

    ``unit`` tells what is built in one go: when one class of a unit fails, none of the unit is kept.
    """

    unit: str
    pointer: str
    name: str
    inline: bool
    values: tuple[Any, ...] | None


@attrs.frozen
class _At:
    """A schema while walking: unit, pointer, its name at its place, the name around it, whether it is no component."""

    unit: str
    pointer: str
    name: str
    parent: str
    inline: bool

    def down(self, name: str, *tokens: str | int) -> _At:
        return _At(self.unit, pointers.join(self.pointer, *tokens), name, self.parent, True)


def generated(document: Document) -> Iterator[Generated]:
    """Every class in the generator's order: component schemas, what is inside them, then operations."""
    later: list[tuple[_At, dict[str, Any]]] = []
    for name, schema in document.components("schemas").items():
        if isinstance(schema, dict):
            pointer = pointers.join("/components/schemas", name)
            at = _At(pointer, pointer, name, "", False)
            yield from _of_schema(schema, at, later)
    while later:
        at, schema = later.pop(0)
        yield from _members(schema, at)
    yield from _of_operations(document)


def _of_operations(document: Document) -> Iterator[Generated]:
    for operation in document.operations:
        parent = python_names.operation_module(operation.id, operation.method, operation.path)
        for pointer, parameter in operation.parameters:
            here = pointers.join(pointer, "schema")
            at = _At(here, here, text(parameter.get("name")), parent, True)
            yield from _of_schema(parameter.get("schema"), at, None)
        for body in document.bodies(operation):
            name = "body" if body.role == "request" else f"response_{body.role}"
            here = pointers.join(body.pointer, "schema")
            at = _At(here, here, name, parent, True)
            yield from _of_schema(body.value.get("schema"), at, None)


def _of_schema(schema: Any, at: _At, later: list[tuple[_At, dict[str, Any]]] | None) -> Iterator[Generated]:
    """The classes of one schema. ``later`` takes the models whose properties are looked at in the second stage."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    members = [(key, i, m) for key in ("anyOf", "oneOf") for i, m in enumerate(sequence(schema.get(key)))]
    parts = [*sequence(schema.get("allOf")), *(member for *_, member in members)]
    kinds = types(schema)
    if (len(parts) == 1 and "$ref" in mapping(parts[0])) or schema.get("type") == "boolean":
        return
    if sequence(schema.get("enum")):
        yield _class(schema, at, tuple(value for value in schema["enum"] if isinstance(value, (str, int))))
        return
    may_be_null = schema.get("nullable") is True and ("type" in schema or bool(schema.get("allOf")))
    if members or isinstance(schema.get("type"), list) or may_be_null:
        yield from _of_union(schema, at, members)
    elif kinds == ["array"]:
        inner = at.down(f"{at.name}_item", "items")
        yield from _of_schema(schema.get("items"), inner, later)
    elif kinds == ["object"] or (not kinds and (schema.get("allOf") or schema.get("properties"))):
        made = _class(schema, at, None)
        yield made
        inside = attrs.evolve(at, parent=made.name)
        if later is None:
            yield from _members(schema, inside)
        else:
            later.append((attrs.evolve(inside, unit=f"{at.unit} inside"), schema))


def _of_union(schema: dict[str, Any], at: _At, members: list[tuple[str, int, Any]]) -> Iterator[Generated]:
    """The classes of a union's members, written out or one for each type; with their properties at once."""
    for number, (key, index, member) in enumerate(members):
        title = text(mapping(member).get("title"))
        name = f"{at.name}_{title if title and title != schema.get('title') else f'type_{number}'}"
        yield from _of_schema(member, at.down(name, key, index), None)
    if isinstance(schema.get("type"), list) or schema.get("nullable") is True:
        alone = {key: value for key, value in schema.items() if key not in {"anyOf", "oneOf", "nullable"}}
        # An allOf without a type comes after the null that is put in front of it.
        kinds = types(schema) or (["null", "object"] if schema.get("allOf") else [])
        for number, kind in enumerate(kinds):
            inner = attrs.evolve(at, name=f"{at.name}_type_{len(members) + number}", inline=True)
            yield from _of_schema({**alone, "type": kind}, inner, None)


def _class(schema: dict[str, Any], at: _At, values: tuple[Any, ...] | None) -> Generated:
    own = text(schema.get("title")) or at.name
    name = f"{python_names.pascal(at.parent)}{python_names.pascal(own)}" if at.parent else own
    return Generated(at.unit, at.pointer, python_names.class_name(name), at.inline, values)


def _members(schema: dict[str, Any], at: _At) -> Iterator[Generated]:
    """The classes of a model's properties; ``at.parent`` is the model's own name."""
    holders = [(at.pointer, schema)]
    holders += [
        (pointers.join(at.pointer, "allOf", index), part)
        for index, part in enumerate(sequence(schema.get("allOf")))
        if isinstance(part, dict) and "$ref" not in part
    ]
    for pointer, holder in holders:
        for name, member in mapping(holder.get("properties")).items():
            here = _At(at.unit, pointers.join(pointer, "properties", name), name, at.parent, True)
            yield from _of_schema(member, here, None)
    extra = _At(at.unit, pointers.join(at.pointer, "additionalProperties"), "AdditionalProperty", at.parent, True)
    yield from _of_schema(schema.get("additionalProperties"), extra, None)
