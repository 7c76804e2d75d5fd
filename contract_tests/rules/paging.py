"""Lists in pages: which parameters page them, and walking a list to its end."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, outcome, records_of
from contract_tests.rules.bench import Bench, CannotContinue
from contract_tests.rules.resource import Resource, by_collection, unwrap

# No list of a test account is this long; a target that never ends a list must not hold the run for ever.
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Pages:
    """The paging parameters of a list: their names, and the bounds of a page's size."""

    number: str
    size: str
    default: int | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole list: its records in order, and the answers they came in."""

    records: list[Record]
    exchanges: list[Exchange]


def pages_of(description: Description, operation: Operation) -> Pages | None:
    """How an operation is paged, None when it is not."""
    marked = {parameter.get("x-page"): parameter for parameter in operation.parameters}
    if "number" not in marked or "size" not in marked:
        return None
    schema, _ = unwrap(description, marked["size"]["schema"])
    return Pages(
        number=marked["number"]["name"],
        size=marked["size"]["name"],
        default=schema.get("default"),
        least=int(schema.get("minimum", 1)),
        most=int(schema.get("maximum", 100)),
    )


def is_list(description: Description, operation: Operation) -> bool:
    """Whether the 200 answer of an operation holds a list of records."""
    return (description.content_schema(operation) or {}).get("type") == "array"


def walk(
    bench: Bench,
    operation: Operation,
    *,
    size: int | None = None,
    parent: str | None = None,
    query: Iterable[tuple[str, Any]] = (),
) -> Walk:
    """Every record of a list, page by page, in pages as large as they may be unless ``size`` says otherwise.

    It ends where the answer says that it does; a page that is no list is reported and ends the rule.
    """
    pages = pages_of(bench.description, operation)
    found = Walk([], [])
    for number in range(1, MOST_PAGES + 1):
        paging = [] if pages is None else [(pages.number, number), (pages.size, size or pages.most)]
        exchange = bench.call(operation, parent, query=[*query, *paging])
        found.exchanges.append(exchange)
        if not exchange.ok or not isinstance(exchange.content, list):
            bench.expect(
                False,
                "valid-request-refused" if not exchange.ok else "no-list",
                exchange,
                pointer="" if not exchange.ok else exchange.envelope.pointer,
                expected=f"a list at {exchange.envelope.pointer or 'the top'}",
                observed=outcome(exchange),
            )
            raise CannotContinue(f"{operation.operation_id}: {outcome(exchange)}")
        found.records.extend(records_of(exchange))
        total = pages_told(exchange, None if pages is None else size or pages.most)
        if pages is None or total is None or number >= total:
            return found
    raise CannotContinue(f"{operation.operation_id}: no end after {MOST_PAGES} pages")


def pages_told(exchange: Exchange, asked: int | None) -> int | None:
    """How many pages a list has by its answer: said so, or by its total and the size that was asked for."""
    found = exchange.page("pages")
    if isinstance(found, int):
        return found
    total, size = exchange.page("total"), exchange.page("size") or asked
    return math.ceil(total / size) if isinstance(total, int) and isinstance(size, int) and size > 0 else None


def parents(bench: Bench, operation: Operation) -> list[str]:
    """Ids of records that a list may stand below, those of the target first and a new one last; one for other lists.

    The list of an operation without a parent stands below nothing, which is said by an empty text.
    """
    rule = operation.resource
    if rule is None or rule.parent is None:
        return [""]
    resource: Resource = by_collection(bench.description, rule.parent.collection)
    known = walk(bench, resource.list).records if resource.list else []
    ids = [str(one[resource.id_field]) for one in known]
    return ids if resource.create is None else [*ids, str(bench.subject(resource)[resource.id_field])]


def fill(bench: Bench, operation: Operation) -> str | None:
    """Make the list as long as the budget allows; the parent below which it stands, None for other lists."""
    rule = operation.resource
    assert rule is not None
    resource = by_collection(bench.description, rule.collection)
    permits = bench.session.outlet.permits
    if resource.create is not None and permits(resource.create):
        for _ in range(bench.records):
            bench.create(resource)
    if rule.parent is None:
        return None
    longest, most = None, -1
    for parent in parents(bench, operation)[-bench.records :]:
        total = bench.call(operation, parent).page("total")
        if isinstance(total, int) and total > most:
            longest, most = parent, total
    tie = resource.written(resource.update).get(rule.parent.field) if resource.update else None
    if bench.session.outlet.guarded:
        # Nothing is assigned to what somebody else relies on.
        return longest
    if longest is not None and tie is not None and tie.references and resource.list is not None:
        for record in walk(bench, resource.list).records[: bench.records]:
            bench.borrow(resource, str(record[resource.id_field]))
            bench.update(resource, str(record[resource.id_field]), {tie.name: longest})
    return longest
