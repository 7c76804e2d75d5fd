"""What the description says about single properties and the generator does not pass on: secrets and read-only ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import attrs

from scripts.pipeline import pointers
from scripts.pipeline.load import JsonObject


@attrs.frozen
class Marks:
    """The names of the properties of one schema that are marked ``x-sensitive`` and ``readOnly``."""

    secret: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()


def marks(document: JsonObject) -> Mapping[str, Marks]:
    """The marks by component schema; a schema without a property has empty ones, as has an unknown name."""
    found: defaultdict[str, Marks] = defaultdict(Marks)
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        properties = list(_properties(document, schema, frozenset()))
        found[name] = Marks(
            secret=frozenset(key for key, node in properties if node.get("x-sensitive")),
            read_only=frozenset(key for key, node in properties if node.get("readOnly")),
        )
    return found


def _properties(document: JsonObject, schema: Any, seen: frozenset[str]) -> list[tuple[str, JsonObject]]:
    """The properties of a schema and of the schemas that it is made of by ``allOf``."""
    if not isinstance(schema, dict):
        return []
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in seen:
            return []
        return _properties(document, pointers.follow(document, reference[1:]), seen | {reference})
    own = [(key, node) for key, node in schema.get("properties", {}).items() if isinstance(node, dict)]
    return own + [each for part in schema.get("allOf", ()) for each in _properties(document, part, seen)]
