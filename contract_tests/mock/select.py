"""Which records a list shows, in which order, and which page of them: arithmetic over values, no state."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import TypeVar

from .columns import as_is, folded, pairs, sort_key
from .derived import Derived
from .exchange import Json, Record
from .plan import DEFAULT_PAGE_SIZE, OperationPlan, QueryParameter
from .shape import ABSENT
from .store import Collection
from .world import Call, Page

T = TypeVar("T")


def select(plan: OperationPlan, call: Call, records: Collection | Derived | Iterable[Record]) -> Sequence[Record]:
    """The records that pass every filter, sorted by the call, else in the resource's own order.

    A whole ``Collection`` is searched by the columns it keeps, and so is what derives from one; other records, oldest
    first, one by one.
    """
    filters = [one for one in plan.parameters if one.filter_field is not None and one.name in call.query]
    order = plan.operation.resource.order if plan.operation.resource else None
    found: Sequence[Record]
    if isinstance(records, Collection):
        found = records.arranged(order, _identifiers(filters, call, records, {}))
    elif isinstance(records, Derived) and order is None and all(one.filter_field in records.fields for one in filters):
        found = records.of(_identifiers(filters, call, records.source, records.fields))
    else:
        rows = list(records)
        for parameter in filters:
            values = pairs(rows, parameter.filter_field or "", reader(parameter))
            rows = matching(parameter, call.query[parameter.name], values)
        found = ordered(rows, order)
    for parameter in reversed(plan.parameters):
        if parameter.sorts and parameter.name in call.query:
            wanted = str(call.query[parameter.name])
            descending = wanted == "desc" if parameter.sort_field else wanted.startswith("-")
            found = sorted(found[:], key=by(parameter.sort_field or wanted.removeprefix("-")), reverse=descending)
    return found


def by(field: str) -> Callable[[Record], tuple[int, Json]]:
    """What records are sorted by a field by."""
    return lambda row: sort_key(row.get(field))


def _identifiers(
    filters: list[QueryParameter], call: Call, records: Collection, names: Mapping[str, str]
) -> list[str] | None:
    """The ids that every filter leaves, oldest first; None when there is no filter.

    ``names``: what the collection calls the fields that have another name for the filters.
    """
    found: list[str] | None = None
    for parameter in filters:
        field = parameter.filter_field or ""
        column = records.column(names.get(field, field), reader(parameter))
        values = column.items() if found is None else ((one, column[one]) for one in found)
        found = matching(parameter, call.query[parameter.name], values)
    return found


def reader(parameter: QueryParameter) -> Callable[[Json], Json]:
    """What a filter makes of a field's value before it looks at it: ``contains`` ignores case."""
    if parameter.filter_operator == "holds":
        return members(parameter.filter_member)
    return folded if parameter.filter_operator == "contains" and not parameter.filter_values else as_is


@functools.cache
def members(name: str) -> Callable[[Json], Json]:
    """What the objects of a list have under a name; made once for a name, as columns are told apart by their reader."""
    return lambda value: (
        tuple(one.get(name) for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
    )


def matching(parameter: QueryParameter, wanted: Json, values: Iterable[tuple[T, Json]]) -> list[T]:
    """Whose value one filter lets pass; values come as ``reader`` reads them. A list means any of its members."""
    if parameter.filter_values:
        meant = parameter.filter_values.get(str(wanted), [wanted])
        return [one for one, value in values if value in meant]
    match parameter.filter_operator:
        case "contains":
            text = folded(wanted)
            return [one for one, value in values if text in value]
        case "holds":
            return [one for one, value in values if wanted in value]
        case "in":
            options = wanted if isinstance(wanted, list) else str(wanted).split(",")
            return [one for one, value in values if value in options]
        case "gte" | "lte":
            limit = moment(wanted)
            found = [(one, moment(value)) for one, value in values if value is not None]
            if parameter.filter_operator == "gte":
                return [one for one, value in found if value >= limit]
            return [one for one, value in found if value <= limit]
        case _:
            return [one for one, value in values if value == wanted]


def moment(value: Json) -> tuple[int, Json]:
    """A key that compares dates as moments (UTC where there is no offset), and everything else as lists are sorted."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return sort_key(value)
    return (3, found if found.tzinfo else found.replace(tzinfo=UTC))


def ordered(records: list[Record], order: str | None) -> list[Record]:
    """Records (oldest insertion first) in an order such as ``-created_at``; ties follow their insertion."""
    if order is None:
        return records
    field = order.removeprefix("-")
    if order.startswith("-"):
        records.reverse()
    try:
        records.sort(key=itemgetter(field), reverse=order.startswith("-"))
    except (KeyError, TypeError):
        records.sort(key=lambda row: sort_key(row.get(field)), reverse=order.startswith("-"))
    return records


def cut(plan: OperationPlan, call: Call, records: Sequence[Record]) -> Page:
    """The page that the call asks for; a list without page parameters is one page."""
    number, size = 1, None
    for parameter in plan.parameters:
        if parameter.page == "number":
            number = call.query.get(parameter.name, 1)
        elif parameter.page == "size":
            usual = DEFAULT_PAGE_SIZE if parameter.default is ABSENT else parameter.default
            size = call.query.get(parameter.name, usual)
    if size is None:
        return Page(list(records), 1, max(len(records), DEFAULT_PAGE_SIZE), len(records))
    start = (number - 1) * size
    return Page(list(records[start : start + size]), number, size, len(records))
