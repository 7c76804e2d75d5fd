"""Every example is valid for the schema that it illustrates, formats included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def _examples(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Pointer of the schema, pointer of the example, example."""
    for kind in ("mediaType", "parameters", "headers"):
        for node in document.nodes(kind):
            if "$ref" in node.value or "schema" not in node.value:
                continue
            schema = pointers.join(node.pointer, "schema")
            if "example" in node.value:
                yield schema, pointers.join(node.pointer, "example"), node.value["example"]
            for name, listed in mapping(node.value.get("examples")).items():
                at, example = document.resolve(pointers.join(node.pointer, "examples", name), listed)
                if isinstance(example, dict) and "value" in example:
                    yield schema, pointers.join(at, "value"), example["value"]
    for node in document.schemas:
        if "example" in node.value:
            yield node.pointer, pointers.join(node.pointer, "example"), node.value["example"]
        for index, value in enumerate(sequence(node.value.get("examples"))):
            yield node.pointer, pointers.join(node.pointer, "examples", index), value
