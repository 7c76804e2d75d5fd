"""Examples use the ids that the mock is seeded with, so that each request can be sent as it stands.

A path parameter's example is a seeded record, a field or filter that refers to a record names one, and an answer shows
seeded records: the one that the path names, or those of the parent that the path names.
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
SEEDED = "use the id of a record in the mock's seeds"
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
                    member = _member(document, body)
                    here = pointers.join(at, member) if member else at
                    data = mapping(value).get(member) if member else value
                    alone = not _is_union(document, body, member)
                    yield from _answers(here, data, operation, resource, known, alone=alone)
                    yield from _mentions(here, data, known)


def _member(document: Document, body: Body) -> str:
    """The member of an answer that holds its record or records; empty where the answer itself is it."""
    schema = mapping(document.resolve(pointers.join(body.pointer, "schema"), body.value.get("schema"))[1])
    said = text(mapping(schema.get("x-envelope")).get("records"))
    return said or ("data" if "data" in mapping(schema.get("properties")) else "")


class _Ids:
    """Which values a field that refers to a record may have."""

    def __init__(self, document: Document, seeds: Seeds) -> None:
        self._seeds = seeds
        self._references: dict[str, str] = {}
        self._made: set[str] = {"id"}
        for node in document.schemas:
            for name, member in mapping(node.value.get("properties")).items():
                if isinstance(collection := mapping(member).get("x-references"), str):
                    self._references[name] = collection
                if mapping(member).get("x-generated") in {"id", "key"}:
                    self._made.add(name)

    def id_of(self, record: Mapping[str, Any]) -> Any:
        """The id of a record: the first of its members that the server makes as one; None where it has none."""
        return next((value for name, value in record.items() if name in self._made), None)

    def of(self, collection: str) -> list[Any]:
        """The ids of a collection."""
        return [self.id_of(record) for record in self._seeds.get(collection, [])]

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
            yield Finding(at, message, "use the id of a record in the mock's seeds")


def _filters(operation: Operation, collection: str, known: _Ids) -> Iterator[Finding]:
    for at, parameter in operation.parameters:
        field = text(mapping(parameter.get("x-filter")).get("field"))
        ids = known.of(collection) if field == "id" else known.meant(field)
        if parameter.get("in") != "query" or ids is None or "example" not in parameter:
            continue
        if parameter["example"] not in ids:
            name = text(parameter.get("name"))
            message = f"{operation.label}: the example of {name} is the {field} of no seeded record"
            yield Finding(at, message, SEEDED)


def _references(document: Document, body: Body, at: str, value: Any, known: _Ids) -> Iterator[Finding]:
    schema = mapping(document.resolve(pointers.join(body.pointer, "schema"), body.value.get("schema"))[1])
    for name, member in mapping(schema.get("properties")).items():
        collection = mapping(member).get("x-references")
        sent = mapping(value).get(name)
        if not isinstance(collection, str) or not isinstance(sent, str) or not sent:
            continue
        if sent not in known.of(collection):
            here = pointers.join(at, name)
            yield Finding(here, f"{name} names no seeded record of {collection}", "use an id of the mock's seeds")


def _is_union(document: Document, body: Body, member: str) -> bool:
    """Whether records of several shapes come in an answer: one path's example can't name a record of each."""
    schema = mapping(document.resolve(pointers.join(body.pointer, "schema"), body.value.get("schema"))[1])
    record = mapping(schema.get("properties")).get(member) if member else schema
    _, found = document.resolve(body.pointer, record)
    return bool(mapping(found).get("oneOf"))


def _answers(
    at: str, data: Any, operation: Operation, resource: dict[str, Any], known: _Ids, *, alone: bool
) -> Iterator[Finding]:
    action, collection = resource.get("action"), text(resource.get("collection"))
    asked = {parameter.get("name"): parameter.get("example") for _, parameter in operation.parameters}
    key = text(resource.get("key"))
    parent = mapping(resource.get("parent"))
    field, parameter = text(parent.get("field")), text(parent.get("parameter"))
    for record in [data] if isinstance(data, dict) else sequence(data):
        shown = known.id_of(mapping(record))
        if action != "create" and shown is not None and shown not in known.of(collection):
            yield Finding(at, f"the answer shows {shown}, which is no seeded record of {collection}", SEEDED)
        elif action in {"retrieve", "update", "replace", "delete"} and key in asked and alone:
            answered = mapping(record).get(key, shown)
            if answered != asked[key]:
                message = f"the request is about {asked[key]} and the answer about {answered}"
                yield Finding(at, message, f"show the record that the example of {key} names")
        if parent and field in mapping(record) and mapping(record).get(field) != asked.get(parameter):
            message = f"the answer shows {shown}, whose {field} is not the {parameter} asked for"
            yield Finding(at, message, f"show records whose {field} is {asked.get(parameter)}")


def _mentions(at: str, value: Any, known: _Ids) -> Iterator[Finding]:
    """Fields at any depth that name a record which no seed has."""
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _mentions(pointers.join(at, index), member, known)
    for name, member in mapping(value).items():
        here = pointers.join(at, name)
        if isinstance(member, (dict, list)):
            yield from _mentions(here, member, known)
        elif member not in (None, "") and (ids := known.meant(name)) is not None and member not in ids:
            yield Finding(here, f"{name} names {member}, which is no seeded record", SEEDED)


def _examples(document: Document, body: Body) -> Iterator[tuple[str, Any]]:
    for name, listed in mapping(body.value.get("examples")).items():
        at, example = document.resolve(pointers.join(body.pointer, "examples", name), listed)
        yield pointers.join(at, "value"), mapping(example).get("value")
