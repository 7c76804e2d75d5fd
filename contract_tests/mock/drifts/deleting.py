"""Drifts of deleting: what remains of what was deleted, and what a deletion answers."""

from __future__ import annotations

from dataclasses import replace

from ...description import Description, Operation
from .. import errors
from ..act import ACTIONS, addressed
from ..exchange import Record
from ..parts import Parts
from ..plan import OperationPlan
from ..world import Call, Page, Result, World
from .changing import acting as as_action
from .drift import Drift
from .find import acting, answers_record
from .outcomes import acted, answering_another_id

GONE = ("deleted-still-there", "deleted-still-listed")


def delete_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Check and answer like a deletion, and keep the record."""
    record = acted("delete", plan, call, world)
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


def _ghost(_: str, parts: Parts) -> Parts:
    """A deleted record is gone for all but the list."""
    ghosts: dict[str, list[Record]] = {}

    def delete(plan: OperationPlan, call: Call, world: World) -> Result:
        record = acted("delete", plan, call, world)
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
        record = acted("delete", plan, call, world)
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
            record = acted("delete", plan, call, world)
            gone[name] = record
        return gone[name]

    return parts.acting("delete", delete)


def _never_deletes(plan: OperationPlan, call: Call, world: World) -> Result:
    addressed(plan, call, world)
    raise errors.refusal("40158", status=422)


def _listed_whole(description: Description, operation: Operation) -> bool:
    """Whether all records of a collection are listed, not only those below another."""
    assert operation.resource is not None
    lists = description.with_action(operation.resource.collection, "list")
    return any(one.resource is not None and one.resource.parent is None for one in lists)


DELETE = acting("delete", "retrieve", "list", "update")


DRIFTS = (
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
    Drift(
        "list-deleted",
        "a deleted record is still listed",
        _ghost,
        (*GONE, "listed-wrongly"),
        acting("delete", "retrieve", "list", "update", when=_listed_whole),
    ),
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
        as_action("delete", answering_another_id("delete")),
        ("value-not-read-back", "unrelated-field-changed", "deleted-another", "no-record"),
        acting("delete", "retrieve", "list", "update", when=answers_record),
    ),
)
