"""Each rule of pages finds its fault, and finds nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.rules import pagination
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.paging import Pages, fill, is_list, pages_of
from contract_tests.unit.rules.stage import LIBRARY, OPERATION, Place, places_of, staged
from contract_tests.unit.rules.wire import After, after_refusal, loses

Rule = Callable[..., None]
LIST, CHILD = OPERATION["listShelves"], OPERATION["listShelfBooks"]
RULES = (
    pagination.sizes_add_up,
    pagination.page_beyond_the_end_is_empty,
    pagination.walking_shows_each_record_once,
    pagination.sizes_out_of_bounds_are_refused,
)


@pytest.mark.parametrize("operation", [LIST, CHILD], ids=["list", "list below a record"])
@pytest.mark.parametrize("rule", RULES)
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, operation: Any) -> None:
    assert places_of(rule, operation) == set()


def in_meta(**values: Any) -> After:
    """A server whose ``meta`` says something else."""

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if isinstance(answer.get("meta"), dict):
            answer["meta"].update(values)

    return spoil


def same_page_for_ever(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A server that repeats its first record on every page."""
    if isinstance(answer.get("data"), list) and b"page%5Bsize%5D=1&" in request.url.query + b"&" and answer["data"]:
        answer["data"][0] = {**answer["data"][0], "id": "always-the-same"}


def takes_everything(request: httpx.Request) -> httpx.Response | None:
    """A server that clamps in silence."""
    if request.method == "GET" and b"page" in request.url.query:
        return httpx.Response(200, json={"data": [], "meta": {"total_pages": 0, "total_results": 0}})
    return None


FAULTY: list[tuple[str, Rule, dict[str, Any], set[Place]]] = [
    (
        "the number of pages is wrong",
        pagination.sizes_add_up,
        {"after": in_meta(total_pages=99)},
        {("page-meta", "listShelves", "/meta/total_pages")},
    ),
    (
        "the size is not the one asked for",
        pagination.sizes_add_up,
        {"after": in_meta(page_size=4)},
        {
            ("page-meta", "listShelves", "/meta/page_size"),
            ("page-meta", "listShelves", "/meta/total_pages"),
            ("page-meta", "listShelves", "/data"),
        },
    ),
    (
        "the total is missing",
        pagination.sizes_add_up,
        {"after": in_meta(total_results=None)},
        {("page-meta", "listShelves", "/meta/total_results")},
    ),
    (
        "paging is ignored",
        pagination.sizes_add_up,
        {"faults": ["ignore-paging"]},
        {("page-meta", "listShelves", "/meta/page_size")},
    ),
    (
        "the page beyond the end is the first one again",
        pagination.page_beyond_the_end_is_empty,
        {"faults": ["ignore-paging"]},
        {
            ("page-meta", "listShelves", "/meta/page_number"),
            ("page-meta", "listShelves", "/meta/page_size"),
            ("page-meta", "listShelves", "/data"),
        },
    ),
    (
        "a record stands on every page",
        pagination.walking_shows_each_record_once,
        {"after": same_page_for_ever},
        {("pages-do-not-join", "listShelves", "/data")},
    ),
    (
        "sizes out of bounds are clamped",
        pagination.sizes_out_of_bounds_are_refused,
        {"instead": takes_everything},
        {("invalid-accepted", "listShelves", f"query:page[{name}]") for name in ("size", "number")},
    ),
    (
        "the refusal names no parameter",
        pagination.sizes_out_of_bounds_are_refused,
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-parameter", "listShelves", f"query:page[{name}]") for name in ("size", "number")},
    ),
    (
        "the list is refused",
        pagination.sizes_add_up,
        {"instead": lambda request: httpx.Response(400) if request.method == "GET" else None},
        {("valid-request-refused", "listShelves", "")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(rule: Rule, conditions: dict[str, Any], expected: set[Place]) -> None:
    assert places_of(rule, LIST, **conditions) == expected


def test_paging_is_read_from_the_description() -> None:
    assert pages_of(LIBRARY, LIST) == Pages("page[number]", "page[size]", 3, 1, 50)
    assert pages_of(LIBRARY, OPERATION["listBooks"]) is None
    assert is_list(LIBRARY, OPERATION["listBooks"])
    assert not is_list(LIBRARY, OPERATION["retrieveBook"])
    assert not is_list(LIBRARY, OPERATION["deleteBook"])


def test_a_list_that_is_not_paged_is_nothing_to_check() -> None:
    with staged() as (session, _), pytest.raises(NothingToCheck, match="not paged"):
        pagination.sizes_add_up(Bench(session, "check"), OPERATION["listBooks"])


def test_a_list_below_a_record_is_filled_by_assigning() -> None:
    with staged() as (session, wire):
        bench = Bench(session, "check", records=3)
        parent = fill(bench, CHILD)
        assert len(list(wire.mock.store["books"])) == 3
        assert {book["shelf_id"] for book in list(wire.mock.store["books"])} == {parent}
        bench.close()
        assert list(wire.mock.store["books"]) == []
        assert list(wire.mock.store["shelves"]) == []
