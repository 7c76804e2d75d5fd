"""Rules of pages: their arithmetic, their bounds, and that walking them shows each record once."""

from __future__ import annotations

import math

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, records_of
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.paging import Pages, fill, identity, pages_of, pages_told, walk
from contract_tests.rules.refusal import names_parameter, refused


def sizes_add_up(bench: Bench, operation: Operation) -> None:
    """For one, two, the default and the largest size of a page, the records and ``meta`` agree."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    sizes = [pages.least, pages.least + 1, pages.largest, *([] if pages.required else [None])]
    for size in sizes:
        exchange = bench.call(operation, parent, query=[] if size is None else [(pages.size, size)])
        _adds_up(bench, exchange, 1, size if size is not None else pages.default)


def page_beyond_the_end_is_empty(bench: Bench, operation: Operation) -> None:
    """After the last page come pages without records whose totals are still true."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    size = pages.largest
    first = bench.call(operation, parent, query=[(pages.number, 1), (pages.size, size)])
    last = pages_told(first, size)
    if last is None:
        last = len(walk(bench, operation, parent=parent).exchanges)
    for number in (last + 1, last + 1000):
        exchange = bench.call(operation, parent, query=[(pages.number, number), (pages.size, size)])
        _adds_up(bench, exchange, number, size)
        _is(bench, exchange, exchange.envelope.pointer, "0 records", f"{len(records_of(exchange))} records")
        _told(bench, exchange, "total", first.page("total"))


def walking_shows_each_record_once(bench: Bench, operation: Operation) -> None:
    """Small pages joined give the same records in the same order as large ones, twice in a row: no gap, no repeat."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    large = walk(bench, operation, parent=parent)
    small = pages.least if len(large.records) <= 3 * bench.records else max(2, len(large.records) // 10)
    key = identity(bench.description, operation)
    for _ in range(2):
        steps = walk(bench, operation, size=small, parent=parent)
        expected, observed = names(large.records, key), names(steps.records, key)
        bench.expect(
            expected == observed and len(set(observed)) == len(observed),
            "pages-do-not-join",
            steps.exchanges[-1],
            pointer=steps.exchanges[-1].envelope.pointer,
            expected=f"the {len(expected)} records of one large page, in that order, each once",
            observed=f"{len(observed)} records, {len(set(observed))} different, over {len(steps.exchanges)} pages",
        )
        for number, exchange in enumerate(steps.exchanges, start=1):
            _adds_up(bench, exchange, number, small)


def sizes_out_of_bounds_are_refused(bench: Bench, operation: Operation) -> None:
    """A page or a size outside of its bounds is refused by name, never clamped in silence."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    wrong = [(pages.size, pages.least - 1), (pages.size, -1), (pages.number, 0)]
    wrong += [] if pages.most is None else [(pages.size, pages.most + 1)]
    for name, value in wrong:
        exchange = bench.call(operation, parent, query=[(name, value)])
        place = f"query:{name}"
        if refused(bench, exchange, place=place, fault=f"{name} is {value}"):
            names_parameter(bench, exchange, name)


def names(records: list[Record], key: str | None) -> list[str]:
    """What tells records apart: their ids, in the member ``key``, or their whole text where they have none."""
    return [str(record.get(str(key), sorted(record.items(), key=str))) for record in records]


def _adds_up(bench: Bench, exchange: Exchange, number: int, size: int | None) -> None:
    """Judge one page's ``meta`` against itself, against what was asked for, and against the records beside it."""
    bench.expect(
        exchange.ok,
        "valid-request-refused",
        exchange,
        pointer="",
        expected="a 2xx answer to a valid page and size",
        observed=str(exchange.status),
    )
    if not exchange.ok:
        return
    total, shown = exchange.page("total"), len(records_of(exchange))
    served = exchange.page("size") if "size" in exchange.envelope.page else size
    _told(bench, exchange, "number", number)
    if size is not None:
        _told(bench, exchange, "size", size)
    if "total" in exchange.envelope.page and not isinstance(total, int):
        _is(bench, exchange, exchange.envelope.page_pointer("total"), "a number", str(total))
    elif "size" in exchange.envelope.page and not (isinstance(served, int) and served > 0):
        _is(bench, exchange, exchange.envelope.page_pointer("size"), "a number above 0", str(served))
    elif isinstance(total, int) and isinstance(served, int):
        _told(bench, exchange, "pages", math.ceil(total / served))
        due = max(0, min(served, total - (number - 1) * served))
        _is(bench, exchange, exchange.envelope.pointer, f"{due} records", f"{shown} records")
    elif isinstance(served, int):
        most = f"at most {served} records"
        _is(bench, exchange, exchange.envelope.pointer, most, most if shown <= served else f"{shown} records")


def _told(bench: Bench, exchange: Exchange, what: str, expected: object) -> None:
    """Judge what an answer says of its page, where it says that at all."""
    if what in exchange.envelope.page:
        _is(bench, exchange, exchange.envelope.page_pointer(what), str(expected), str(exchange.page(what)))


def _is(bench: Bench, exchange: Exchange, pointer: str, expected: str, observed: str) -> None:
    bench.expect(expected == observed, "page-meta", exchange, pointer=pointer, expected=expected, observed=observed)


def _paged(bench: Bench, operation: Operation) -> Pages:
    pages = pages_of(bench.description, operation)
    if pages is None:
        raise NothingToCheck(f"{operation.operation_id}: the list is not paged")
    return pages
