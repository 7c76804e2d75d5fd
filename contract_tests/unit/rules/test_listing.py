"""Each rule of lists finds its fault and names the parameter, and finds nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from contract_tests.description import Operation, load
from contract_tests.rules import listing
from contract_tests.rules.bench import Bench
from contract_tests.rules.listing import part_of
from contract_tests.rules.resource import unwrap
from contract_tests.unit.rules.stage import OPERATION, Place, places_of, staged
from contract_tests.unit.rules.wire import after_refusal, loses

Rule = Callable[..., None]
SHELVES, LISTED_BOOKS, CHILD = OPERATION["listShelves"], OPERATION["listBooks"], OPERATION["listShelfBooks"]


def parameter(operation: Operation, name: str) -> Mapping[str, Any]:
    """One parameter of an operation."""
    return next(one for one in operation.parameters if one["name"] == name)


def case(operation: Operation, name: str) -> tuple[Operation, Mapping[str, Any]]:
    """The arguments of a rule about a parameter."""
    return operation, parameter(operation, name)


FILTERS = ("filter[label]", "filter[label][contains]", "filter[floor]", "filter[in]", "filter[kind]")
CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (listing.list_is_in_order, (SHELVES,)),
    (listing.list_is_in_order, (LISTED_BOOKS,)),
    (listing.sort_orders_the_list, case(SHELVES, "sort[label]")),
    *((listing.filter_selects, case(SHELVES, name)) for name in FILTERS),
    (listing.filter_selects, case(LISTED_BOOKS, "filter[isbn]")),
    (listing.filter_selects, case(LISTED_BOOKS, "filter[lent]")),
    (listing.faulty_query_values_are_refused, case(SHELVES, "page[size]")),
    (listing.faulty_query_values_are_refused, case(SHELVES, "filter[kind]")),
    (listing.faulty_query_values_are_refused, case(CHILD, "page[number]")),
    (listing.unknown_query_parameters_are_ignored, (SHELVES,)),
    (listing.unknown_query_parameters_are_ignored, (CHILD,)),
    (listing.unknown_query_parameters_are_ignored, (OPERATION["retrieveShelf"],)),
]


def label(rule: Rule, arguments: tuple[Any, ...]) -> str:
    """A test id."""
    return "-".join([rule.__name__, arguments[0].operation_id, *(one["name"] for one in arguments[1:])])


@pytest.mark.parametrize(("rule", "arguments"), CLEAN, ids=[label(*one) for one in CLEAN])
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments) == set()


def reversed_list(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A list that stands on its head."""
    if isinstance(answer.get("data"), list):
        answer["data"] = answer["data"][::-1]


def loses_one(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A filter that misses a record."""
    if b"filter" in request.url.query and isinstance(answer.get("data"), list):
        answer["data"] = answer["data"][1:]


def sorted_loses_one(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A sorted list that misses a record."""
    if b"sort" in request.url.query and isinstance(answer.get("data"), list):
        answer["data"] = answer["data"][1:]


def strict_about_parameters(request: httpx.Request) -> httpx.Response | None:
    """A server that refuses query parameters that it does not know."""
    if b"unknown" in request.url.query:
        return httpx.Response(400, json={"errors": [{"code": "10015", "title": "Bad Request"}]})
    return None


def takes_any_size(request: httpx.Request) -> httpx.Response | None:
    """A server that never refuses a page's size."""
    if b"size" in request.url.query:
        return httpx.Response(200, json={"data": []})
    return None


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "the oldest come first",
        listing.list_is_in_order,
        (SHELVES,),
        {"after": reversed_list},
        {("list-out-of-order", "listShelves", "/data/0/created_at")},
    ),
    (
        "a sort does not sort",
        listing.sort_orders_the_list,
        case(SHELVES, "sort[label]"),
        {"after": reversed_list},
        {("list-out-of-order", "listShelves", "/data/0/label")},
    ),
    (
        "a sort loses a record",
        listing.sort_orders_the_list,
        case(SHELVES, "sort[label]"),
        {"after": sorted_loses_one},
        {("filter-selects-wrongly", "listShelves", "query:sort[label]")},
    ),
    *(
        (
            f"{name} is ignored",
            listing.filter_selects,
            case(SHELVES, name),
            {"faults": ["ignore-filters"]},
            {("filter-selects-wrongly", "listShelves", f"query:{name}")},
        )
        for name in ("filter[label]", "filter[label][contains]", "filter[in]", "filter[kind]")
    ),
    (
        "a filter misses a record",
        listing.filter_selects,
        case(SHELVES, "filter[floor]"),
        {"after": loses_one},
        {("filter-selects-wrongly", "listShelves", "query:filter[floor]")},
    ),
    (
        "sizes out of bounds are taken",
        listing.faulty_query_values_are_refused,
        case(SHELVES, "page[size]"),
        {"instead": takes_any_size},
        {("invalid-accepted", "listShelves", "query:page[size]")},
    ),
    (
        "a refusal names no parameter",
        listing.faulty_query_values_are_refused,
        case(SHELVES, "filter[kind]"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-parameter", "listShelves", "query:filter[kind]")},
    ),
    (
        "unknown parameters are refused",
        listing.unknown_query_parameters_are_ignored,
        (SHELVES,),
        {"instead": strict_about_parameters},
        {("unknown-parameter-matters", "listShelves", "query:contract-unknown")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


def test_a_filter_compares_as_its_operator_says() -> None:
    records: list[dict[str, Any]] = [{"name": "one two"}, {"name": "one"}, {"name": None}, {"name": True}, {"name": 7}]
    assert listing.selected(records, {"field": "name", "operator": "eq"}, "one") == [{"name": "one"}]
    assert listing.selected(records, {"field": "name", "operator": "contains"}, "e t") == [{"name": "one two"}]
    assert listing.selected(records, {"field": "name", "operator": "in"}, "7,true") == [{"name": True}, {"name": 7}]
    spelled = {"field": "name", "operator": "eq", "values": {"uno": ["one", "one two"]}}
    assert len(listing.selected(records, spelled, "uno")) == 2
    with pytest.raises(ValueError, match="between"):
        listing.selected(records, {"field": "name", "operator": "between"}, "a")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, ["many", "1.5", "0", "10"]),
        ({"type": "number"}, ["many"]),
        ({"type": "boolean"}, ["maybe"]),
        ({"type": "string", "enum": ["a"]}, [listing.NOBODY]),
        ({"type": "string"}, []),
    ],
)
def test_texts_that_are_no_value_of_a_parameter(schema: dict[str, Any], expected: list[str]) -> None:
    assert [text for text, _ in listing.faulty_texts(schema)] == expected


@pytest.mark.parametrize(
    ("values", "schema", "part"),
    [
        (["abcd"], {"type": "string"}, ["ab"]),
        (["abcd", "ab"], {"type": "string"}, []),
        (["a"], {"type": "string"}, []),
        (["true"], {"type": "boolean"}, []),
        (["+1555"], {"type": "string", "pattern": "^[+][0-9]+$"}, []),
        (["x1"], {"type": "string", "enum": ["x1"]}, []),
    ],
)
def test_half_of_a_free_text_is_asked_for_as_another_value(
    values: list[str], schema: dict[str, Any], part: list[str]
) -> None:
    assert part_of(values, schema) == part


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        (6, 25, True),
        (25, 6, False),
        (6, 6.5, True),
        ("6", "25", False),
        ("ant", "bee", True),
        ("bee", "ant", False),
        (None, "ant", True),
        (25, "ant", True),
        ("2021-03-08T17:57:48+01:00", "2021-03-08T17:00:00Z", True),
        ("2021-03-08T17:57:48Z", "2021-03-08T17:57:48+01:00", False),
        ("2021-03-08T17:57:48Z", "never", False),
    ],
)
def test_numbers_stand_by_size_times_by_the_moment_and_all_else_by_its_text(
    one: object, other: object, right: bool
) -> None:
    assert listing.in_order(one, other) is right


def test_what_a_list_does_not_show_of_its_records_is_read_once_for_each_order() -> None:
    description = load()
    operation = description.by_id["listBrands"]
    sort = parameter(operation, "sort")
    orders = unwrap(description, sort["schema"])[0]["enum"]
    listed = description.properties(description.record_schema(operation) or {})
    hidden = [order for order in orders if order.removeprefix("-") not in listed]
    with staged(description) as (session, wire):
        bench = Bench(session, "check")
        there = len(list(wire.mock.store["brands"]))
        listing.sort_orders_the_list(bench, operation, sort)
        asked = [(one.method, one.url.path.rpartition("/10dlc/")[2]) for one in wire.sent]
        made = asked.count(("POST", "brand"))
        reads = [path for method, path in asked if method == "GET" and path.startswith("brand/")]
        assert hidden and bench.checked and 2 <= made <= 6
        assert len(reads) == len(hidden) * (there + made)
        bench.close()
        assert session.findings.all() == []
