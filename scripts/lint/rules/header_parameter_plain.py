"""A header parameter is text, a number, a boolean or an enum; for any other the generator drops the operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action
from scripts.lint.document import Document
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping, sequence, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY
PLAIN = frozenset({"string", "number", "integer", "boolean", "null"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each header parameter of another type."""
    document = subject.document
    for node in document.nodes("parameters"):
        if node.value.get("in") != "header" or not isinstance(node.value.get("schema"), dict):
            continue
        if not _is_plain(document, pointers.join(node.pointer, "schema"), node.value["schema"], set()):
            yield _finding(document, node)


def _finding(document: Document, node: Node) -> Finding:
    mend = overlay_action.replace(node.pointer, "schema", {"type": "string"}, document.root)
    message = f"the header {text(node.value.get('name'))} is no plain value"
    return Finding(node.pointer, message, "describe it as text", Loss.OPERATION, mend)


def _is_plain(document: Document, pointer: str, value: Any, seen: set[str]) -> bool:
    at, target = document.resolve(pointer, value)
    schema = mapping(target)
    if at in seen or (not schema and value):
        return True  # a circle or a reference to nowhere: other rules
    seen.add(at)
    parts = [
        (pointers.join(at, key, index), mapping(part))
        for key in ("anyOf", "oneOf", "allOf")
        for index, part in enumerate(sequence(schema.get(key)))
    ]
    if sequence(schema.get("enum")):
        return True
    if parts:
        return all(_is_plain(document, place, part, seen) for place, part in parts)
    is_date = types(schema) == ["string"] and text(schema.get("format")) in {"date", "date-time", "binary"}
    return bool(types(schema)) and set(types(schema)) <= PLAIN and not is_date and "const" not in schema
