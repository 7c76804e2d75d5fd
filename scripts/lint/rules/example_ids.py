"""Examples use the ids that the mock is seeded with, so that each request can be sent as it stands.

A path parameter's example is a seeded record, a field that refers to a record names one, and an answer about records
shows seeded ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.lint.document import Body, Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
Seeds = Mapping[str, list[dict[str, Any]]]


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each id that no seed has or that does not fit the request."""
    if subject.house is None:
        return
    document, seeds = subject.document, subject.house.seeds
    for operation in document.operations:
        resource = mapping(operation.value.get("x-resource"))
        collection = text(resource.get("collection"))
        yield from _path(operation, resource, seeds)
        for body in document.bodies(operation):
            for at, value in _examples(document, body):
                if body.role == "request":
                    yield from _references(document, body, at, value, seeds)
                elif body.role.startswith("2") and resource.get("action") not in {"create", "compute"}:
                    yield from _answers(at, value, collection, seeds)


def _path(operation: Operation, resource: dict[str, Any], seeds: Seeds) -> Iterator[Finding]:
    parent = mapping(resource.get("parent"))
    for at, parameter in operation.parameters:
        name = parameter.get("name")
        if parameter.get("in") != "path":
            continue
        collection = parent.get("collection") if name == parent.get("parameter") else resource.get("collection")
        ids = {record.get("id") for record in seeds.get(text(collection), [])}
        if parameter.get("example") not in ids:
            message = f"{operation.label}: the example of {name} is no seeded record of {collection}"
            yield Finding(at, message, "use the id of a record in the mock's seeds")


def _references(document: Document, body: Body, at: str, value: Any, seeds: Seeds) -> Iterator[Finding]:
    schema = mapping(document.resolve(pointers.join(body.pointer, "schema"), body.value.get("schema"))[1])
    for name, member in mapping(schema.get("properties")).items():
        collection = mapping(member).get("x-references")
        sent = mapping(value).get(name)
        if not isinstance(collection, str) or not isinstance(sent, str) or not sent:
            continue
        if sent not in {record.get("id") for record in seeds.get(collection, [])}:
            here = pointers.join(at, name)
            yield Finding(here, f"{name} names no seeded record of {collection}", "use an id of the mock's seeds")


def _answers(at: str, value: Any, collection: str, seeds: Seeds) -> Iterator[Finding]:
    data = mapping(value).get("data")
    ids = {record.get("id") for record in seeds.get(collection, [])}
    for record in [data] if isinstance(data, dict) else sequence(data):
        shown = mapping(record).get("id")
        if shown is not None and shown not in ids:
            message = f"the answer shows {shown}, which is no seeded record of {collection}"
            yield Finding(pointers.join(at, "data"), message, "use the id of a record in the mock's seeds")


def _examples(document: Document, body: Body) -> Iterator[tuple[str, Any]]:
    for name, listed in mapping(body.value.get("examples")).items():
        at, example = document.resolve(pointers.join(body.pointer, "examples", name), listed)
        yield pointers.join(at, "value"), mapping(example).get("value")
