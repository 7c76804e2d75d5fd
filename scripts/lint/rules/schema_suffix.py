"""A schema's suffix tells what it is for.

``…Create`` and ``…Update`` are sent, ``…Response`` has ``data``, ``…ListResponse`` has ``data`` and ``meta``.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.document import Body, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
# Methods whose body is a whole record, a change, or an action's own arguments.
SENT = {"post": ("Create", "Action"), "put": ("Create", "Replace"), "patch": ("Update",)}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each body whose schema has another suffix, and each suffix without its fields."""
    for operation in subject.document.operations:
        for body in subject.document.bodies(operation):
            name = text(mapping(body.value.get("schema")).get("$ref")).rpartition("/")[2]
            wanted = _wanted(operation, body)
            if wanted and not name.endswith(wanted):
                fix = f"refer to a component named …{' or …'.join(wanted)}"
                yield Finding(body.pointer, f"{operation.label} {body.role}: the schema is {name or 'unnamed'}", fix)
    for name, schema in subject.document.components("schemas").items():
        fields = set(mapping(mapping(schema).get("properties")))
        said = mapping(mapping(schema).get("x-envelope"))
        is_list = name.endswith("ListResponse")
        needed = {"data", "meta"} if is_list else {"data"} if name.endswith("Response") else set()
        if "properties" not in mapping(schema):
            continue  # an answer that is a text or a list has no members
        needed = {text(member) for member in said.values()} if said else needed
        if missing := sorted(needed - fields):
            at = pointers.join("/components/schemas", name)
            yield Finding(at, f"{name} has no {' and '.join(missing)}", "rename it, or describe the field")


def _wanted(operation: Operation, body: Body) -> tuple[str, ...]:
    if body.role == "request":
        return SENT.get(operation.method, ())
    if not body.role.startswith("2"):
        return ()
    action = mapping(operation.value.get("x-resource")).get("action")
    return ("ListResponse",) if action == "list" else ("Response",)
