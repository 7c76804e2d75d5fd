"""The numbers in ``meta`` agree with each other, with the page, and with the request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.checks import page_meta
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make


def meta(pages: int, results: int, number: int = 1, size: int = 20) -> dict[str, int]:
    return {"total_pages": pages, "total_results": results, "page_number": number, "page_size": size}


def places(description: Description, exchange: Make, shown: int, numbers: Any, query: str = "") -> list[str]:
    seen = exchange(200, {"data": [{}] * shown, "meta": numbers}, url=f"http://127.0.0.1:1/v2/things{query}")
    return [one.pointer for one in page_meta.check(description, description.by_id["listThings"], seen)]


@pytest.mark.parametrize(
    ("shown", "numbers"),
    [(0, meta(0, 0)), (3, meta(1, 3)), (20, meta(2, 21)), (1, meta(2, 21, 2)), (0, meta(2, 21, 9))],
)
def test_numbers_that_add_up_pass(description: Description, exchange: Make, shown: int, numbers: Any) -> None:
    assert not places(description, exchange, shown, numbers)


@pytest.mark.parametrize(
    ("shown", "numbers", "place"),
    [
        (3, meta(2, 3), "/meta/total_pages"),
        (2, meta(1, 3), "/data"),
        (21, meta(2, 21), "/data"),
        (1, meta(2, 21, 9), "/data"),
        (0, meta(0, -1), "/meta/total_results"),
        (0, meta(0, 0, 1, 0), "/meta/page_size"),
    ],
)
def test_a_contradiction_names_its_field(
    description: Description, exchange: Make, shown: int, numbers: Any, place: str
) -> None:
    assert places(description, exchange, shown, numbers) == [place]


def test_the_page_that_was_asked_for_is_the_page_that_comes(description: Description, exchange: Make) -> None:
    assert places(description, exchange, 3, meta(1, 3, 1, 20), "?page%5Bsize%5D=5") == ["/meta/page_size"]
    assert places(description, exchange, 3, meta(1, 3, 1, 5), "?page[size]=5") == []
    assert places(description, exchange, 3, meta(1, 3), "?page%5Bnumber%5D=2") == ["/meta/page_number"]


@pytest.mark.parametrize("query", ["?page[size]=51", "?page[size]=x", "?page[size]=05", "?page[size]=5&page[size]=6"])
def test_a_request_out_of_range_demands_no_echo(description: Description, exchange: Make, query: str) -> None:
    assert places(description, exchange, 3, meta(1, 3), query) == []


def test_meta_of_another_type_is_left_to_the_schema(description: Description, exchange: Make) -> None:
    assert places(description, exchange, 3, {**meta(1, 3), "total_pages": "1"}) == []
    assert places(description, exchange, 3, None) == []


@settings(derandomize=True, database=None, max_examples=60)
@given(results=st.integers(0, 500), size=st.integers(1, 50), number=st.integers(1, 30))
def test_honest_arithmetic_is_never_reported(results: int, size: int, number: int) -> None:
    records = list(range(results))
    page = records[(number - 1) * size : number * size]
    pages = len(range(0, results, size))
    assert not list(page_meta.arithmetic({"pages": pages, "total": results, "number": number, "size": size}, len(page)))
