"""An array says what its entries are; the generator drops the schema otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import sequence, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each array without items."""
    for node in subject.document.schemas:
        schema = node.value
        if "array" in types(schema) and "items" not in schema and not sequence(schema.get("prefixItems")):
            if sequence(schema.get("enum")):
                continue
            yield Finding(
                node.pointer,
                "the array has no items",
                "add items, {} for entries of any kind",
                Loss.SCHEMA,
                (overlay_action.update(node.pointer, {"items": {}}, subject.document.root),),
            )
