"""Each webhook says what it is sent after (``x-sent-after``), in words that the rest of the description has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.errors import InputError
from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import events, pointers

SCOPE = Scope.HOUSE


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each webhook that leaves it open, and for each cause that leads nowhere."""
    document = subject.document
    known = {one.id: one for one in document.operations if one.id}
    for name, item in mapping(document.root.get("webhooks")).items():
        at, webhook = document.resolve(pointers.join("/webhooks", name), item)
        told = sequence(mapping(mapping(webhook).get("post")).get("x-sent-after"))
        if not told:
            yield Finding(at, f"{name} does not say what it is sent after", "give it x-sent-after")
        for index, raw in enumerate(told):
            cause = mapping(raw)
            place = pointers.join(at, "post", "x-sent-after", index)
            for fault, fix in _faults(document, name, cause, known):
                yield Finding(place, f"{name}: {fault}", fix)


def _faults(
    document: Document, name: str, cause: dict[str, Any], known: dict[str, Operation]
) -> Iterator[tuple[str, str]]:
    operation = known.get(text(cause.get("operation")))
    if operation is None:
        yield f"there is no operation {cause.get('operation')!r}", "name the operationId that events are sent after"
        return
    taken = _members(document, operation)
    paths = [text(cause.get("address")), *mapping(cause.get("given"))]
    for path in paths:
        member, _, inner = path.partition(".")
        if member not in taken:
            yield f"{operation.id} takes no {member!r}", "address and given name members of the request"
        elif inner and not text(mapping(taken[member]).get("x-references")):
            yield f"{member} names no record", "a path with a dot needs a member with x-references before it"
    listed = sequence(cause.get("events"))
    try:
        types = events.types(document.root, name)
    except InputError:
        return  # webhook_payload_named tells of it
    if not listed:
        yield "no event is named", "list the types of the events, in the order in which they are sent"
    for one in listed:
        if one not in types:
            yield f"its schema has no type {one!r}", f"choose from {', '.join(types)}"


def _members(document: Document, operation: Operation) -> dict[str, Any]:
    """The properties of the JSON body that an operation takes."""
    _, body = document.resolve(operation.pointer, operation.value.get("requestBody"))
    for media in mapping(mapping(body).get("content")).values():
        _, schema = document.resolve(operation.pointer, mapping(media).get("schema"))
        return mapping(mapping(schema).get("properties"))
    return {}
