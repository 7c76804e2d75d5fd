"""The members of a union with a discriminator are told apart by a required ``const`` in each.

The generator ignores ``discriminator`` and takes the first member that reads without an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action
from scripts.lint.document import Document
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import mapping, sequence, text, texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each member that may be taken for another."""
    document = subject.document
    for node in document.schemas:
        field = text(mapping(node.value.get("discriminator")).get("propertyName"))
        if not field:
            continue
        for key in ("oneOf", "anyOf"):
            for index, member in enumerate(sequence(node.value.get(key))):
                at, schema = document.resolve(pointers.join(node.pointer, key, index), member)
                if isinstance(schema, dict) and not _tells(document, at, schema, field):
                    fix = f"make {field} required there, with a const"
                    mend = _mend(node, field, member, at, schema)
                    yield Finding(
                        at, f"the union takes it for another: {field} has no required const", fix, Loss.GARBLED, mend
                    )


def _tells(document: Document, pointer: str, schema: dict[str, Any], field: str) -> bool:
    """Whether a member has the discriminator as required property with one value, itself or in its allOf."""
    holders = [schema, *(mapping(document.resolve(pointer, part)[1]) for part in sequence(schema.get("allOf")))]
    required = any(field in texts(holder.get("required")) for holder in holders)
    values = [mapping(mapping(holder.get("properties")).get(field)) for holder in holders]
    return required and any("const" in value or len(sequence(value.get("enum"))) == 1 for value in values)


def _mend(node: Node, field: str, member: Any, at: str, schema: dict[str, Any]) -> tuple[OverlayAction, ...]:
    reference = text(mapping(member).get("$ref"))
    mapped = mapping(mapping(node.value.get("discriminator")).get("mapping"))
    value = next((key for key, target in mapped.items() if target == reference), reference.rpartition("/")[2])
    if not value or "allOf" in schema:
        return ()
    given: dict[str, Any] = {"properties": {field: {"const": value}}}
    if field not in texts(schema.get("required")):
        given["required"] = [field]
    return (overlay_action.update(at, given),)
