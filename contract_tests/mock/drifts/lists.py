"""Drifts of lists: pages, totals, order, filters, what stands below a record."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from ...description import Description, Operation
from .. import errors
from ..act import ACTIONS
from ..exchange import Answer, Record, Refusal, Request
from ..parts import Parts
from ..plan import OperationPlan, QueryParameter
from ..world import Action, Call, Page, Result, World
from .changing import acting as as_action
from .changing import obeying
from .drift import Drift, Shown
from .find import acting, by_collection, filters, ids, listing

SELECTS = ("filter-selects-wrongly", "list-out-of-order")


def list_ignoring(*roles: str) -> Action:
    """List as if parameters of these roles (``page``, ``filter_field``, ``sort_field``) had not been sent."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        ignored = {one.name for one in plan.parameters if any(getattr(one, role) for role in roles)}
        query = {name: value for name, value in call.query.items() if name not in ignored}
        return ACTIONS["list"](plan, replace(call, query=query), world)

    return act


def changed_page(change: Callable[[Page, World], Page]) -> Action:
    """List, and change the page."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        page = ACTIONS["list"](plan, call, world)
        return change(page, world) if isinstance(page, Page) else page

    return act


def _shuffled(page: Page, world: World) -> Page:
    records = list(page.records)
    random.Random(world.identifiers.request()).shuffle(records)
    return replace(page, records=records)


def _operator(old: str, new: str) -> Callable[[Record], None]:
    def change(node: Record) -> None:
        held = node.get("x-filter")
        if isinstance(held, dict) and held.get("operator") == old and "values" not in held:
            held["operator"] = new

    return change


def _backwards(node: Record) -> None:
    held = node.get("x-resource")
    if isinstance(held, dict) and isinstance(held.get("order"), str):
        order = held["order"]
        held["order"] = order[1:] if order.startswith("-") else f"-{order}"


def _unordered(node: Record) -> None:
    held = node.get("x-resource")
    if isinstance(held, dict):
        held.pop("order", None)


def _turned(value: str) -> str:
    """The other direction: of ``asc`` and ``desc``, or of a field with a minus when it is descending."""
    other = {"asc": "desc", "desc": "asc"}
    return other.get(value) or (value[1:] if value.startswith("-") else f"-{value}")


def _sorted_backwards(plan: OperationPlan, call: Call, world: World) -> Result:
    sorts = {one.name for one in plan.parameters if one.sorts}
    query = {name: _turned(value) if name in sorts else value for name, value in call.query.items()}
    return ACTIONS["list"](plan, replace(call, query=query), world)


def _negated(plan: OperationPlan, call: Call, world: World) -> Result:
    """A filter leaves what it should take away."""
    sent: list[QueryParameter] = [one for one in plan.parameters if one.filter_field and one.name in call.query]
    page = ACTIONS["list"](plan, call, world)
    if not sent or not isinstance(page, Page):
        return page
    query = {name: value for name, value in call.query.items() if name not in {one.name for one in sent}}
    whole = ACTIONS["list"](plan, replace(call, query=query), world)
    assert isinstance(whole, Page)
    rest = [one for one in whole.records if one not in page.records]
    return replace(whole, records=rest, total=max(whole.total - page.total, len(rest)))


def _strict_queries(_: str, parts: Parts) -> Parts:
    """A query parameter that the description does not know is refused."""
    known = {one.operation_id: {raw["name"] for raw in one.parameters} for one in parts.description.operations}

    def around(operation_id: str, request: Request, *, serve: Callable[[Request], Answer]) -> Answer:
        from ..decode import decode_query

        for name in decode_query(request.query):
            if name not in known[operation_id]:
                raise Refusal(400, [errors.entry(errors.BAD_REQUEST, parameter=name)])
        return serve(request)

    return parts.surrounded_by(around)


def _without_parent(plan: OperationPlan, call: Call, world: World) -> Result:
    """A list below a record shows the records of all."""
    resource = plan.operation.resource
    if resource is None or resource.parent is None:
        return ACTIONS["list"](plan, call, world)
    ACTIONS["list"](plan, call, world)  # an unknown parent is still refused
    free = replace(plan, operation=replace(plan.operation, resource=replace(resource, parent=None)))
    return ACTIONS["list"](free, call, world)


def _empty_below(plan: OperationPlan, call: Call, world: World) -> Result:
    page = ACTIONS["list"](plan, call, world)
    below = plan.operation.resource and plan.operation.resource.parent
    return replace(page, records=[], total=0) if isinstance(page, Page) and below else page


def _any_parent(plan: OperationPlan, call: Call, world: World) -> Result:
    """A list below a record that does not exist is empty."""
    try:
        return ACTIONS["list"](plan, call, world)
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        return Page([], 1, 20, 0)


def _children(description: Description) -> Iterator[Shown]:
    found = [
        one for one in description.operations if one.resource and one.resource.parent and one.resource.action == "list"
    ]
    return (Shown("", ids(group)) for group in by_collection(found))


def _in_order(description: Description, operation: Operation) -> bool:
    return operation.resource is not None and operation.resource.order is not None


def _swapped(node: Record) -> None:
    """At least is at most."""
    held = node.get("x-filter")
    if isinstance(held, dict):
        held["operator"] = {"gte": "lte", "lte": "gte"}.get(held["operator"], held["operator"])


def _ignoring_operators(*operators: str) -> Action:
    """List as if filters with these operators had not been sent."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        ignored = {one.name for one in plan.parameters if one.filter_operator in operators}
        query = {name: value for name, value in call.query.items() if name not in ignored}
        return ACTIONS["list"](plan, replace(call, query=query), world)

    return act


LISTS = acting("list")
ORDERED = acting("list", when=_in_order)


DRIFTS = (
    Drift(
        "unstable-order",
        "each answer has another order",
        as_action("list", changed_page(_shuffled)),
        ("list-out-of-order", "pages-do-not-join", "unknown-parameter-matters"),
        LISTS,
    ),
    Drift("backward-list", "lists stand in the other order", obeying(_backwards), ("list-out-of-order",), ORDERED),
    Drift("unordered-list", "lists stand as records were stored", obeying(_unordered), ("list-out-of-order",), ORDERED),
    Drift(
        "ignore-sort",
        "lists ignore the order asked for",
        as_action("list", list_ignoring("sorts")),
        ("list-out-of-order",),
        listing("x-sort"),
    ),
    Drift(
        "backward-sort",
        "ascending is descending",
        as_action("list", _sorted_backwards),
        ("list-out-of-order",),
        listing("x-sort"),
    ),
    Drift(
        "ignore-filters",
        "lists ignore filters",
        as_action("list", list_ignoring("filter_field")),
        SELECTS,
        listing("x-filter"),
    ),
    Drift(
        "negate-filters",
        "filters leave what they should take",
        as_action("list", _negated),
        SELECTS,
        listing("x-filter"),
    ),
    Drift(
        "contains-is-equal",
        "contains wants the whole text",
        obeying(_operator("contains", "eq")),
        SELECTS,
        filters("contains"),
    ),
    Drift(
        "equal-is-contains",
        "a part of a text is enough for eq",
        obeying(_operator("eq", "contains")),
        SELECTS,
        filters("eq"),
    ),
    Drift(
        "ignore-time-filters",
        "lists ignore from when and until when",
        as_action("list", _ignoring_operators("gte", "lte")),
        SELECTS,
        filters("gte", "lte"),
    ),
    Drift(
        "after-is-before",
        "what should be after a moment is before it",
        obeying(_swapped),
        SELECTS,
        filters("gte", "lte"),
    ),
    Drift(
        "ignore-held",
        "lists ignore what a record should hold",
        as_action("list", _ignoring_operators("holds")),
        SELECTS,
        filters("holds"),
    ),
    Drift(
        "refuse-unknown-parameters",
        "an unknown query parameter is refused",
        _strict_queries,
        ("valid-request-refused", "unknown-parameter-matters"),
        LISTS,
    ),
    Drift(
        "children-of-all",
        "a list below a record shows those of all",
        as_action("list", _without_parent),
        ("child-of-another", "child-list-wrong"),
        _children,
    ),
    Drift(
        "no-children",
        "lists below a record are empty",
        as_action("list", _empty_below),
        ("child-list-wrong",),
        _children,
    ),
    Drift(
        "children-of-nothing",
        "a list below an unknown record is empty",
        as_action("list", _any_parent),
        ("unknown-id-found", "deleted-still-there"),
        _children,
    ),
)
