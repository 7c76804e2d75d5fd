"""Examples show every field: each property of a body's schema stands in at least one example of such a body.

So an example can't be taken away while something is shown nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each property that no example shows."""
    document = subject.document
    shown: set[str] = set()
    wanted: dict[str, None] = {}
    for operation in document.operations:
        for body in document.bodies(operation):
            schema = body.value.get("schema")
            at = pointers.join(body.pointer, "schema")
            wanted |= dict.fromkeys(_properties(document, at, schema))
            for name, example in mapping(body.value.get("examples")).items():
                value = mapping(document.resolve(pointers.join(body.pointer, "examples", name), example)[1]).get(
                    "value"
                )
                shown |= set(_shown(document, at, schema, value))
    for pointer in wanted:
        if pointer not in shown:
            name = pointers.split(pointer)[-1]
            yield Finding(pointer, f"no example shows {name}", "add it to an example, or add an example that has it")


def _properties(document: Document, pointer: str, schema: Any) -> Iterator[str]:
    for node in document.reachable([(pointer, "schemas", schema)]):
        for name in mapping(node.value.get("properties")):
            yield pointers.join(node.pointer, "properties", name)


def _shown(document: Document, pointer: str, schema: Any, value: Any) -> Iterator[str]:
    """The pointers of the properties that a value has members for."""
    at, resolved = document.resolve(pointer, schema)
    resolved = mapping(resolved)
    for key in ("allOf", "anyOf", "oneOf"):
        for index, part in enumerate(sequence(resolved.get(key))):
            yield from _shown(document, pointers.join(at, key, index), part, value)
    if isinstance(value, dict):
        for name, member in mapping(resolved.get("properties")).items():
            if name in value:
                here = pointers.join(at, "properties", name)
                yield here
                yield from _shown(document, here, member, value[name])
        if isinstance(resolved.get("additionalProperties"), dict):
            here = pointers.join(at, "additionalProperties")
            for name in value.keys() - mapping(resolved.get("properties")).keys():
                yield from _shown(document, here, resolved["additionalProperties"], value[name])
    for item in sequence(value):
        if "items" in resolved:
            yield from _shown(document, pointers.join(at, "items"), resolved["items"], item)
