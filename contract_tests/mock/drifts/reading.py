"""Drifts of reading and deleting: who is found, what a read changes, what remains of what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...description import Description
from .. import errors
from ..act import ACTIONS, addressed
from ..exchange import Record, Refusal
from ..parts import Parts
from ..plan import OperationPlan
from ..world import Call, Page, Result, World
from .changing import acting as as_action
from .drift import Drift, Shown
from .find import acting, ids

GONE = ("deleted-still-there", "deleted-still-listed")
WRONG_REFUSAL = ("wrong-refusal", "error-code", "undocumented-status")


def delete_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Check and answer like a deletion, and keep the record."""
    record = ACTIONS["delete"](plan, call, world)
    assert isinstance(record, dict)
    world.store[plan.collection].insert(record)
    return record


def delete_another(plan: OperationPlan, call: Call, world: World) -> Result:
    """Answer with the record asked for, and delete the oldest other one, where there is one."""
    record = addressed(plan, call, world)
    collection = world.store[plan.collection]
    others = [one for one in collection if one is not record]
    if not others:
        return ACTIONS["delete"](plan, call, world)
    collection.remove(others[-1][collection.id_field])
    return record


def delete_with_another_answer(plan: OperationPlan, call: Call, world: World) -> Result:
    """Delete, and answer a record whose texts are gone."""
    record = ACTIONS["delete"](plan, call, world)
    assert isinstance(record, dict)
    name = world.store[plan.collection].id_field
    return {**record, name: world.identifiers.uuid()}


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


def _ghost(_: str, parts: Parts) -> Parts:
    """A deleted record is gone for all but the list."""
    ghosts: dict[str, list[Record]] = {}

    def delete(plan: OperationPlan, call: Call, world: World) -> Result:
        record = ACTIONS["delete"](plan, call, world)
        assert isinstance(record, dict)
        ghosts.setdefault(plan.collection, []).append(record)
        return record

    def listed(plan: OperationPlan, call: Call, world: World) -> Result:
        page = ACTIONS["list"](plan, call, world)
        gone = ghosts.get(plan.collection, [])
        resource = plan.operation.resource
        if not isinstance(page, Page) or not gone or (resource and resource.parent):
            return page
        return replace(page, records=[*gone, *page.records][: page.size], total=page.total + len(gone))

    return parts.acting("delete", delete).acting("list", listed)


def _soft(_: str, parts: Parts) -> Parts:
    """A deleted record can still be read, by its id alone."""
    gone: dict[str, Record] = {}

    def delete(plan: OperationPlan, call: Call, world: World) -> Result:
        record = ACTIONS["delete"](plan, call, world)
        assert isinstance(record, dict)
        gone[record[world.store[plan.collection].id_field]] = record
        return record

    def retrieve(plan: OperationPlan, call: Call, world: World) -> Result:
        resource = plan.operation.resource
        assert resource is not None and resource.key is not None
        return gone.get(call.path[resource.key]) or ACTIONS["retrieve"](plan, call, world)

    return parts.acting("delete", delete).acting("retrieve", retrieve)


def _repeatable(_: str, parts: Parts) -> Parts:
    """Deleting what is gone works again and again."""
    gone: dict[str, Record] = {}

    def delete(plan: OperationPlan, call: Call, world: World) -> Result:
        resource = plan.operation.resource
        assert resource is not None and resource.key is not None
        name = call.path[resource.key]
        if name not in gone:
            record = ACTIONS["delete"](plan, call, world)
            assert isinstance(record, dict)
            gone[name] = record
        return gone[name]

    return parts.acting("delete", delete)


def _never_deletes(plan: OperationPlan, call: Call, world: World) -> Result:
    addressed(plan, call, world)
    raise errors.refusal("40158", status=422)


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
    return iter([Shown("", ids(found))] if found else [])


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
    found = [
        one for one in description.operations if one.resource and one.resource.action == "compute" and one.resource.key
    ]
    return iter([Shown("", ids(found))] if found else [])


DELETE = acting("delete", "retrieve", "list", "update")
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
        "forget-delete", "answers a deletion, keeps the record", as_action("delete", delete_forgetfully), GONE, DELETE
    ),
    Drift(
        "delete-another",
        "deletes another record than asked",
        as_action("delete", delete_another),
        (*GONE, "listed-wrongly"),
        DELETE,
    ),
    Drift("list-deleted", "a deleted record is still listed", _ghost, (*GONE, "listed-wrongly"), DELETE),
    Drift("read-deleted", "a deleted record can still be read", _soft, GONE, DELETE),
    Drift("delete-again", "a deleted record can be deleted again", _repeatable, GONE, DELETE),
    Drift(
        "never-delete",
        "every deletion is refused",
        as_action("delete", _never_deletes),
        ("valid-request-refused", "wrong-refusal"),
        DELETE,
    ),
    Drift(
        "delete-answers-another",
        "a deletion answers another id",
        as_action("delete", delete_with_another_answer),
        ("value-not-read-back", "unrelated-field-changed", "deleted-another", "no-record"),
        DELETE,
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
        READ,
    ),
    Drift(
        "fresh-secret",
        "every read shows another secret",
        as_action("retrieve", retrieve_fresh_secret),
        ("read-changes-record", "unrelated-field-changed"),
        READ,
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
)
