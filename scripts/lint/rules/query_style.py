"""Query parameters are plain values or arrays that repeat their name; the generator ignores every other style.

``deepObject`` goes out as bare member names, ``explode: false`` as repeated names, and a plain object is taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action
from scripts.lint.document import Document
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import is_object, mapping, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each query parameter that would be sent in another style."""
    document = subject.document
    for node in document.nodes("parameters"):
        if node.value.get("in") != "query" or "$ref" in node.value:
            continue
        schema = mapping(document.resolve(pointers.join(node.pointer, "schema"), node.value.get("schema"))[1])
        style = text(node.value.get("style"))
        name = text(node.value.get("name"))
        if style == "deepObject" or is_object(schema) or types(schema) == ["object"]:
            said = "deepObject" if style == "deepObject" else "an object"
            mend = _flat(document, node, schema)
            yield _finding(node, f"the parameter {name} is {said}, which is sent as bare member names", mend)
        elif types(schema) == ["array"] and (
            node.value.get("explode") is False or style in {"spaceDelimited", "pipeDelimited"}
        ):
            mend = _joined(document, node)
            yield _finding(node, f"the parameter {name} is one joined list, which is sent as repeated names", mend)


def _finding(node: Node, message: str, mend: tuple[OverlayAction, ...]) -> Finding:
    return Finding(node.pointer, message, "use flat parameters with their names on the wire", Loss.GARBLED, mend)


def _joined(document: Document, node: Node) -> tuple[OverlayAction, ...]:
    """A list in one value is text for the caller to join."""
    drop = [
        overlay_action.remove(pointers.join(node.pointer, key), document.root)
        for key in ("schema", "explode", "style")
        if key in node.value
    ]
    return (*drop, overlay_action.update(node.pointer, {"schema": {"type": "string"}}, document.root))


def _flat(document: Document, node: Node, schema: dict[str, Any]) -> tuple[OverlayAction, ...]:
    """One parameter for each member, ``name[member]``; only where the parameter stands in a list."""
    holder, _, last = node.pointer.rpartition("/")
    if not last.isdecimal() or not is_object(schema):
        return ()
    name = text(node.value.get("name"))
    flat = [
        {"name": f"{name}[{member}]", "in": "query", "schema": value}
        for member, value in schema["properties"].items()
        if isinstance(value, dict)
    ]
    appended = [overlay_action.update(holder, parameter, document.root) for parameter in flat]
    return (overlay_action.remove(node.pointer, document.root), *appended)
