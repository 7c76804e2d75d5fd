"""Lists: filters, order and the arithmetic of pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.description import Description
from contract_tests.mock.app import create_app
from contract_tests.mock.columns import sort_key
from contract_tests.mock.select import ordered
from contract_tests.mock.world import Page
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.library import document

STEADY = settings(derandomize=True, database=None, max_examples=200, deadline=None)


def labels(ask: Ask, query: str) -> list[str]:
    """The labels of the shelves that a query lists."""
    return [shelf["label"] for shelf in ask("GET", f"/shelves?page[size]=50&{query}").data]


@pytest.fixture
def stocked(ask: Ask) -> Ask:
    """A library with five shelves, in this order."""
    kinds = {"maps": "open-stack", "novels": "closed", "old maps": "openstack", "art": "closed", "zoo": "closed"}
    for floor, (label, kind) in enumerate(kinds.items()):
        ask.create_shelf(label, kind=kind, floor=floor)
    return ask


def test_lists_are_newest_first(stocked: Ask) -> None:
    assert labels(stocked, "") == ["zoo", "art", "old maps", "novels", "maps"]


def test_records_of_the_same_moment_are_listed_last_inserted_first() -> None:
    rows = [{"id": number, "created_at": "2026"} for number in range(4)]
    assert [row["id"] for row in ordered(list(rows), "-created_at")] == [3, 2, 1, 0]
    assert [row["id"] for row in ordered(list(rows), "created_at")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[label]=maps", ["maps"]),
        ("filter[label]=Maps", []),
        ("filter[label]=", []),
        ("filter[label][contains]=MAP", ["old maps", "maps"]),
        ("filter[label][contains]=", ["zoo", "art", "old maps", "novels", "maps"]),
        ("filter[floor]=3", ["art"]),
        ("filter[floor]=03", None),
        ("filter[in]=art,zoo,nothing", ["zoo", "art"]),
        ("filter[kind]=open", ["old maps", "maps"]),
        ("filter[kind]=closed", ["zoo", "art", "novels"]),
        ("filter[kind]=closed&filter[label][contains]=o", ["zoo", "novels"]),
        ("sort[label]=asc", ["art", "maps", "novels", "old maps", "zoo"]),
        ("sort[label]=desc", ["zoo", "old maps", "novels", "maps", "art"]),
        ("sort[label]=asc&filter[kind]=open", ["maps", "old maps"]),
    ],
)
def test_filters_and_sort_do_what_the_description_says(stocked: Ask, query: str, expected: list[str] | None) -> None:
    if expected is None:
        assert stocked("GET", f"/shelves?{query}").status == 422
    else:
        assert labels(stocked, query) == expected


def test_contains_ignores_the_case_of_both_sides_and_equality_that_of_none(ask: Ask) -> None:
    for label in ("MAPS", "Straße"):
        ask.mock.store["shelves"].insert({**ask.create_shelf(), "id": label, "label": label})
    assert labels(ask, "filter[label][contains]=mAPs") == ["maps", "MAPS", "maps"]
    assert labels(ask, "filter[label][contains]=STRASSE") == ["Straße"]
    assert labels(ask, "filter[label]=Maps") == []


def test_filters_read_their_value_by_its_type(ask: Ask) -> None:
    first, second = ask.create_book("1", lent=True), ask.create_book("2")
    assert ask("GET", "/books?reader=x&filter[lent]=true").data == [first]
    assert ask("GET", "/books?reader=x&filter[lent]=false").data == [second]
    for query in ("filter[isbn]=1,2", "filter[isbn]=1&filter[isbn]=2", "filter[isbn][]=2&filter[isbn][]=1"):
        assert ask("GET", f"/books?reader=x&{query}").data == [first, second]


def test_meta_counts_what_the_filters_leave(stocked: Ask) -> None:
    reply = stocked("GET", "/shelves?filter[kind]=closed&page[size]=2&page[number]=2")
    assert [shelf["label"] for shelf in reply.data] == ["novels"]
    assert reply.json["meta"] == {"total_pages": 2, "total_results": 3, "page_number": 2, "page_size": 2}


def test_the_page_size_of_the_description_is_the_default(stocked: Ask) -> None:
    reply = stocked("GET", "/shelves")
    assert (len(reply.data), reply.json["meta"]["page_size"]) == (3, 3)


def test_an_empty_list_has_no_pages(ask: Ask) -> None:
    reply = ask("GET", "/shelves")
    assert reply.json == {"data": [], "meta": {"total_pages": 0, "total_results": 0, "page_number": 1, "page_size": 3}}


@pytest.mark.parametrize("number", ["3", "1000", "999999999999999999"])
def test_a_page_beyond_the_end_is_empty_and_tells_the_true_totals(stocked: Ask, number: str) -> None:
    reply = stocked("GET", f"/shelves?page[number]={number}")
    assert reply.json == {
        "data": [],
        "meta": {"total_pages": 2, "total_results": 5, "page_number": int(number), "page_size": 3},
    }


def test_a_list_without_page_parameters_is_whole_and_has_no_meta_unless_described(ask: Ask) -> None:
    for number in range(30):
        ask.create_book(str(number))
    reply = ask("GET", "/books/latest")
    assert list(reply.json) == ["data"]
    assert [book["isbn"] for book in reply.data] == [str(number) for number in reversed(range(30))]


@STEADY
@given(total=st.integers(0, 30), size=st.integers(1, 12))
def test_pages_adjoin_without_gap_or_overlap(total: int, size: int) -> None:
    ask = Ask(create_app(Description(document())))
    ask.mock.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    made = [{"id": f"{number:019d}", "created_at": f"{number:04d}", "label": "x"} for number in range(total)]
    for record in made:
        ask.mock.store["shelves"].insert(dict(record))
    seen: list[str] = []
    number = 1
    while True:
        reply = ask("GET", f"/shelves?page[size]={size}&page[number]={number}")
        meta = reply.json["meta"]
        assert meta["total_results"] == total
        assert (meta["total_pages"] - 1) * size < max(total, 1 - size) <= meta["total_pages"] * size or total == 0
        seen += [record["id"] for record in reply.data]
        if number >= meta["total_pages"]:
            break
        assert len(reply.data) == size, "every page but the last is full"
        number += 1
    assert seen == [record["id"] for record in reversed(made)]


@STEADY
@given(total=st.integers(0, 10**6), size=st.integers(1, 250))
def test_the_number_of_pages_is_the_least_that_holds_everything(total: int, size: int) -> None:
    pages = Page([], 1, size, total).told("pages")
    assert pages * size >= total > (pages - 1) * size or (pages, total) == (0, 0)


MIXED: st.SearchStrategy[Any] = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.booleans())


@STEADY
@given(st.lists(MIXED, max_size=8))
def test_any_mixture_of_values_can_be_sorted_both_ways(values: list[Any]) -> None:
    rows: list[dict[str, Any]] = [{"at": value, "n": number} for number, value in enumerate(values)]
    upward = [sort_key(row["at"]) for row in ordered(list(rows), "at")]
    assert upward == sorted(upward)
    downward = [sort_key(row["at"]) for row in ordered(list(rows), "-at")]
    assert downward == upward[::-1]
