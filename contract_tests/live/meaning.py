"""What a request body would do, read from the description: effects of its fields, records it names, people it reaches.

Branches of ``anyOf``, ``oneOf`` and ``allOf`` all count: whatever one of them says about a value holds for the gate.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Description, Operation

Schema = Mapping[str, Any]
DEPTH = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A value inside of a body: the names that lead to it, all schemas that speak about it, and the value."""

    path: tuple[str, ...]
    schemas: tuple[Schema, ...]
    value: Any

    @property
    def pointer(self) -> str:
        """RFC 6901 pointer from the body."""
        return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in self.path)

    @property
    def described(self) -> bool:
        """Whether any schema speaks about it."""
        return bool(self.schemas)

    def said(self, keyword: str) -> Iterator[Any]:
        """What the schemas say under a keyword."""
        yield from (schema[keyword] for schema in self.schemas if keyword in schema)


def parts(description: Description, operation: Operation, body: Mapping[str, Any]) -> tuple[Part, ...]:
    """Every member of a body at any depth, the body itself left out."""
    schema = description.request_schema(operation)
    whole = Part((), () if schema is None else tuple(_opened(description, schema)), body)
    return tuple(_below(description, whole, 0))


def _below(description: Description, part: Part, depth: int) -> Iterator[Part]:
    for name, value in _members(part.value):
        # Below that depth nothing was looked at, so nothing there counts as described.
        schemas = tuple(
            opened
            for schema in (part.schemas if depth <= DEPTH else ())
            for node in _nodes(schema, name, part.value)
            for opened in _opened(description, node)
        )
        inner = Part((*part.path, name), schemas, value)
        yield inner
        # What nobody describes is one part: there is nothing to learn about its members.
        if inner.described:
            yield from _below(description, inner, depth + 1)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(position), item) for position, item in enumerate(value))


def _nodes(schema: Schema, name: str, value: Any) -> Iterator[Schema]:
    if isinstance(value, list):
        if isinstance(schema.get("items"), Mapping):
            yield schema["items"]
        return
    if name in schema.get("properties", {}):
        yield schema["properties"][name]
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield schema["additionalProperties"]
    elif schema.get("additionalProperties") is True:
        yield {"type": ["null", "boolean", "number", "string", "array", "object"]}


def _opened(description: Description, node: Schema) -> Iterator[Schema]:
    """A schema, what it refers to, and its branches."""
    yield node
    if "$ref" in node:
        yield from _opened(description, description.resolve(node))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in node.get(keyword, ()):
            yield from _opened(description, branch)


def effects(operation: Operation, body: tuple[Part, ...]) -> frozenset[str]:
    """What the request does: the operation's effects and those of each field that is set."""
    found = set(operation.effects)
    for part in body:
        for said in part.said("x-effect"):
            found |= set(said)
    return frozenset(found)


def references(body: tuple[Part, ...]) -> Iterator[tuple[Part, str, Any]]:
    """Place, collection and value of each field that names a record; empty texts and null name none."""
    for part in body:
        for collection in part.said("x-references"):
            for value in part.value if isinstance(part.value, list) else [part.value]:
                if value not in (None, ""):
                    yield part, str(collection), value


def recipients(body: tuple[Part, ...]) -> list[str]:
    """Whom the request would contact: the values of fields marked ``x-recipient``."""
    found: list[str] = []
    for part in body:
        if any(part.said("x-recipient")):
            found += [str(one) for one in (part.value if isinstance(part.value, list) else [part.value])]
    return found


@functools.lru_cache(maxsize=64)
def label_field(description: Description, collection: str) -> str | None:
    """The field of a new record that carries the mark of the run: ``x-label`` in the request that creates one."""
    for operation in description.with_action(collection, "create"):
        schema = description.request_schema(operation)
        for name, field in description.properties(schema).items() if schema else ():
            if field.get("x-label"):
                return name
    return None
