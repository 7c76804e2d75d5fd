"""No ``true`` or ``false`` stands where a schema does: the generator refuses the whole document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import grammar, pointers

SCOPE = Scope.ANY
# Here it reads them, or does not look.
ALLOWED = frozenset(
    {"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "patternProperties", "dependentSchemas"}
    | {"$defs", "contentSchema", "if", "then", "else", "contains", "propertyNames"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each boolean schema in a place where the generator wants an object."""
    root = subject.document.root
    for node in subject.document.every_node:
        for key, value in node.value.items():
            held = grammar.member(node.kind, key)
            if held is None or held.kind != "schemas" or key in ALLOWED:
                continue
            for way, item in grammar.entries(held.shape, value):
                if isinstance(item, bool):
                    yield _finding(node.pointer, key, way, item, root)


def _finding(pointer: str, key: str, way: tuple[str | int, ...], item: bool, root: Any) -> Finding:
    at = pointers.join(pointer, key, *way)
    last = str(way[-1]) if way else key
    holder = pointers.join(pointer, key) if way else pointer
    if not item:
        mend: tuple[OverlayAction, ...] = (overlay_action.remove(at, root),)
    elif way and isinstance(way[-1], int):
        mend = (overlay_action.remove(at, root), overlay_action.update(holder, {}, root))
    else:
        mend = overlay_action.replace(holder, last, {}, root)
    fix = "write {} instead" if item else "leave it out"
    return Finding(at, f"{str(item).lower()} stands for a schema", fix, Loss.EVERYTHING, mend)
