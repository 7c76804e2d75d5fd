"""Everything a reader meets is described: operations, parameters, headers, responses, links, schemas, fields."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
FIX = "say in a sentence what it is, what it does, or what its values mean"
KINDS = ("operation", "parameters", "headers", "responses", "requestBodies", "links")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each thing without a description."""
    document = subject.document
    for kind in KINDS:
        for node in document.nodes(kind):
            if "$ref" not in node.value and not text(node.value.get("description")).strip():
                yield Finding(node.pointer, "there is no description", FIX)
    for operation in document.operations:
        if not text(operation.value.get("summary")).strip():
            yield Finding(operation.pointer, f"{operation.label} has no summary", "say in a few words what it does")
    for name, schema in document.components("schemas").items():
        at = pointers.join("/components/schemas", name)
        if not text(mapping(schema).get("description")).strip():
            yield Finding(at, f"the schema {name} has no description", FIX)
        for field, member in mapping(mapping(schema).get("properties")).items():
            here = pointers.join(at, "properties", field)
            target = mapping(document.resolve(here, member)[1])
            if not (text(mapping(member).get("description")) or text(target.get("description"))).strip():
                yield Finding(here, f"the field {field} has no description", FIX)
