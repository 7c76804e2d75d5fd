"""The members of an ``allOf`` are objects, and a property that two of them describe has one type.

The generator merges them into one class; where it can't, it drops the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import merging, overlay_action, python_names, stages
from scripts.lint.document import Document
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import mapping, nullable, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each member that can't be merged."""
    for node in subject.document.schemas:
        parts = sequence(node.value.get("allOf"))
        union = sequence(node.value.get("anyOf")) or sequence(node.value.get("oneOf"))
        if not parts or union or node.value.get("enum") or (len(parts) == 1 and "$ref" in mapping(parts[0])):
            continue
        yield from _members(subject.document, node, parts)
        yield from _too_early(subject.document, node, parts)
        yield from _properties(subject.document, node)


def _members(document: Document, node: Node, parts: list[Any]) -> Iterator[Finding]:
    for index, part in enumerate(parts):
        at = pointers.join(node.pointer, "allOf", index)
        mend = (overlay_action.remove(at, document.root),)
        if "$ref" in mapping(part):
            target = document.resolve(at, part)[1]
            if isinstance(target, dict) and not merging.is_model(document, target):
                fix = "refer to an object, or repeat the constraint where it belongs"
                yield Finding(node.pointer, f"allOf takes {part['$ref']}, which is no object", fix, Loss.SCHEMA, mend)
        elif any(key in mapping(part) for key in ("allOf", "anyOf", "oneOf")):
            fix = "name the inner schema and refer to it"
            yield Finding(at, "an allOf inside an allOf is passed over", fix, Loss.GARBLED)


def _too_early(document: Document, node: Node, parts: list[Any]) -> Iterator[Finding]:
    """Members of a component's union are built before the components that their allOf refers to."""
    tokens = pointers.split(node.pointer)
    if tokens[:2] != ("components", "schemas") or stages.is_second(tokens[3:]):
        return
    refers = any("$ref" in mapping(part) for part in parts)
    if refers and (stages.in_first_union(tokens[3:]) or nullable(node.value)):
        message = "an allOf in a union that is a component is built too early to be merged"
        yield Finding(
            node.pointer, message, "give the member a component of its own", Loss.SCHEMA, _lifted(document, node)
        )


def _lifted(document: Document, node: Node) -> tuple[OverlayAction, ...]:
    """Move a member of a union into a component; it becomes a reference in its place, so no other member moves."""
    tokens = pointers.split(node.pointer)
    if len(tokens) != 5 or not tokens[-1].isdecimal():
        return ()
    known = document.components("schemas")
    titles = [text(schema.value.get("title")) for schema in document.schemas]
    title = text(node.value.get("title"))
    name = python_names.class_name(title) if title else ""
    if not title or name in known or [python_names.class_name(other) for other in titles if other].count(name) > 1:
        name = python_names.class_name(f"{tokens[2]}_variant_{tokens[4]}")
    if name in known:
        return ()
    inner = {key: value for key, value in node.value.items() if key != "title"}
    return (
        overlay_action.update("", {"components": {"schemas": {name: inner}}}),
        {"target": f"{overlay_action.path(node.pointer, document.root)}.*", "remove": True},
        overlay_action.update(node.pointer, {"$ref": f"#/components/schemas/{name}"}, document.root),
    )


def _properties(document: Document, node: Node) -> Iterator[Finding]:
    seen: dict[str, Any] = {}
    for name, schema, at in merging.properties(document, node.pointer, node.value):
        if name in seen and not merging.can_merge(document, seen[name], schema):
            mend = (overlay_action.remove(at, document.root),) if at.startswith(node.pointer) else ()
            yield Finding(
                node.pointer,
                f"the property {name} has two types in one allOf",
                "describe it in one of the members only",
                Loss.SCHEMA,
                mend,
            )
        seen.setdefault(name, schema)
