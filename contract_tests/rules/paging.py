"""Lists in pages: which parameters page them, and walking a list to its end."""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, outcome, records_of
from contract_tests.rules.bench import Bench, CannotContinue
from contract_tests.rules.refusal import by_rule
from contract_tests.rules.resource import Field, Resource, by_collection, fields, unwrap

# No list of a test account is this long; a target that never ends a list must not hold the run for ever.
MOST_PAGES = 500
# What a large page is where the description sets no bound.
LARGE = 100
# How many further bodies are tried where a rule of the target's account refuses a creation.
OTHERS = 8


@dataclass(frozen=True, slots=True)
class Pages:
    """The paging parameters of a list: their names, and the bounds of a page's size (``most`` is None without one).

    ``required``: no request may leave the size out.
    """

    number: str
    size: str
    default: int | None
    least: int
    most: int | None
    required: bool = False

    @property
    def largest(self) -> int:
        """The size of the largest pages to ask for."""
        return LARGE if self.most is None else self.most


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
        most=schema.get("maximum"),
        required=bool(marked["size"].get("required")),
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

    It ends where the answer says that it does, and where answers are described to say nothing of that, with a page
    that is not full; a page that is no list is reported and ends the rule.
    """
    pages = pages_of(bench.description, operation)
    asked = None if pages is None else size or pages.largest
    found = Walk([], [])
    for number in range(1, MOST_PAGES + 1):
        paging = [] if pages is None else [(pages.number, number), (pages.size, asked)]
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
        if pages is None or _ends(exchange, number, asked):
            return found
    raise CannotContinue(f"{operation.operation_id}: no end after {MOST_PAGES} pages")


def _ends(exchange: Exchange, number: int, asked: int | None) -> bool:
    """Whether a page is the last one."""
    if not exchange.envelope.page.keys() & {"pages", "total"}:
        return len(records_of(exchange)) < (asked or 1)
    total = pages_told(exchange, asked)
    return total is None or number >= total


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


def identity(description: Description, operation: Operation) -> str | None:
    """The member by which the records of a list are told apart: their id; None for records that have none."""
    schema = description.record_schema(operation)
    members = fields(description, schema) if schema is not None else {}
    own = next((name for name, field in members.items() if field.generated in {"id", "key"}), None)
    rule = operation.resource
    if own is None and rule is not None and rule.action == "list":
        # A list may show the id of its records without saying how it is made.
        own = by_collection(description, rule.collection).id_field
    return own if own in members else None


def needed(bench: Bench, operation: Operation) -> Record:
    """The values that records must have to be in a list at all: those of the filters that each request has to name."""
    given = dict(bench.required_query(operation))
    rules = {parameter["name"]: parameter.get("x-filter") for parameter in operation.parameters}
    return {rule["field"]: given[name] for name, rule in rules.items() if rule and name in given}


def add(bench: Bench, operation: Operation, values: Iterable[Record], parent: str | None = None) -> bool:
    """Make a record for a list with each of these values, below ``parent`` where it stands below one.

    False when none can be made. What a rule of the description refuses is tried with other values, for it may be too
    like a record that is there; a refusal of all of them is left at that.
    """
    assert operation.resource is not None
    resource = by_collection(bench.description, operation.resource.collection)
    create = resource.create
    if create is None or not bench.session.outlet.permits(create):
        return False
    written = resource.written(create)
    tied = {name: value for name, value in needed(bench, operation).items() if name in written}
    below = parent if create.resource and create.resource.parent else None
    for value, turns in itertools.groupby(values):
        whole = bench.completed(resource, {**tied, **value})
        others = itertools.islice(_others(bench, resource.written(create), whole, {*tied, *value}), OTHERS)
        body: Record | None = whole
        for _ in turns:
            while body is not None:
                exchange = bench.call(create, below, body=body)
                if not by_rule(create, exchange):
                    bench.success(exchange)
                    break
                body = next(others, None)
    return True


def _others(bench: Bench, written: Mapping[str, Field], body: Record, fixed: Container[str]) -> Iterator[Record]:
    """The body of a creation with one other value each, in a field that is not to stay as it is."""
    for name in body:
        if name not in fixed and not written[name].references:
            yield from ({**body, name: other} for other in bench.values(written[name])[1:])


def place(bench: Bench, operation: Operation) -> str | None:
    """The record below which a list is filled by creation: a new one where one can be made; None for other lists."""
    rule = operation.resource
    if rule is None or rule.parent is None:
        return None
    create = by_collection(bench.description, rule.collection).create
    if create is None or create.resource is None or create.resource.parent is None:
        return None
    owner = by_collection(bench.description, rule.parent.collection)
    return str(bench.subject(owner)[owner.id_field])


def fill(bench: Bench, operation: Operation) -> str | None:
    """Make the list as long as the budget allows; the parent below which it stands, None for other lists."""
    rule = operation.resource
    assert rule is not None
    resource = by_collection(bench.description, rule.collection)
    parent = place(bench, operation)
    # What is computed about one record grows by no other.
    if rule.key is None or rule.action == "list":
        add(bench, operation, [{}] * (bench.records - _lasting(bench, resource)), parent)
    if rule.parent is None or parent is not None:
        return parent
    longest, most = None, -1
    for one in parents(bench, operation)[-bench.records :]:
        total = bench.call(operation, one).page("total")
        if isinstance(total, int) and total > most:
            longest, most = one, total
    tie = resource.written(resource.update).get(rule.parent.field) if resource.update else None
    if bench.session.outlet.guarded:
        # Nothing is assigned to what somebody else relies on.
        return longest
    if longest is not None and tie is not None and tie.references and resource.list is not None:
        for record in walk(bench, resource.list).records[: bench.records]:
            bench.borrow(resource, str(record[resource.id_field]))
            bench.update(resource, str(record[resource.id_field]), {tie.name: longest})
    return longest


def _lasting(bench: Bench, resource: Resource) -> int:
    """How many records are there for good: where none can be taken away again, no run leaves more than it needs."""
    if resource.delete is not None or resource.list is None or resource.create is None:
        return 0
    return len(walk(bench, resource.list).records)
