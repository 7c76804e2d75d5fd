"""Where drifts show in a description: operations by action, fields of records by what their schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...description import Description, Operation
from .drift import Finder, Shown

Member = Mapping[str, Any]
# Where an answer with one record shows it, plainest first.
SINGLE = ("retrieve", "create", "update", "delete")


def acting(*actions: str, place: str = "*") -> Finder:
    """Without argument: every operation with one of the actions."""

    def find(description: Description) -> Iterator[Shown]:
        found = [one for action in actions for one in _with(description, action)]
        if found:
            yield Shown("", ids(found), place)

    return find


def everywhere(place: str = "*", argument: str = "") -> Finder:
    """Shows at every operation; a single plain one is enough to see it."""

    def find(description: Description) -> Iterator[Shown]:
        ordered = sorted(description.operations, key=lambda one: "read" not in one.effects)
        yield Shown(argument, ids(ordered), place)

    return find


def ids(operations: list[Operation]) -> tuple[str, ...]:
    """The operationIds, in order, each once."""
    return tuple(dict.fromkeys(one.operation_id for one in operations))


def _with(description: Description, action: str) -> list[Operation]:
    return [one for one in description.operations if one.resource and one.resource.action == action]


def single(description: Description, collection: str) -> list[Operation]:
    """The operations that answer one record of a collection."""
    return [one for action in SINGLE for one in description.with_action(collection, action)]


def fields(
    suits: Callable[[Description, str, Member], bool],
    *,
    written_by: str = "",
    place: str = "/data*/{path}",
) -> Finder:
    """With a field of a record as argument, for each that ``suits``.

    ``written_by``: only fields that an operation with this action takes in its body; it then shows there first.
    """

    def find(description: Description) -> Iterator[Shown]:
        for collection in description.collections:
            shown = single(description, collection)
            members = description.properties(description.record_schema(shown[0]) or {}) if shown else {}
            writers = description.with_action(collection, written_by) if written_by else []
            taken = {
                name
                for writer in writers
                for name, member in description.properties(description.request_schema(writer) or {}).items()
                if not member.get("readOnly")
            }
            for name, member in members.items():
                if suits(description, name, member) and (not written_by or name in taken):
                    operations = ids([*writers, *shown, *description.with_action(collection, "list")])
                    yield Shown(name, operations, place.format(path=name))

    return find


def kinds_of(description: Description, member: Member) -> set[str]:
    """The JSON types that a schema names, those of its branches included."""
    schema = description.resolve(member)
    kind = schema.get("type", ())
    found = {kind} if isinstance(kind, str) else set(kind)
    for keyword in ("anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            found |= kinds_of(description, branch)
    return found


def of_type(*wanted: str, **keywords: Any) -> Callable[[Description, str, Member], bool]:
    """Members of one of the types (null aside) that are no secrets and have the keywords given (True: any value)."""

    def suits(description: Description, name: str, member: Member) -> bool:
        merged = {**description.resolve(member), **member}
        if merged.get("x-sensitive") or not kinds_of(description, member) - {"null"} <= set(wanted):
            return False
        return all(
            (merged.get(key.replace("_", "-")) is not None) is value
            if isinstance(value, bool)
            else merged.get(key.replace("_", "-")) == value
            for key, value in keywords.items()
        )

    return suits


def filters(operator: str, action: str = "list") -> Finder:
    """The list operations that have a filter with this operator."""

    def find(description: Description) -> Iterator[Shown]:
        found = [
            one
            for one in _with(description, action)
            if any((raw.get("x-filter") or {}).get("operator") == operator for raw in one.parameters)
        ]
        if found:
            yield Shown("", ids(found))

    return find


def listing(extension: str) -> Finder:
    """The lists with a query parameter that carries an extension (``x-page``, ``x-filter``, ``x-sort``)."""

    def find(description: Description) -> Iterator[Shown]:
        found = [one for one in _with(description, "list") if any(extension in raw for raw in one.parameters)]
        if found:
            yield Shown("", ids(found))

    return find


def body_fields(keyword: str, value: Any = None, *, action: str = "update", place: str = "*") -> Finder:
    """The operations whose body has a field with an extension, at that field."""

    def find(description: Description) -> Iterator[Shown]:
        for operation in _with(description, action):
            members = description.properties(description.request_schema(operation) or {})
            for name, member in members.items():
                if keyword in member and (value is None or member[keyword] == value):
                    yield Shown("", (operation.operation_id,), place.format(path=name))

    return find
