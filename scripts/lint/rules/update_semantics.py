"""An update says what its special values do: an empty body, null, and the empty string where it means more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, nullable, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
KEEP_OR_CLEAR = frozenset({"keep", "clear"})
SEMANTICS = {"x-on-null": KEEP_OR_CLEAR, "x-on-empty-string": KEEP_OR_CLEAR, "x-on-object": frozenset({"merge"})}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each update and each nullable field that leaves it open."""
    for operation in subject.document.operations:
        action = mapping(operation.value.get("x-resource")).get("action")
        if operation.method != "patch" and action != "update":
            continue
        rules = sequence(operation.value.get("x-rule-errors"))
        empty = operation.value.get("x-empty-update")
        if empty not in {"accept", "refuse"}:
            yield Finding(operation.pointer, f"{operation.label} has no x-empty-update", "say accept or refuse")
        elif empty == "refuse" and not rules:
            fix = "add the status and code of the refusal to x-rule-errors"
            yield Finding(operation.pointer, f"{operation.label} refuses an empty update without a rule error", fix)
        for body in subject.document.bodies(operation):
            if body.role == "request":
                yield from _fields(
                    subject.document, operation, pointers.join(body.pointer, "schema"), body.value.get("schema")
                )


def _fields(document: Document, operation: Operation, pointer: str, value: Any) -> Iterator[Finding]:
    at, schema = document.resolve(pointer, value)
    for name, member in mapping(mapping(schema).get("properties")).items():
        here = pointers.join(at, "properties", name)
        parts = [mapping(part) for part in sequence(mapping(member).get("anyOf"))]
        if (nullable(mapping(member)) or any(map(nullable, parts))) and "x-on-null" not in mapping(member):
            yield Finding(
                here, f"{operation.label}: what null does to {name} is not said", "add x-on-null: keep or clear"
            )
        for keyword, allowed in SEMANTICS.items():
            if keyword in mapping(member) and mapping(member)[keyword] not in allowed:
                yield Finding(
                    here, f"{keyword} can't be {mapping(member)[keyword]!r}", f"say {' or '.join(sorted(allowed))}"
                )
