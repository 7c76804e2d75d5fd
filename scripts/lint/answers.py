"""What an answer shows: its record or records, in an envelope or bare, and which member identifies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.lint.document import Body, Document, Operation
from scripts.lint.reading import mapping, sequence, text
from scripts.pipeline import pointers

# How the server makes a member that identifies a record: by itself, or from what the client gave.
IDENTIFYING = frozenset({"id", "key"})
Schema = dict[str, Any]


def schema_of(document: Document, body: Body) -> tuple[str, Schema]:
    """Pointer and schema of a body, references followed; an empty schema where it has none."""
    at, found = document.resolve(pointers.join(body.pointer, "schema"), body.value.get("schema"))
    return at, mapping(found)


def member(schema: Schema) -> str:
    """The member of an answer that holds its record or records; empty where the answer itself is it."""
    said = text(mapping(schema.get("x-envelope")).get("records"))
    return said or ("data" if "data" in mapping(schema.get("properties")) else "")


def records(document: Document, body: Body) -> Iterator[tuple[str, Schema]]:
    """Pointer and schema of what an answer shows: one, or of a union (``oneOf``) each of its members."""
    at, schema = schema_of(document, body)
    if name := member(schema):
        at = pointers.join(at, "properties", name)
        at, found = document.resolve(at, mapping(schema.get("properties")).get(name))
        schema = mapping(found)
    if "items" in schema:
        at, found = document.resolve(pointers.join(at, "items"), schema["items"])
        schema = mapping(found)
    if "oneOf" not in schema:
        yield at, schema
        return
    for index, branch in enumerate(sequence(schema["oneOf"])):
        there, found = document.resolve(pointers.join(at, "oneOf", index), branch)
        yield there, mapping(found)


def identifying(schema: Mapping[str, Any]) -> str:
    """The first member of a record that identifies it; empty where none does."""
    members = mapping(schema.get("properties"))
    made = (name for name, one in members.items() if mapping(one).get("x-generated") in IDENTIFYING)
    return next(made, "id" if "id" in members else "")


def successes(document: Document, operation: Operation) -> Iterator[Body]:
    """The bodies of an operation's 2xx answers."""
    return (body for body in document.bodies(operation) if body.role.startswith("2"))
