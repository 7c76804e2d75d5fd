"""An operationId is a verb and an object in camelCase, and the verb suits the method.

``list`` and ``retrieve`` for GET, ``create`` or an action's own verb for POST, ``replace`` PUT, ``update`` PATCH,
``delete`` DELETE; the verb agrees with ``x-resource``. A PUT that keeps what is left out is an ``update``, and one
that is neither, or a DELETE that takes no record away (``compute``), may have an action's own verb.
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
# Actions whose names are the verbs.
STORED = frozenset({"list", "create", "retrieve", "update", "replace", "delete"})
# Methods that may do something else than their verbs say, where nothing is simply stored or removed.
OWN_VERB = frozenset({"put", "delete"})
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
    action = mapping(operation.value.get("x-resource")).get("action")
    allowed = VERBS.get(operation.method)
    if operation.method == "put" and action == "update":
        allowed = frozenset({"update"})
    if operation.method in OWN_VERB and action == "compute" and verb not in TAKEN | {"create"}:
        return None
    if allowed is not None and verb not in allowed:
        return f"{operation.method.upper()} does not {verb}", f"begin with {' or '.join(sorted(allowed))}"
    if allowed is None and verb in TAKEN:
        return f"{operation.method.upper()} does not {verb}", "begin with create, or with the verb of the action"
    if action in STORED and action != verb:
        return f"x-resource says {action}", "let the verb and x-resource agree"
    return None
