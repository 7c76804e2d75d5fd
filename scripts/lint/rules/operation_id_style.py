"""An operationId is a verb and an object in camelCase, and the verb suits the method.

``list`` and ``retrieve`` for GET, ``create`` or an action's own verb for POST, ``replace`` PUT, ``update`` PATCH,
``delete`` DELETE; the verb agrees with ``x-resource``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.document import Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"(?P<verb>[a-z]+)[A-Z][A-Za-z0-9]*")
VERBS = {
    "get": frozenset({"list", "retrieve"}),
    "put": frozenset({"replace"}),
    "patch": frozenset({"update"}),
    "delete": frozenset({"delete"}),
}
# Verbs of other methods; POST takes create and verbs of actions.
TAKEN = frozenset({"list", "retrieve", "replace", "update", "delete", "get", "fetch", "post", "add"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each operationId of another style."""
    for operation in subject.document.operations:
        fault = _fault(operation)
        if operation.id and fault is not None:
            at = pointers.join(operation.pointer, "operationId")
            yield Finding(at, f"{operation.id}: {fault[0]}", fault[1])


def _fault(operation: Operation) -> tuple[str, str] | None:
    found = STYLE.fullmatch(operation.id)
    if found is None or re.search(r"[A-Z]{2}", operation.id):
        return "is no verb and object in camelCase", "write it like listMessagingProfiles, acronyms as words"
    verb = found["verb"]
    allowed = VERBS.get(operation.method)
    if allowed is not None and verb not in allowed:
        return f"{operation.method.upper()} does not {verb}", f"begin with {' or '.join(sorted(allowed))}"
    if allowed is None and verb in TAKEN:
        return f"{operation.method.upper()} does not {verb}", "begin with create, or with the verb of the action"
    action = mapping(operation.value.get("x-resource")).get("action")
    if action in {"list", "create", "retrieve", "update", "delete"} and action != verb:
        return f"x-resource says {action}", "let the verb and x-resource agree"
    return None
