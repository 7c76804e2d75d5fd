"""Drifts of reading and deleting: who is found, what a read changes, what remains of what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...description import Description, Operation
from .. import errors
from ..act import ACTIONS, addressed
from ..exchange import Record, Refusal
from ..parts import Parts
from ..plan import OperationPlan
from ..world import Action, Call, Result, World
from .changing import acting as as_action
from .drift import Drift, Shown
from .find import acting, by_collection, generating, ids, record_of

GONE = ("deleted-still-there", "deleted-still-listed")
WRONG_REFUSAL = ("wrong-refusal", "error-code", "undocumented-status")


def retrieve_another(plan: OperationPlan, call: Call, world: World) -> Result:
    """Answer the first record that is not the one asked for."""
    record = addressed(plan, call, world)
    return next((one for one in world.store[plan.collection] if one is not record), record)


def retrieve_touching(plan: OperationPlan, call: Call, world: World) -> Result:
    """Reading moves the moment of the last change."""
    record = addressed(plan, call, world)
    stamps = {field.name: world.clock.stamp() for field in plan.record if field.generated == "updated-at"}
    touched = {**record, **stamps}
    world.store[plan.collection].replace(touched)
    return touched


def retrieve_fresh_secret(plan: OperationPlan, call: Call, world: World) -> Result:
    """Every read shows another secret."""
    record = addressed(plan, call, world)
    secrets = {field.name: world.identifiers.secret() for field in plan.record if field.generated == "secret"}
    return {**record, **secrets}


def compute_for_another(plan: OperationPlan, call: Call, world: World) -> Result:
    """Compute for the first record, whichever was asked for."""
    resource = plan.operation.resource
    assert resource is not None
    if resource.key is None:
        return ACTIONS["compute"](plan, call, world)
    addressed(plan, call, world)
    collection = world.store[resource.collection]
    first = next(iter(collection))[collection.id_field]
    return ACTIONS["compute"](plan, replace(call, path={**call.path, resource.key: first}), world)


def _invents(_: str, parts: Parts) -> Parts:
    """An unknown id shows the first record under that id."""

    def retrieve(plan: OperationPlan, call: Call, world: World) -> Result:
        try:
            return ACTIONS["retrieve"](plan, call, world)
        except Refusal:
            resource = plan.operation.resource
            collection = world.store[plan.collection]
            first = next(iter(collection), None)
            if first is None or resource is None or resource.key is None:
                raise
            return {**first, collection.id_field: call.path[resource.key]}

    return parts.acting("retrieve", retrieve)


def _lookups(description: Description) -> Iterator[Shown]:
    found = [one for one in description.operations if one.resource and one.resource.lookup]
    return (Shown("", ids(group)) for group in by_collection(found))


def _below(description: Description) -> Iterator[Shown]:
    """What addresses one record below another."""
    found = [one for one in description.operations if one.resource and one.resource.parent and one.resource.key]
    return (Shown("", ids(group)) for group in by_collection(found))


def _below_any(_: str, parts: Parts) -> Parts:
    """A record below another is found below any other as well."""

    usual = parts.actions

    def below_any(name: str) -> Action:
        def act(plan: OperationPlan, call: Call, world: World) -> Result:
            resource = plan.operation.resource
            if resource is None or resource.parent is None or resource.key is None:
                return usual[name](plan, call, world)
            record = world.store[resource.collection].get(call.path[resource.key])
            if record is not None:
                call = replace(call, path={**call.path, resource.parent.parameter: record[resource.parent.field]})
            return usual[name](plan, call, world)

        return act

    for name in ("retrieve", "replace", "update", "delete"):
        parts = parts.acting(name, below_any(name))
    return parts


def _forgets_computed(_: str, parts: Parts) -> Parts:
    """What a computed answer made cannot be read."""
    forgotten: set[str] = set()

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        collection = world.store[plan.collection]
        before = {one[collection.id_field] for one in collection}
        result = ACTIONS["compute"](plan, call, world)
        if plan.operation.method != "get":
            forgotten.update(one[collection.id_field] for one in collection if one[collection.id_field] not in before)
        return result

    def retrieve(plan: OperationPlan, call: Call, world: World) -> Result:
        record = ACTIONS["retrieve"](plan, call, world)
        if isinstance(record, dict) and record.get(world.store[plan.collection].id_field) in forgotten:
            raise errors.refusal(errors.NOT_FOUND)
        return record

    return parts.acting("compute", act).acting("retrieve", retrieve)


def _makes(description: Description) -> Iterator[Shown]:
    """What makes records by computing an answer, where that is read by its id."""
    found = [
        one
        for one in description.operations
        if one.resource and one.resource.action == "compute" and one.resource.key is None and one.method == "post"
    ]
    for group in by_collection(found):
        assert group[0].resource is not None
        reading = description.with_action(group[0].resource.collection, "retrieve")
        making = [one for one in group if any(same_record(description, one, other) for other in reading)]
        if making:
            yield Shown("", ids([*making, *reading]))


def same_record(description: Description, one: Operation, other: Operation) -> bool:
    """Whether what one operation answers is a record of the kind that another shows."""
    shown = description.record_schema(other) or {}
    kinds = [set(description.properties(kind)) for kind in shown.get("oneOf", (shown,))]
    return set(description.properties(description.record_schema(one) or {})) in kinds


def _without_lookup(plan: OperationPlan, call: Call, world: World) -> Result:
    resource = plan.operation.resource
    assert resource is not None and resource.key is not None
    record = world.store[plan.collection].get(call.path[resource.key])
    if record is None:
        raise errors.refusal(errors.NOT_FOUND)
    return record


def _lagging(_: str, parts: Parts) -> Parts:
    """The first read after an update still shows the former record."""
    former: dict[str, Record] = {}

    def update(plan: OperationPlan, call: Call, world: World) -> Result:
        before = addressed(plan, call, world)
        changed = ACTIONS["update"](plan, call, world)
        former[before[world.store[plan.collection].id_field]] = before
        return changed

    def retrieve(plan: OperationPlan, call: Call, world: World) -> Result:
        record = addressed(plan, call, world)
        return former.pop(record[world.store[plan.collection].id_field], record)

    return parts.acting("update", update).acting("retrieve", retrieve)


def _computing_one(description: Description) -> Iterator[Shown]:
    """What computes for one record, and tells for which."""
    found = [
        one
        for one in description.operations
        if one.resource and one.resource.action == "compute" and one.resource.key and _tells_whose(description, one)
    ]
    return (Shown("", ids(group)) for group in by_collection(found))


def _tells_whose(description: Description, operation: Operation) -> bool:
    """Whether an answer is one of the records of its collection, or names one where it refers to others."""
    assert operation.resource is not None
    collection = operation.resource.collection
    schema = description.record_schema(operation) or {}
    own = [
        name
        for name, member in record_of(description, operation).items()
        if member.get("x-generated") in {"id", "key"} and description.properties(schema).get(name) == member
    ]
    return bool(own) or bool(referring(description, collection) & _names(description, schema))


def referring(description: Description, collection: str) -> set[str]:
    """The names of the fields that hold the id of a record of a collection."""
    found = set()
    for operation in description.operations:
        members = description.properties(description.request_schema(operation) or {})
        found |= {name for name, member in members.items() if member.get("x-references") == collection}
        rule = operation.resource
        if rule is not None and rule.parent is not None and rule.parent.collection == collection:
            found.add(rule.parent.field)
        if rule is not None and rule.collection == collection:
            found |= {block.field for block in operation.blocked_by}
    return found


def _names(description: Description, schema: Any, depth: int = 6) -> set[str]:
    """The names of the members of a schema, at any depth."""
    node = description.resolve(schema) or {}
    found = set(node.get("properties", ()))
    deeper = (*node.get("properties", {}).values(), *node.get("anyOf", ()), node.get("items"))
    for inner in deeper if depth else ():
        found |= _names(description, inner, depth - 1)
    return found


READ = acting("retrieve", "create", "update", "list")
DRIFTS = (
    Drift(
        "lagging-read",
        "the first read after an update shows the former record",
        _lagging,
        ("value-not-stored", "value-not-read-back", "null-clears", "null-keeps", "updated-at-not-advanced"),
        acting("update", "retrieve"),
    ),
    Drift(
        "another-record",
        "a read answers another record",
        as_action("retrieve", retrieve_another),
        ("value-not-read-back", "value-not-stored", "unrelated-field-changed", "read-changes-record", "listed-wrongly"),
        READ,
    ),
    Drift(
        "read-moves-updated-at",
        "reading moves updated_at",
        as_action("retrieve", retrieve_touching),
        ("read-changes-record",),
        acting("retrieve", "create", "update", "list", when=generating("updated-at")),
    ),
    Drift(
        "fresh-secret",
        "every read shows another secret",
        as_action("retrieve", retrieve_fresh_secret),
        ("read-changes-record", "unrelated-field-changed"),
        acting("retrieve", "create", "update", "list", when=generating("secret")),
    ),
    Drift("invent-record", "an unknown id is found", _invents, ("unknown-id-found", "deleted-still-there"), READ),
    Drift(
        "no-lookup",
        "records are found by their id alone",
        as_action("retrieve", _without_lookup),
        ("read-changes-record", "valid-request-refused", "wrong-refusal", "no-record"),
        _lookups,
    ),
    Drift(
        "computes-for-another",
        "computed answers are about another record",
        as_action("compute", compute_for_another),
        ("computed-for-another",),
        _computing_one,
    ),
    Drift(
        "below-any-record",
        "a record below another is found below any",
        _below_any,
        ("child-of-another", "unknown-id-found"),
        _below,
    ),
    Drift(
        "forget-computed",
        "answers with a new record, stores nothing",
        _forgets_computed,
        ("valid-request-refused", "created-not-found", "no-record", "wrong-refusal", "listed-wrongly"),
        _makes,
    ),
)
