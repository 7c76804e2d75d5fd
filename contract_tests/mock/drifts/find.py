"""Where drifts show in a description: operations by action, fields of records by what their schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ...description import Description, Operation
from ..shape import is_nullable
from .drift import Finder, Shown

Member = Mapping[str, Any]
# Where an answer with one record shows it, plainest first.
SINGLE = ("retrieve", "create", "update", "replace", "delete")
Condition = Callable[[Description, Operation], bool]


def always(_: Description, __: Operation) -> bool:
    """Holds of every operation."""
    return True


def acting(*actions: str, place: str = "*", when: Condition = always) -> Finder:
    """Without argument: the operations of a collection with one of the actions, where it has one with the first.

    ``when`` has to hold of that one.
    """

    def leads(description: Description, operation: Operation) -> bool:
        assert operation.resource is not None
        return operation.resource.action == actions[0] and when(description, operation)

    return acting_somehow(*actions, place=place, when=leads)


def acting_somehow(*actions: str, place: str = "*", when: Condition = always) -> Finder:
    """The same where a collection has an operation with any of the actions; it shows at the first that it has."""

    def find(description: Description) -> Iterator[Shown]:
        found = [one for action in actions for one in _with(description, action)]
        for group in by_collection(found):
            if when(description, group[0]):
                yield Shown("", ids([*group, *found]), place)

    return find


def everywhere(place: str = "*", argument: str = "", when: Condition = always) -> Finder:
    """Shows at every operation; a single plain one of each collection, of which ``when`` holds, is enough to see it."""

    def find(description: Description) -> Iterator[Shown]:
        for group in by_collection(description.operations):
            ordered = sorted(group, key=lambda one: (one.effects != ("read",), not when(description, one)))
            if when(description, ordered[0]):
                yield Shown(argument, ids([*ordered, *description.operations]), place)

    return find


def by_collection(operations: Iterable[Operation]) -> list[list[Operation]]:
    """Operations by the collection that they work on, in their order."""
    found: dict[str, list[Operation]] = {}
    for one in operations:
        found.setdefault(one.resource.collection if one.resource else "", []).append(one)
    return list(found.values())


def ids(operations: Iterable[Operation]) -> tuple[str, ...]:
    """The operationIds, in order, each once."""
    return tuple(dict.fromkeys(one.operation_id for one in operations))


def _with(description: Description, action: str) -> list[Operation]:
    return [one for one in description.operations if one.resource and one.resource.action == action]


def single(description: Description, collection: str) -> list[Operation]:
    """The operations that answer one record of a collection."""
    found = [one for action in SINGLE for one in description.with_action(collection, action)]
    return [one for one in found if description.record_schema(one) is not None]


def beside(description: Description, collection: str) -> list[Operation]:
    """What else answers records of a collection, or of those that they stand below."""
    mine = [one for one in description.operations if one.resource and one.resource.collection == collection]
    above = {one.resource.parent.collection for one in mine if one.resource and one.resource.parent}
    computed = [one for one in mine if one.resource and one.resource.action == "compute"]
    return [*computed, *(one for name in sorted(above) for one in single(description, name))]


def fields_of(description: Description, operation: Operation) -> Mapping[str, Member]:
    """The fields of the records that an operation answers; none where it answers something else."""
    return description.properties(description.record_schema(operation) or {})


def record_of(description: Description, operation: Operation) -> dict[str, Member]:
    """The fields of the records of an operation's collection, as its plainest operation shows them."""
    assert operation.resource is not None
    shown = single(description, operation.resource.collection)
    return description.properties(description.record_schema(shown[0]) or {}) if shown else {}


def contents(*, spelt_with: str = "") -> Finder:
    """The operations of a collection that answer records with one of these letters in the name of a field."""

    def spelt(description: Description, operation: Operation) -> bool:
        names = description.properties(description.record_schema(operation) or {})
        return any(letter in name for name in names for letter in spelt_with)

    def find(description: Description) -> Iterator[Shown]:
        for shown in everywhere()(description):
            telling = [one for one in map(description.by_id.__getitem__, shown.operations) if spelt(description, one)]
            if telling:
                yield Shown("", ids(telling), "|".join(sorted({f"{one.envelope.pointer}*" for one in telling})))

    return find


def generating(*kinds: str) -> Condition:
    """Holds where records have a field that the server makes in one of these ways (``x-generated``)."""
    return lambda description, operation: any(
        member.get("x-generated") in kinds for member in record_of(description, operation).values()
    )


def answers_record(description: Description, operation: Operation) -> bool:
    """Whether an operation answers a record, or a list of them."""
    return description.record_schema(operation) is not None


def wraps(description: Description, operation: Operation) -> bool:
    """Whether what an operation answers stands in a member of the body."""
    return operation.envelope.member is not None and answers_record(description, operation)


def places(operations: Iterable[Operation], path: str) -> str:
    """The pattern of a field of the records that these operations answer, each in its envelope."""
    pointers = {
        f"{one.envelope.pointer}/*" if one.resource and one.resource.action == "list" else one.envelope.pointer
        for one in operations
    }
    if all(pointer.startswith("/data") for pointer in pointers):
        return f"/data*/{path}"
    return "|".join(sorted(f"{pointer}/{path}" for pointer in pointers))


def fields(suits: Callable[[Description, str, Member], bool], *, written_by: str = "", place: str = "") -> Finder:
    """With a field of a record as argument, for each that ``suits``.

    ``written_by``: only fields that an operation with this action takes in its body; it then shows there first.
    ``place``: where it shows if not in answers; ``{path}`` is the field, and what follows it may follow in answers too.
    """

    def find(description: Description) -> Iterator[Shown]:
        for collection in description.collections:
            shown = single(description, collection)
            members = description.properties(description.record_schema(shown[0]) or {}) if shown else {}
            writers = description.with_action(collection, written_by) if written_by else ()
            taken = {
                name
                for writer in writers
                for name, member in description.properties(description.request_schema(writer) or {}).items()
                if not member.get("readOnly") and suits(description, name, member)
            }
            telling = [*writers, *shown, *description.with_action(collection, "list")]
            also = beside(description, collection)
            for name, member in members.items():
                if suits(description, name, member) and (not written_by or name in taken):
                    path = (place or "{path}").format(path=name)
                    here = [*telling, *(one for one in also if name in fields_of(description, one))]
                    yield Shown(name, ids(here), path if place.startswith("*") else places(here, path))

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


def filters(*operators: str, action: str = "list") -> Finder:
    """The list operations that have a filter with one of these operators."""

    def find(description: Description) -> Iterator[Shown]:
        found = [
            one
            for one in _with(description, action)
            if any((raw.get("x-filter") or {}).get("operator") in operators for raw in one.parameters)
        ]
        for group in by_collection(found):
            yield Shown("", ids([*group, *found]))

    return find


def listing(extension: str, *told: str) -> Finder:
    """The lists with a query parameter that carries an extension (``x-page``, ``x-filter``, ``x-sort``).

    ``told``: only those whose answers tell one of these of their page (``number``, ``size``, ``pages``, ``total``).
    """

    def find(description: Description) -> Iterator[Shown]:
        found = [
            one
            for one in _with(description, "list")
            if any(extension in raw for raw in one.parameters) and (not told or one.envelope.page.keys() & set(told))
        ]
        for group in by_collection(found):
            yield Shown("", ids([*group, *found]))

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


def null_in_bodies(action: str, *kinds: str) -> Finder:
    """The operations with an action whose body may have null in a field that the record shows, at that field.

    ``kinds``: only fields that are null or of one of these types.
    """

    def find(description: Description) -> Iterator[Shown]:
        for operation in _with(description, action):
            members = description.properties(description.request_schema(operation) or {})
            for name, member in members.items():
                suits = not kinds or kinds_of(description, member) <= {"null", *kinds}
                if suits and is_nullable(description, member) and name in fields_of(description, operation):
                    yield Shown("", (operation.operation_id,), places([operation], name))

    return find
