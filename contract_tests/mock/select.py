"""Which records a list shows, in which order, and which page of them: arithmetic over values, no state."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from .exchange import Json, Record
from .plan import DEFAULT_PAGE_SIZE, OperationPlan, QueryParameter
from .shape import ABSENT
from .world import Call, Page


def select(plan: OperationPlan, call: Call, records: Iterable[Record]) -> list[Record]:
    """The records that pass every filter, sorted by the call, else in the resource's own order."""
    rows = records
    for parameter in plan.parameters:
        if parameter.filter_field is not None and parameter.name in call.query:
            rows = matching(parameter, call.query[parameter.name], rows)
    resource = plan.operation.resource
    order = resource.order if resource else None
    found = ordered(list(rows), order)
    for parameter in reversed(plan.parameters):
        if parameter.sort_field is not None and parameter.name in call.query:
            descending = call.query[parameter.name] == "desc"
            found.sort(key=lambda row, field=parameter.sort_field: sort_key(row.get(field)), reverse=descending)  # type: ignore[misc]
    return found


def matching(parameter: QueryParameter, wanted: Json, records: Iterable[Record]) -> Iterable[Record]:
    """The records that one filter leaves. ``contains`` ignores case; a list of values means any of them."""
    field = parameter.filter_field or ""
    if parameter.filter_values:
        meant = parameter.filter_values.get(str(wanted), [wanted])
        return (row for row in records if row.get(field) in meant)
    match parameter.filter_operator:
        case "contains":
            text = str(wanted).casefold()
            return (row for row in records if text in str(row.get(field) or "").casefold())
        case "in":
            options = {*(wanted if isinstance(wanted, list) else str(wanted).split(","))}
            return (row for row in records if row.get(field) in options)
        case _:
            return (row for row in records if row.get(field) == wanted)


def sort_key(value: Json) -> tuple[int, Json]:
    """A key that orders null before everything and numbers before text, so that any mixture can be sorted."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, (int, float)) else (2, str(value))


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


def cut(plan: OperationPlan, call: Call, records: list[Record]) -> Page:
    """The page that the call asks for; a list without page parameters is one page."""
    number, size = 1, None
    for parameter in plan.parameters:
        if parameter.page == "number":
            number = call.query.get(parameter.name, 1)
        elif parameter.page == "size":
            usual = DEFAULT_PAGE_SIZE if parameter.default is ABSENT else parameter.default
            size = call.query.get(parameter.name, usual)
    if size is None:
        return Page(records, 1, len(records), len(records))
    start = (number - 1) * size
    return Page(records[start : start + size], number, size, len(records))
