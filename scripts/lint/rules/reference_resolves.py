"""Every reference leads to something in the document.

A reference to nowhere, in a circle of references, or into another file is an error of the document; the generator
drops what it stands in. Nothing outside the file is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document, local
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers, references

SCOPE = Scope.ANY
LOSSES = {
    "schemas": Loss.SCHEMA,
    "parameters": Loss.OPERATION,
    "requestBodies": Loss.OPERATION,
    "responses": Loss.RESPONSE,
}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each reference that can't be followed."""
    document = subject.document
    for node in document.every_node:
        if "$ref" in node.value:
            if (found := fault(document, node.pointer, node.value)) is not None:
                message, fix = found
                yield Finding(node.pointer, message, fix, LOSSES.get(node.kind))
        elif node.kind == "schemas":
            yield from _mappings(document, node.pointer, node.value)


def fault(document: Document, pointer: str, value: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with the reference in ``value`` and how to mend it; ``None`` when it leads somewhere."""
    reference = value["$ref"]
    if not isinstance(reference, str):
        return "$ref must be a string", "write the reference as text"
    target = local(reference)
    if target is None:
        return f"$ref leaves the document: {reference[:200]}", "bundle the document into one file first"
    if document.resolve(pointer, value)[1] is not None:
        return None
    try:
        pointers.follow(document.root, target)
    except pointers.PointerToNowhere as problem:
        guess = references.nearest(problem.token, problem.choices[:2000])
        near = f"did you mean #{pointers.join(problem.parent, guess)}?" if guess else "add what it refers to"
        return f"$ref to nowhere: {reference[:200]}", near
    except ValueError:
        return f"$ref is no JSON Pointer: {reference[:200]}", "write it as #/components/<kind>/<name>"
    return f"$ref goes in a circle or to nothing: {reference[:200]}", "let one of them say what it is"


def _mappings(document: Document, pointer: str, schema: dict[str, Any]) -> Iterator[Finding]:
    """Values of a discriminator's mapping: references, or names of component schemas."""
    for key, reference in mapping(mapping(schema.get("discriminator")).get("mapping")).items():
        known = isinstance(reference, str) and reference in document.components("schemas")
        if not known and (found := fault(document, pointer, {"$ref": reference})) is not None:
            yield Finding(pointers.join(pointer, "discriminator", "mapping", key), *found)
