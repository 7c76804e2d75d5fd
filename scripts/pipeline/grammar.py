"""Where OpenAPI 3.1 has which objects: the one table that bundling, checking and rewriting follow.

References, defaults and names mean something only where the specification puts them; an ``example`` or an ``x-`` value
may hold a member called ``$ref`` or ``default`` that is data. So nothing in the pipeline searches a document
blindly: it walks along this table (OpenAPI 3.1.1, section 4.8; JSON Schema 2020-12 for schemas).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import attrs

from scripts.pipeline import pointers

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# The kinds of objects that live in ``components`` under the same name and may be replaced by a reference.
COMPONENT_KINDS = (
    "callbacks",
    "examples",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
)


class Shape(Enum):
    """How a member holds its objects."""

    ONE = "one object"
    LIST = "a list of objects"
    MAP = "objects by name"
    # Like MAP, but its object may carry ``x-`` extensions beside the names.
    EXTENSIBLE_MAP = "objects by name, with extensions"


@attrs.frozen
class Member:
    """What a key of some object holds: ``kind`` of the objects and their arrangement."""

    kind: str
    shape: Shape


def _members(shape: Shape, **kinds: str) -> dict[str, Member]:
    """``kind="key key"`` becomes one entry a key."""
    return {key.replace("__", "$"): Member(kind, shape) for kind, keys in kinds.items() for key in keys.split()}


_CONTENT = _members(Shape.MAP, mediaType="content", examples="examples") | _members(Shape.ONE, schemas="schema")

TABLE: dict[str, dict[str, Member]] = {
    "document": _members(Shape.EXTENSIBLE_MAP, pathItems="paths")
    | _members(Shape.MAP, pathItems="webhooks")
    | _members(Shape.ONE, components="components"),
    "components": {kind: Member(kind, Shape.MAP) for kind in COMPONENT_KINDS},
    "pathItems": _members(Shape.ONE, operation=" ".join(METHODS)) | _members(Shape.LIST, parameters="parameters"),
    "operation": _members(Shape.LIST, parameters="parameters")
    | _members(Shape.ONE, requestBodies="requestBody")
    | _members(Shape.EXTENSIBLE_MAP, responses="responses")
    | _members(Shape.MAP, callbacks="callbacks"),
    "callbacks": {},  # every key that is no extension is a path item: see ``member``
    "parameters": _CONTENT,
    "headers": _CONTENT,
    "requestBodies": _members(Shape.MAP, mediaType="content"),
    "responses": _members(Shape.MAP, mediaType="content", headers="headers", links="links"),
    "mediaType": _members(Shape.ONE, schemas="schema") | _members(Shape.MAP, examples="examples", encoding="encoding"),
    "encoding": _members(Shape.MAP, headers="headers"),
    "schemas": _members(Shape.MAP, schemas="properties patternProperties __defs dependentSchemas")
    | _members(Shape.LIST, schemas="allOf anyOf oneOf prefixItems")
    | _members(
        Shape.ONE,
        schemas="items additionalProperties not if then else contains propertyNames unevaluatedItems"
        " unevaluatedProperties contentSchema",
    ),
    "examples": {},
    "links": {},
    "securitySchemes": {},
}


def member(kind: str, key: str) -> Member | None:
    """What ``key`` of an object of ``kind`` holds; ``None`` when it holds no OpenAPI object."""
    if kind == "callbacks":
        return None if key.startswith("x-") else Member("pathItems", Shape.ONE)
    return TABLE[kind].get(key)


def entries(shape: Shape, value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The objects a member's value holds with their way from it; a value of the wrong type yields nothing."""
    if shape is Shape.ONE:
        yield (), value
    elif shape is Shape.LIST and isinstance(value, list):
        for index, item in enumerate(value):
            yield (index,), item
    elif isinstance(value, dict) and shape in (Shape.MAP, Shape.EXTENSIBLE_MAP):
        for name, item in value.items():
            if shape is Shape.MAP or not name.startswith("x-"):
                yield (name,), item


@attrs.frozen
class Node:
    """One OpenAPI object in a document: where it is, what it is, and the dictionary itself (not a copy)."""

    pointer: str
    kind: str
    value: dict[str, Any] = attrs.field(repr=False)


def walk(value: Any, kind: str = "document", pointer: str = "") -> Iterator[Node]:
    """Every OpenAPI object at and below ``value``, parents first. References are yielded, not followed."""
    pending = [(pointer, kind, value)]
    while pending:
        at, here, node = pending.pop()
        if not isinstance(node, dict):
            continue
        yield Node(at, here, node)
        below = [
            (pointers.join(at, key, *way), held.kind, item)
            for key, content in node.items()
            if (held := member(here, key)) is not None
            for way, item in entries(held.shape, content)
        ]
        pending.extend(reversed(below))
