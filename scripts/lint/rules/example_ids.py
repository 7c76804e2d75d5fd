"""Examples use the ids that the mock is seeded with, so that each request can be sent as it stands.

A path parameter's example is a seeded record, a field or filter that refers to a record names one, and an answer shows
seeded records: the one that the path names, or those of the parent that the path names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.lint import answers
from scripts.lint.document import Body, Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
SEEDED = "use the id of a record in the mock's seeds"
BY_ID = frozenset({"retrieve", "update", "replace", "delete"})
Seeds = Mapping[str, list[dict[str, Any]]]


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each id that no seed has or that does not fit the request."""
    if subject.house is None:
        return
    document, seeds = subject.document, subject.house.seeds
    known = _Ids(document, seeds)
    for operation in document.operations:
        resource = mapping(operation.value.get("x-resource"))
        yield from _path(operation, resource, known)
        yield from _filters(operation, text(resource.get("collection")), known)
        for body in document.bodies(operation):
            for at, value in _examples(document, body):
                if body.role == "request":
                    yield from _references(document, body, at, value, known)
                elif body.role.startswith("2"):
                    yield from _answer(document, operation, body, at, value, known)


class _Ids:
    """Which member identifies the records of each collection, and which values a field that refers to one may have."""

    def __init__(self, document: Document, seeds: Seeds) -> None:
        self._seeds = seeds
        self._references: dict[str, str] = {}
        self._identifying: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for node in document.schemas:
            for name, member in mapping(node.value.get("properties")).items():
                if isinstance(collection := mapping(member).get("x-references"), str):
                    self._references[name] = collection
        for operation in document.operations:
            resource = mapping(operation.value.get("x-resource"))
            if resource.get("action") == "compute":
                continue
            collection = text(resource.get("collection"))
            for body in answers.successes(document, operation):
                for at, record in answers.records(document, body):
                    self._shown.setdefault(at, collection)
                    if name := answers.identifying(record):
                        self._identifying.setdefault(collection, name)

    def name_of(self, collection: str) -> str:
        """The member that identifies the records of a collection."""
        return self._identifying.get(collection, "id")

    def of(self, collection: str) -> list[Any]:
        """The ids of a collection."""
        name = self.name_of(collection)
        return [record.get(name) for record in self._seeds.get(collection, [])]

    def collection_of(self, record: str) -> str | None:
        """The collection whose own operations show records of the schema at a pointer."""
        return self._shown.get(record)

    def meant(self, name: str) -> list[Any] | None:
        """The ids that a field may name; ``None`` when what it refers to is nothing that the mock keeps."""
        if name in self._references:
            return self.of(self._references[name])
        collection = f"{name.removesuffix('_id')}s"
        return self.of(collection) if name.endswith("_id") and collection in self._seeds else None


def _path(operation: Operation, resource: dict[str, Any], known: _Ids) -> Iterator[Finding]:
    parent = mapping(resource.get("parent"))
    addressing = {resource.get("key"), parent.get("parameter")}
    for at, parameter in operation.parameters:
        name = parameter.get("name")
        if parameter.get("in") != "path" or name not in addressing:
            continue
        collection = parent.get("collection") if name == parent.get("parameter") else resource.get("collection")
        if parameter.get("example") not in known.of(text(collection)):
            message = f"{operation.label}: the example of {name} is no seeded record of {collection}"
            yield Finding(at, message, SEEDED)


def _filters(operation: Operation, collection: str, known: _Ids) -> Iterator[Finding]:
    for at, parameter in operation.parameters:
        field = text(mapping(parameter.get("x-filter")).get("field"))
        ids = known.of(collection) if field in {"id", known.name_of(collection)} else known.meant(field)
        if parameter.get("in") != "query" or ids is None or "example" not in parameter:
            continue
        if parameter["example"] not in ids:
            name = text(parameter.get("name"))
            message = f"{operation.label}: the example of {name} is the {field} of no seeded record"
            yield Finding(at, message, SEEDED)


def _references(document: Document, body: Body, at: str, value: Any, known: _Ids) -> Iterator[Finding]:
    _, schema = answers.schema_of(document, body)
    for name, member in mapping(schema.get("properties")).items():
        collection = mapping(member).get("x-references")
        sent = mapping(value).get(name)
        if not isinstance(collection, str) or not isinstance(sent, str) or not sent:
            continue
        if sent not in known.of(collection):
            here = pointers.join(at, name)
            yield Finding(here, f"{name} names no seeded record of {collection}", "use an id of the mock's seeds")


def _answer(
    document: Document, operation: Operation, body: Body, at: str, value: Any, known: _Ids
) -> Iterator[Finding]:
    resource = mapping(operation.value.get("x-resource"))
    member = answers.member(answers.schema_of(document, body)[1])
    here = pointers.join(at, member) if member else at
    shapes = list(answers.records(document, body))
    data = mapping(value).get(member) if member else value
    listed = isinstance(data, list)
    for index, record in enumerate(sequence(data) if listed else [data]):
        own = next((name for _, shape in shapes if (name := answers.identifying(shape)) in mapping(record)), "")
        shown = mapping(record).get(own)
        if shown is not None:
            kept = _kept(operation, shapes, known)
            # Of several shapes one path's example can't name a record of each.
            asked = text(resource.get("key")) if len(shapes) == 1 and resource.get("action") in BY_ID else ""
            yield from _shown(here, mapping(record).get(asked, shown), operation, kept, asked, known)
        yield from _parent(here, mapping(record), shown, operation, resource)
        yield from _mentions(pointers.join(here, index) if listed else here, record, known, own)


def _kept(operation: Operation, shapes: list[tuple[str, Any]], known: _Ids) -> str | None:
    """The collection that the shown record must be in; None for one that the operation may have made."""
    resource = mapping(operation.value.get("x-resource"))
    collection = text(resource.get("collection"))
    if resource.get("action") == "create":
        return None
    others = {owner for at, _ in shapes if (owner := known.collection_of(at))} - {collection}
    if resource.get("action") != "compute" or not others:
        return collection
    # Something is done with one record and another comes of it.
    return min(others) if operation.method in {"get", "delete"} else None


def _shown(
    at: str, shown: Any, operation: Operation, collection: str | None, key: str, known: _Ids
) -> Iterator[Finding]:
    asked = {parameter.get("name"): parameter.get("example") for _, parameter in operation.parameters}
    if collection is not None and shown not in known.of(collection):
        yield Finding(at, f"the answer shows {shown}, which is no seeded record of {collection}", SEEDED)
    elif key in asked and shown != asked[key]:
        message = f"the request is about {asked[key]} and the answer about {shown}"
        yield Finding(at, message, f"show the record that the example of {key} names")


def _parent(
    at: str, record: dict[str, Any], shown: Any, operation: Operation, resource: dict[str, Any]
) -> Iterator[Finding]:
    asked = {parameter.get("name"): parameter.get("example") for _, parameter in operation.parameters}
    parent = mapping(resource.get("parent"))
    field, parameter = text(parent.get("field")), text(parent.get("parameter"))
    if parent and field in record and record[field] != asked.get(parameter):
        message = f"the answer shows {shown}, whose {field} is not the {parameter} asked for"
        yield Finding(at, message, f"show records whose {field} is {asked.get(parameter)}")


def _mentions(at: str, value: Any, known: _Ids, own: str = "") -> Iterator[Finding]:
    """Fields at any depth that name a record which no seed has; ``own`` names the record itself."""
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _mentions(pointers.join(at, index), member, known)
    for name, member in mapping(value).items():
        here = pointers.join(at, name)
        if isinstance(member, (dict, list)):
            yield from _mentions(here, member, known)
        elif name == own or member in (None, ""):
            continue
        elif (ids := known.meant(name)) is not None and member not in ids:
            yield Finding(here, f"{name} names {member}, which is no seeded record", SEEDED)


def _examples(document: Document, body: Body) -> Iterator[tuple[str, Any]]:
    for name, listed in mapping(body.value.get("examples")).items():
        at, example = document.resolve(pointers.join(body.pointer, "examples", name), listed)
        yield pointers.join(at, "value"), mapping(example).get("value")
