"""The resources of a description: which operations work on a collection, and what its fields promise.

Everything comes from ``x-resource`` and the extensions at the properties, so a resource that is added to the
description is covered by the rules without a line of code.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.description import Description, Operation

Schema = Mapping[str, Any]


def unwrap(description: Description, node: Schema) -> tuple[dict[str, Any], bool]:
    """A schema without its wrapping and whether null is allowed: references followed, the null branch taken off.

    Keywords beside a ``$ref`` or an ``anyOf`` win over those inside; of several branches the first that is not
    null stands for all.
    """
    schema: dict[str, Any] = {**description.resolve(node), **{key: node[key] for key in node if key != "$ref"}}
    nullable = False
    for keyword in ("anyOf", "oneOf"):
        branches = schema.pop(keyword, None)
        if not branches:
            continue
        inner = [unwrap(description, branch) for branch in branches]
        nullable = nullable or any(may_be_null or one.get("type") == "null" for one, may_be_null in inner)
        rest = [one for one, _ in inner if one.get("type") != "null"]
        schema = {**(rest[0] if rest else {}), **schema}
    if isinstance(schema.get("type"), list):
        types = [name for name in schema["type"] if name != "null"]
        nullable = nullable or "null" in schema["type"]
        schema["type"] = types[0] if types else "null"
    return schema, nullable


@dataclass(frozen=True, slots=True)
class Field:
    """One property: ``schema`` is unwrapped, the rest are the extensions of ``openapi/README.md``."""

    name: str
    schema: Schema
    nullable: bool
    required: bool

    @property
    def read_only(self) -> bool:
        """Whether a request that sets it has no effect."""
        return bool(self.schema.get("readOnly"))

    @property
    def generated(self) -> str | None:
        """How the server makes it (``id``, ``created-at``, …), None when it does not."""
        value: str | None = self.schema.get("x-generated")
        return value

    @property
    def varies(self) -> bool:
        """Whether the server may change it by itself."""
        return bool(self.schema.get("x-server-varies"))

    @property
    def follows(self) -> str | None:
        """The field of the same record with which it changes."""
        value: str | None = self.schema.get("x-follows")
        return value

    @property
    def on_null(self) -> str | None:
        """``keep`` or ``clear``: what null does in an update; None when it does nothing special."""
        value: str | None = self.schema.get("x-on-null")
        return value

    @property
    def on_empty_string(self) -> str | None:
        """``clear`` or ``keep``: what an empty text does in an update."""
        value: str | None = self.schema.get("x-on-empty-string")
        return value

    @property
    def references(self) -> str | None:
        """The collection whose record id the value must be."""
        value: str | None = self.schema.get("x-references")
        return value

    @property
    def on_object(self) -> str | None:
        """``merge``: an object in an update is merged into the stored one instead of replacing it."""
        value: str | None = self.schema.get("x-on-object")
        return value

    @property
    def ignored_unless_in(self) -> str | None:
        """The record field that lists the values an update can set; any other is accepted and changes nothing."""
        value: str | None = self.schema.get("x-ignored-unless-in")
        return value

    @property
    def required_while_unset(self) -> bool:
        """Whether an update needs it as long as the stored record has none."""
        return bool(self.schema.get("x-required-while-unset"))

    @property
    def missing_error(self) -> tuple[int, str] | None:
        """Status and code of a request that lacks it, where they differ from the usual ones."""
        value = self.schema.get("x-missing-error")
        return (int(value["status"]), str(value["code"])) if value else None

    @property
    def takes_null(self) -> bool:
        """Whether null is a valid value in a request."""
        return self.nullable or self.on_null is not None


@dataclass(frozen=True)
class Resource:
    """The operations of one collection; ``children`` are its lists below a record of another collection."""

    collection: str
    description: Description
    create: Operation | None
    retrieve: Operation | None
    update: Operation | None
    replace: Operation | None
    delete: Operation | None
    list: Operation | None
    children: tuple[Operation, ...]
    computes: tuple[Operation, ...]

    def written(self, operation: Operation) -> dict[str, Field]:
        """The properties of an operation's request that it can set."""
        return dict(_sent(self.description, operation.operation_id))

    @functools.cached_property
    def record(self) -> dict[str, Field]:
        """The properties of a record, as the most specific answer describes them."""
        for operation in (self.retrieve, self.update, self.replace, self.create, self.list, *self.children):
            schema = self.description.record_schema(operation) if operation else None
            if schema is not None:
                return fields(self.description, schema)
        return {}

    @functools.cached_property
    def id_field(self) -> str:
        """The record property that holds the id."""
        return next((name for name, field in self.record.items() if field.generated in {"id", "key"}), "id")

    def generated(self, how: str) -> tuple[str, ...]:
        """The record properties that the server makes in this way."""
        return tuple(name for name, field in self.record.items() if field.generated == how)

    @property
    def lister(self) -> Operation | None:
        """The list in which a new record stands: that of all, or the one below the record that it is made below."""
        below = self.create.resource.parent if self.create and self.create.resource else None
        beside = (one for one in self.children if below and one.resource and one.resource.parent == below)
        return self.list or next(beside, None)

    @property
    def ending(self) -> Operation | None:
        """What takes a record out of use: its deletion, or a DELETE that does something else with it."""
        others = (one for one in self.computes if one.method == "delete" and one.resource and one.resource.key)
        return self.delete or next(others, None)

    @functools.cached_property
    def makers(self) -> tuple[Operation, ...]:
        """What makes a record without being its creation: a POST that answers one with the id that it has from then."""
        posts = (one for one in self.computes if one.method == "post" and "{" not in one.path)
        return tuple(one for one in posts if self.identifies(one))

    @property
    def maker(self) -> Operation | None:
        """The first of ``makers``."""
        return next(iter(self.makers), None)

    def identifies(self, operation: Operation) -> bool:
        """Whether the answer of an operation is one of these records, and shows its id."""
        answered = self.answered(operation).get(self.id_field) if self.id_field in self.record else None
        return answered is not None and answered.generated in {"id", "key"}

    def answered(self, operation: Operation) -> dict[str, Field]:
        """The properties of the record that an operation answers; none where it answers something else."""
        schema = self.description.record_schema(operation)
        return {} if schema is None else fields(self.description, schema)

    @property
    def keyed(self) -> tuple[Operation, ...]:
        """The operations that address one record of this collection by a path parameter."""
        single = (self.retrieve, self.update, self.replace, self.delete, *self.computes)
        return tuple(one for one in single if one is not None and one.resource is not None and one.resource.key)


def fields(description: Description, schema: Schema) -> dict[str, Field]:
    """The properties of an object schema, unwrapped; of a union (``oneOf``) those of all its members.

    The first member that has one stands for it, and nothing of a union is required.
    """
    resolved = description.resolve(schema)
    required = set(resolved.get("required", ()))
    found: dict[str, Field] = {}
    for member in reversed(resolved.get("oneOf", ())):
        found |= {name: replace(field, required=False) for name, field in fields(description, member).items()}
    for name, node in resolved.get("properties", {}).items():
        inner, nullable = unwrap(description, node)
        found[name] = Field(name, inner, nullable, name in required)
    return found


@functools.lru_cache(maxsize=512)
def shown_by(description: Description, operation_id: str) -> frozenset[str]:
    """The members that a record has in the answers of an operation, by its description; empty where it says none."""
    operation = description.by_id.get(operation_id)
    schema = None if operation is None else description.record_schema(operation)
    return frozenset(() if schema is None else description.properties(schema))


def resources(description: Description) -> tuple[Resource, ...]:
    """Every collection of the description, sorted by name."""
    return tuple(by_collection(description, collection) for collection in description.collections)


@functools.lru_cache(maxsize=256)
def _sent(description: Description, operation_id: str) -> dict[str, Field]:
    schema = description.request_schema(description.by_id[operation_id])
    found = {} if schema is None else fields(description, schema)
    return {name: field for name, field in found.items() if not field.read_only}


@functools.lru_cache(maxsize=256)
def by_collection(description: Description, collection: str) -> Resource:
    """The resource of one collection; made once per description, as the rules ask for it at every step."""

    def only(action: str) -> Operation | None:
        return next(iter(description.with_action(collection, action)), None)

    lists = description.with_action(collection, "list")
    return Resource(
        collection=collection,
        description=description,
        create=only("create"),
        retrieve=only("retrieve"),
        update=only("update"),
        replace=only("replace"),
        delete=only("delete"),
        list=next((one for one in lists if one.resource and one.resource.parent is None), None),
        children=tuple(one for one in lists if one.resource and one.resource.parent is not None),
        computes=description.with_action(collection, "compute"),
    )


def path_parameter(operation: Operation) -> str:
    """The name of an operation's only path parameter; ``ValueError`` when it has none or several."""
    names = [parameter["name"] for parameter in operation.parameters if parameter["in"] == "path"]
    if len(names) != 1:
        raise ValueError(f"{operation.operation_id} has {len(names)} path parameters, the rules address one")
    name: str = names[0]
    return name


@functools.lru_cache(maxsize=4)
def property_names(description: Description) -> frozenset[str]:
    """The names of all properties that the description knows, at any depth."""
    found: set[str] = set()
    ahead: list[Any] = [description.document]
    while ahead:
        node = ahead.pop()
        if isinstance(node, Mapping):
            properties = node.get("properties")
            found.update(properties if isinstance(properties, Mapping) else ())
            ahead += node.values()
        elif isinstance(node, list):
            ahead += node
    return frozenset(found)
