"""A schema's suffix tells what it is for.

``…Create``, ``…Update``, ``…Replace`` and ``…Action`` are sent, ``…Response`` has ``data``, ``…ListResponse`` has
``data`` and ``meta``, or what its ``x-envelope`` names instead. A record that is answered with nothing around it has
its own name, and so it is in all answers about the records of its collection.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import answers
from scripts.lint.document import Body, Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
# Methods whose body is a whole record, a change, or an action's own arguments.
SENT = {"post": ("Create", "Action"), "put": ("Create", "Replace"), "patch": ("Update",)}
REQUESTS = ("Create", "Update", "Replace", "Action")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each body whose schema has another suffix, and each suffix without its fields."""
    document = subject.document
    wrapped = _wrapped(document)
    for operation in document.operations:
        for body in document.bodies(operation):
            name = text(mapping(body.value.get("schema")).get("$ref")).rpartition("/")[2]
            bare = body.role.startswith("2") and _is_bare(document, operation, body)
            if bare and _stored(operation) in wrapped:
                others = f"unlike other answers about {_stored(operation)}"
                message = f"{operation.label} {body.role}: {name} has no data, {others}"
                yield Finding(body.pointer, message, "refer to a component named …Response that has it")
            elif bare and name.endswith(REQUESTS):
                message = f"{operation.label} {body.role}: the schema is {name}"
                yield Finding(body.pointer, message, "refer to the record itself, or to a component named …Response")
            elif not bare and (wanted := _wanted(operation, body)) and not name.endswith(wanted):
                fix = f"refer to a component named …{' or …'.join(wanted)}"
                yield Finding(body.pointer, f"{operation.label} {body.role}: the schema is {name or 'unnamed'}", fix)
    yield from _without_fields(document)


def _without_fields(document: Document) -> Iterator[Finding]:
    for name, schema in document.components("schemas").items():
        fields = mapping(mapping(schema).get("properties"))
        if not fields and "properties" not in mapping(schema):
            continue  # an answer that is a text or a list has no members
        needed = {"data", "meta"} if name.endswith("ListResponse") else {"data"} if name.endswith("Response") else set()
        if said := mapping(mapping(schema).get("x-envelope")):
            needed = {text(member) for member in said.values()}
        if missing := sorted(needed - set(fields)):
            at = pointers.join("/components/schemas", name)
            yield Finding(at, f"{name} has no {' and '.join(missing)}", "rename it, or describe the field")


def _wrapped(document: Document) -> set[str]:
    """The collections that an answer about one of their records has under ``data``."""
    return {
        _stored(operation)
        for operation in document.operations
        for body in answers.successes(document, operation)
        if _stored(operation) and answers.member(answers.schema_of(document, body)[1])
    }


def _stored(operation: Operation) -> str:
    """The collection whose record the answer is; empty where a list is, or what was computed."""
    resource = mapping(operation.value.get("x-resource"))
    return "" if resource.get("action") in {"list", "compute"} else text(resource.get("collection"))


def _is_bare(document: Document, operation: Operation, body: Body) -> bool:
    """Whether an answer is a named record with nothing around it."""
    _, schema = answers.schema_of(document, body)
    if (
        "$ref" not in mapping(body.value.get("schema"))
        or mapping(operation.value.get("x-resource")).get("action") == "list"
    ):
        return False
    return not answers.member(schema) and "x-envelope" not in schema and "object" in types(schema)


def _wanted(operation: Operation, body: Body) -> tuple[str, ...]:
    action = mapping(operation.value.get("x-resource")).get("action")
    if body.role == "request":
        return ("Update",) if action == "update" else SENT.get(operation.method, ())
    if not body.role.startswith("2"):
        return ()
    return ("ListResponse",) if action == "list" else ("Response",)
