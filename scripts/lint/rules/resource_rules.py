"""Each operation says which records it works on (``x-resource``) and which method of the vendor's library it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.HOUSE
ACTIONS = frozenset({"list", "create", "retrieve", "update", "replace", "delete", "compute"})
BY_ID = frozenset({"retrieve", "update", "replace", "delete"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each operation that leaves it open or contradicts itself."""
    methods: dict[str, Operation] = {}
    seeds = subject.house.seeds if subject.house else {}
    for operation in subject.document.operations:
        resource = mapping(operation.value.get("x-resource"))
        for fault, fix in _faults(subject.document, operation, resource, set(seeds)):
            yield Finding(operation.pointer, f"{operation.label}: {fault}", fix)
        sdk = text(operation.value.get("x-sdk-method"))
        if not sdk:
            yield Finding(operation.pointer, f"{operation.label} has no x-sdk-method", "name the library's method")
        elif (other := methods.setdefault(sdk, operation)) is not operation:
            yield Finding(operation.pointer, f"x-sdk-method {sdk} is taken by {other.label}", "name its own")


def _is_choice(document: Document, parameter: dict[str, Any]) -> bool:
    """Whether a parameter takes one of the words of an enum."""
    return "enum" in mapping(document.resolve("", parameter.get("schema"))[1])


def _faults(
    document: Document, operation: Operation, resource: dict[str, Any], collections: set[str]
) -> Iterator[tuple[str, str]]:
    places = {text(p.get("name")) for _, p in operation.parameters if p.get("in") == "path"}
    chosen = {text(p.get("name")) for _, p in operation.parameters if _is_choice(document, p)}
    parent = mapping(resource.get("parent"))
    action = resource.get("action")
    if action not in ACTIONS or not text(resource.get("collection")):
        yield "x-resource names no collection and action", f"give it collection and one of {', '.join(sorted(ACTIONS))}"
        return
    if collections and resource["collection"] not in collections:
        yield (
            f"the mock has no seeds of {resource['collection']}",
            "add a seed file of this name, if only an empty list",
        )
    if action in BY_ID and resource.get("key") not in places:
        yield "x-resource has no key among the path parameters", "let key name the path parameter that holds the id"
    if parent and (parent.get("parameter") not in places or not parent.get("field") or not parent.get("collection")):
        yield "the parent of x-resource is incomplete", "give it collection, parameter (in the path) and field"
    # What is computed for one of a few words, which no record has as its id, needs no record.
    addressed = places - chosen if action == "compute" else places
    if addressed and not parent and resource.get("key") not in places:
        yield "x-resource uses none of the path parameters", "say with key or parent what they address"
    for rule in sequence(operation.value.get("x-rule-errors")):
        entry = mapping(rule)
        if not isinstance(entry.get("status"), int) or not text(entry.get("code")) or not text(entry.get("when")):
            yield "an entry of x-rule-errors is incomplete", "give it status (number), code (text) and when"
