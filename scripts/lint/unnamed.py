"""The keys of an example that its schema does not name: a misspelt field passes validation otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document
from scripts.lint.reading import mapping, sequence
from scripts.pipeline import pointers

COMBINED = ("allOf", "anyOf", "oneOf")
# Any of these says something about keys that ``properties`` does not name, or leaves them to a condition.
OPEN = ("additionalProperties", "patternProperties", "unevaluatedProperties", "if", "dependentSchemas", "not")


def keys(document: Document, pointer: str, value: Any) -> Iterator[str]:
    """The pointer, within ``value``, of each key that the schema at ``pointer`` names nowhere."""
    yield from _keys(document, [(pointer, pointers.follow(document.root, pointer))], value, "")


def _keys(document: Document, schemas: list[tuple[str, Any]], value: Any, at: str) -> Iterator[str]:
    parts = _parts(document, schemas)
    if isinstance(value, list):
        items = [(pointers.join(here, "items"), part["items"]) for here, part in parts if "items" in part]
        for index, member in enumerate(value):
            yield from _keys(document, items, member, pointers.join(at, index))
    named: dict[str, list[tuple[str, Any]]] = {}
    for here, part in parts:
        for name, member in mapping(part.get("properties")).items():
            named.setdefault(name, []).append((pointers.join(here, "properties", name), member))
    closed = bool(named) and not any(keyword in part for _, part in parts for keyword in OPEN)
    for name, member in mapping(value).items():
        if name in named:
            yield from _keys(document, named[name], member, pointers.join(at, name))
        elif closed:
            yield pointers.join(at, name)


def _parts(document: Document, schemas: list[tuple[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The schemas and all that they combine, references resolved, each once."""
    found: dict[str, dict[str, Any]] = {}
    pending = list(schemas)
    while pending:
        given, schema = pending.pop()
        at, resolved = document.resolve(given, schema)
        if at in found or not isinstance(resolved, dict):
            continue
        found[at] = resolved
        if isinstance(schema, dict) and "$ref" in schema:
            beside = {key: member for key, member in schema.items() if key != "$ref"}
            pending.append((given, beside))
        for keyword in COMBINED:
            members = sequence(resolved.get(keyword))
            pending += [(pointers.join(at, keyword, index), member) for index, member in enumerate(members)]
    return list(found.items())
