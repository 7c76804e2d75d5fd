"""No ``default`` stands in what an update sends: it could be sent by accident and reset what nobody meant to touch.

Objects that are merged into what is stored (``x-on-object: merge``) may have them: it is what a new one begins with.
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
FIX = "remove it here; what the server stores at creation stands in the Create schema"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each default that an update could carry."""
    document = subject.document
    for operation in document.operations:
        if operation.method in {"patch", "put"}:
            for body in document.bodies(operation):
                if body.role == "request":
                    start = pointers.join(body.pointer, "schema")
                    for at in _defaults(document, start, body.value.get("schema"), frozenset()):
                        yield Finding(at, f"{operation.label} could send a default", FIX)


def _defaults(document: Document, pointer: str, value: Any, above: frozenset[str]) -> Iterator[str]:
    if "default" in mapping(value):
        yield pointers.join(pointer, "default")
    at, schema = document.resolve(pointer, value)
    if not isinstance(schema, dict) or at in above:
        return
    if at != pointer and "default" in schema:
        yield pointers.join(at, "default")
    inside = above | {at}
    for name, member in mapping(schema.get("properties")).items():
        if mapping(member).get("x-on-object") != "merge":
            yield from _defaults(document, pointers.join(at, "properties", name), member, inside)
    for key in ("anyOf", "oneOf", "allOf"):
        for index, member in enumerate(sequence(schema.get(key))):
            yield from _defaults(document, pointers.join(at, key, index), member, inside)
    if "items" in schema:
        yield from _defaults(document, pointers.join(at, "items"), schema["items"], inside)
