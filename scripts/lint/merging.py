"""What openapi-python-client 0.29.1 can merge when two members of an ``allOf`` describe one property."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document
from scripts.lint.reading import mapping, nullable, sequence, types
from scripts.pipeline import pointers

_DEEPEST = 100
_TEXT_FORMATS = frozenset({"date", "date-time", "binary"})


def properties(document: Document, pointer: str, schema: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Name, schema and pointer of every property that an ``allOf`` brings together, referred members first."""
    yield from _properties(document, pointer, schema, set(), 0)


def _properties(
    document: Document, pointer: str, schema: dict[str, Any], seen: set[str], depth: int
) -> Iterator[tuple[str, Any, str]]:
    if pointer in seen or depth > _DEEPEST:
        return
    seen.add(pointer)  # once each, however many ways lead there: the ways double at every level
    later = [(pointer, schema)]
    for index, part in enumerate(sequence(schema.get("allOf"))):
        at = pointers.join(pointer, "allOf", index)
        if "$ref" in mapping(part):
            target, value = document.resolve(at, part)
            if isinstance(value, dict):
                yield from _properties(document, target, value, seen, depth + 1)
        elif isinstance(part, dict):
            later.append((at, part))
    for at, holder in later:
        for name, member in mapping(holder.get("properties")).items():
            yield name, member, pointers.join(at, "properties", name)


def is_model(document: Document, schema: dict[str, Any], depth: int = 0) -> bool:
    """Whether a schema becomes a class with attributes."""
    parts = [part for key in ("allOf", "anyOf", "oneOf") for part in sequence(schema.get(key))]
    if len(parts) == 1 and "$ref" in mapping(parts[0]) and depth < _DEEPEST:
        target = document.resolve("", parts[0])[1]
        return isinstance(target, dict) and is_model(document, target, depth + 1)
    if sequence(schema.get("enum")) or schema.get("anyOf") or schema.get("oneOf") or nullable(schema):
        return False
    kinds = types(schema)
    return kinds == ["object"] or (not kinds and bool(schema.get("allOf") or schema.get("properties")))


def can_merge(document: Document, one: Any, other: Any, depth: int = 0) -> bool:
    """Whether two descriptions of a property become one attribute."""
    first, second = _kind(document, one), _kind(document, other)
    if "any" in (first[0], second[0]):
        return True
    if "enum" in (first[0], second[0]):
        return _with_enum(first, second)
    if first[0] == second[0] == "array":
        return depth > _DEEPEST or can_merge(document, first[1], second[1], depth + 1)
    if first[0] == second[0]:
        return True
    pair = {first[0], second[0]}
    return pair == {"integer", "number"} or ("string" in pair and bool(pair & _TEXT_FORMATS))


def _with_enum(first: tuple[str, Any], second: tuple[str, Any]) -> bool:
    if first[0] == second[0]:
        return set(first[1]) <= set(second[1]) or set(second[1]) <= set(first[1])
    values, plain = (first[1], second[0]) if first[0] == "enum" else (second[1], first[0])
    wanted = "string" if all(isinstance(value, str) for value in values) else "integer"
    return plain == wanted


def _kind(document: Document, value: Any, depth: int = 0) -> tuple[str, Any]:
    """The sort of attribute a schema becomes, with an enum's values or an array's items."""
    schema = mapping(document.resolve("", value)[1]) if depth < _DEEPEST else {}
    parts = [part for key in ("allOf", "anyOf", "oneOf") for part in sequence(schema.get(key))]
    if len(parts) == 1 and "$ref" in mapping(parts[0]):
        return _kind(document, parts[0], depth + 1)
    if schema.get("type") == "boolean":
        return "boolean", None
    if sequence(schema.get("enum")):
        return "enum", tuple(value for value in schema["enum"] if isinstance(value, (str, int)))
    if schema.get("anyOf") or schema.get("oneOf") or nullable(schema) or isinstance(schema.get("type"), list):
        return "union", None
    if "const" in schema:
        return "const", None
    if is_model(document, schema):
        return "model", None
    kind = next(iter(types(schema)), "any")
    form = schema.get("format")
    if kind == "string" and form in _TEXT_FORMATS | {"uuid"}:
        return str(form), None
    return kind, schema.get("items") if kind == "array" else None
