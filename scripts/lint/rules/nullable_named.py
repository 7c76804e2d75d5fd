"""Null stands beside a named object or enum, ``anyOf: [$ref, {type: "null"}]``, never inside one.

Inside, the generator makes up to three classes of an enum, a class ``…Type0`` of an object, and loses the null of a
const or of an enum that does not list it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import is_object, nullable, sequence, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY
FIX = 'name the schema without null and write anyOf: [{$ref: ...}, {type: "null"}] where null is allowed'


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each enum, const or object that allows null by itself."""
    root = subject.document.root
    for node in subject.document.schemas:
        schema = node.value
        if not nullable(schema) and None not in sequence(schema.get("enum")):
            continue
        what = _what(schema)
        if what is None or set(types(schema)) == {"null"}:
            continue
        yield Finding(node.pointer, f"{what} allows null by itself", FIX, Loss.GARBLED, _mend(node, root))


def _what(schema: dict[str, Any]) -> str | None:
    if sequence(schema.get("enum")):
        return "an enum"
    if "const" in schema:
        return "a const"
    return "an object" if is_object(schema) else None


def _mend(node: Node, root: Any) -> tuple[OverlayAction, ...]:
    """Move the schema without null into a component and refer to it; only for schemas inside others."""
    tokens = pointers.split(node.pointer)
    if len(tokens) <= 3 or tokens[:2] != ("components", "schemas"):
        return ()
    inner = {key: value for key, value in node.value.items() if key != "nullable"}
    if isinstance(inner.get("type"), list):
        kinds = [kind for kind in inner["type"] if kind != "null"]
        inner["type"] = kinds[0] if len(kinds) == 1 else kinds
    if "enum" in inner:
        inner["enum"] = [value for value in sequence(inner["enum"]) if value is not None]
    around, own = text(tokens[2]), tokens[-1]
    name = python_names.class_name(f"{around}_{own}")
    holder = node.pointer.rpartition("/")[0]
    if isinstance(pointers.follow(root, holder), list):
        return ()
    choice = {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]}
    return (
        overlay_action.update("", {"components": {"schemas": {name: inner}}}),
        *overlay_action.replace(holder, own, choice, root),
    )
