"""Rules of pages: their arithmetic, their bounds, and that walking them shows each record once."""

from __future__ import annotations

import math

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, records_of
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.paging import Pages, fill, meta_of, pages_of, walk
from contract_tests.rules.refusal import names_parameter, refused

TOTAL_PAGES, TOTAL_RESULTS, PAGE_NUMBER, PAGE_SIZE = "total_pages", "total_results", "page_number", "page_size"


def sizes_add_up(bench: Bench, operation: Operation) -> None:
    """For one, two, the default and the largest size of a page, the records and ``meta`` agree."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    for size in (pages.least, pages.least + 1, None, pages.most):
        exchange = bench.call(operation, parent, query=[] if size is None else [(pages.size, size)])
        _adds_up(bench, exchange, 1, size if size is not None else pages.default)


def page_beyond_the_end_is_empty(bench: Bench, operation: Operation) -> None:
    """After the last page come pages without records whose totals are still true."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    first = bench.call(operation, parent, query=[(pages.size, pages.most)])
    last = int(meta_of(first).get(TOTAL_PAGES) or 0)
    for number in (last + 1, last + 1000):
        exchange = bench.call(operation, parent, query=[(pages.number, number), (pages.size, pages.most)])
        _adds_up(bench, exchange, number, pages.most)
        _is(bench, exchange, "/data", 0, len(records_of(exchange)))
        _is(
            bench, exchange, f"/meta/{TOTAL_RESULTS}", meta_of(first).get(TOTAL_RESULTS), _meta(exchange, TOTAL_RESULTS)
        )


def walking_shows_each_record_once(bench: Bench, operation: Operation) -> None:
    """Small pages joined give the same records in the same order as large ones, twice in a row: no gap, no repeat."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    large = walk(bench, operation, parent=parent)
    small = pages.least if len(large.records) <= 3 * bench.records else max(2, len(large.records) // 10)
    for _ in range(2):
        steps = walk(bench, operation, size=small, parent=parent)
        expected, observed = names(large.records), names(steps.records)
        bench.expect(
            expected == observed and len(set(observed)) == len(observed),
            "pages-do-not-join",
            steps.exchanges[-1],
            pointer="/data",
            expected=f"the {len(expected)} records of one large page, in that order, each once",
            observed=f"{len(observed)} records, {len(set(observed))} different, over {len(steps.exchanges)} pages",
        )
        for number, exchange in enumerate(steps.exchanges, start=1):
            _adds_up(bench, exchange, number, small)


def sizes_out_of_bounds_are_refused(bench: Bench, operation: Operation) -> None:
    """A page or a size outside of its bounds is refused by name, never clamped in silence."""
    pages, parent = _paged(bench, operation), fill(bench, operation)
    wrong = [(pages.size, pages.least - 1), (pages.size, pages.most + 1), (pages.size, -1), (pages.number, 0)]
    for name, value in wrong:
        exchange = bench.call(operation, parent, query=[(name, value)])
        place = f"query:{name}"
        if refused(bench, exchange, place=place, fault=f"{name} is {value}"):
            names_parameter(bench, exchange, name)


def names(records: list[Record]) -> list[str]:
    """What tells records apart: their ids, or their whole text where they have none."""
    return [str(record.get("id", sorted(record.items(), key=str))) for record in records]


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
    total, shown = _meta(exchange, TOTAL_RESULTS), len(records_of(exchange))
    served = _meta(exchange, PAGE_SIZE)
    _is(bench, exchange, f"/meta/{PAGE_NUMBER}", number, _meta(exchange, PAGE_NUMBER))
    if size is not None:
        _is(bench, exchange, f"/meta/{PAGE_SIZE}", size, served)
    if isinstance(total, int) and isinstance(served, int) and served > 0:
        _is(bench, exchange, f"/meta/{TOTAL_PAGES}", math.ceil(total / served), _meta(exchange, TOTAL_PAGES))
        _is(bench, exchange, "/data", max(0, min(served, total - (number - 1) * served)), shown)
    else:
        _is(bench, exchange, f"/meta/{TOTAL_RESULTS}", "a number", total)


def _is(bench: Bench, exchange: Exchange, pointer: str, expected: object, observed: object) -> None:
    bench.expect(
        expected == observed,
        "page-meta",
        exchange,
        pointer=pointer,
        expected=f"{expected} records" if pointer == "/data" else str(expected),
        observed=str(observed),
    )


def _meta(exchange: Exchange, name: str) -> object:
    return meta_of(exchange).get(name)


def _paged(bench: Bench, operation: Operation) -> Pages:
    pages = pages_of(bench.description, operation)
    if pages is None:
        raise NothingToCheck(f"{operation.operation_id}: the list is not paged")
    return pages
