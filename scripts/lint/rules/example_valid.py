"""Every example is valid for the schema that it illustrates, formats included.

In our own description a request's example has no key that the schema does not name, either: it would be a misspelt one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import unnamed
from scripts.lint.document import Document
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.lint.values import Validators
from scripts.pipeline import pointers

SCOPE = Scope.ANY
FIX = "correct the example, or the schema if the example is what the API does"
# An example that is wrong in many ways is not worth a longer list.
MOST = 5


def check(subject: Subject) -> Iterator[Finding]:
    """Up to ``MOST`` findings for each example."""
    document = subject.document
    validators = Validators(document)
    for schema, pointer, value in _examples(document):
        for number, fault in enumerate(validators.faults(schema, value)):
            if number < MOST:
                yield Finding(pointer, f"the example does not fit its schema: {fault}", FIX)
    if subject.house is not None:
        yield from _misspelt(document)


def _misspelt(document: Document) -> Iterator[Finding]:
    seen = set[tuple[str, str]]()
    bodies = [body for operation in document.operations for body in document.bodies(operation)]
    for body in bodies:
        if body.role != "request" or "schema" not in body.value:
            continue
        schema = pointers.join(body.pointer, "schema")
        for at, value in _given(document, body.pointer, body.value):
            if (schema, at) in seen:
                continue
            seen.add((schema, at))
            for key in unnamed.keys(document, schema, value):
                here, message = f"{at}{key}", f"the schema does not name {key}"
                yield Finding(here, message, "correct the key, or describe the field in the schema")


def _examples(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Pointer of the schema, pointer of the example, example."""
    for kind in ("mediaType", "parameters", "headers"):
        for node in document.nodes(kind):
            if "$ref" in node.value or "schema" not in node.value:
                continue
            schema = pointers.join(node.pointer, "schema")
            for at, value in _given(document, node.pointer, node.value):
                yield schema, at, value
    for node in document.schemas:
        if "example" in node.value:
            yield node.pointer, pointers.join(node.pointer, "example"), node.value["example"]
        for index, value in enumerate(sequence(node.value.get("examples"))):
            yield node.pointer, pointers.join(node.pointer, "examples", index), value


def _given(document: Document, pointer: str, holder: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Pointer and value of each example of a media type, parameter or header."""
    if "example" in holder:
        yield pointers.join(pointer, "example"), holder["example"]
    for name, listed in mapping(holder.get("examples")).items():
        at, example = document.resolve(pointers.join(pointer, "examples", name), listed)
        if isinstance(example, dict) and "value" in example:
            yield pointers.join(at, "value"), example["value"]
