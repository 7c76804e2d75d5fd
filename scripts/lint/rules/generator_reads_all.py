"""Nothing in the document makes openapi-python-client refuse it as a whole.

Its reader is strict at some places and gives up on the first: a missing title, a response without description,
``required: true`` at a property, an unknown type, an empty enum. Then no operation is generated at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import mapping, sequence, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY
TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
PLACES = frozenset({"query", "header", "path", "cookie"})
COUNTS = ("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each place that the reader would stop at."""
    document = subject.document
    info = mapping(document.root.get("info"))
    for field in ("title", "version"):
        if not isinstance(info.get(field), str):
            value = "My API" if field == "title" else "1.0.0"
            mend = overlay_action.update("", {"info": {field: value}}) if field not in info else None
            yield _finding("/info", f"info has no {field}", f"give info a {field}", mend)
    if not isinstance(document.root.get("paths"), dict):
        mend = overlay_action.update("", {"paths": {}}) if "paths" not in document.root else None
        yield _finding("", "there are no paths", "add paths, if only an empty object", mend)
    for node in document.nodes("operation"):
        if not isinstance(node.value.get("responses"), dict):
            mend = overlay_action.update(node.pointer, {"responses": {"default": {"description": "Any answer."}}})
            yield _finding(node.pointer, "the operation has no responses", "describe at least one", mend)
    for node in document.nodes("responses"):
        if "$ref" not in node.value and not isinstance(node.value.get("description"), str):
            mend = overlay_action.update(node.pointer, {"description": "An answer."}, document.root)
            yield _finding(node.pointer, "the response has no description", "add one", mend)
    for node in document.nodes("parameters"):
        if "$ref" not in node.value and text(node.value.get("in")) not in PLACES:
            yield _finding(node.pointer, f"a parameter can't be in {node.value.get('in')!r}", "see the specification")
    for node in document.schemas:
        yield from _of_schema(node, document.root)


def _of_schema(node: Node, root: Any) -> Iterator[Finding]:
    schema = node.value
    required = schema.get("required")
    if "required" in schema and not (isinstance(required, list) and all(isinstance(name, str) for name in required)):
        at = pointers.join(node.pointer, "required")
        fix = "list the names of required properties in the object around it"
        yield _finding(
            at, f"required must be a list of names, not {required!r}"[:120], fix, overlay_action.remove(at, root)
        )
    unknown = [name for name in types(schema) if name not in TYPES]
    if unknown or not isinstance(schema.get("type", ""), (str, list)):
        at = pointers.join(node.pointer, "type")
        yield _finding(
            at,
            f"there is no type {(unknown or ['like this'])[0]!r}",
            "use a type of JSON Schema",
            overlay_action.remove(at, root),
        )
    if "enum" in schema and not sequence(schema["enum"]):
        at = pointers.join(node.pointer, "enum")
        yield _finding(at, "the enum has no values", "list them, or remove it", overlay_action.remove(at, root))
    if isinstance(schema.get("const"), (dict, list)):
        at = pointers.join(node.pointer, "const")
        yield _finding(
            at, "the const is no plain value", "describe it with properties", overlay_action.remove(at, root)
        )
    for keyword in COUNTS:
        value = schema.get(keyword)
        if keyword in schema and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            at = pointers.join(node.pointer, keyword)
            yield _finding(at, f"{keyword} must be a count", "write a whole number", overlay_action.remove(at, root))


def _finding(pointer: str, message: str, fix: str, mend: OverlayAction | None = None) -> Finding:
    return Finding(pointer, message, fix, Loss.EVERYTHING, () if mend is None else (mend,))
