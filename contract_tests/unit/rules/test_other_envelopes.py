"""Rules of lists hold, and find their faults, where the answer, the sizes and the sort are other than usual.

The library's shelves are listed as an object of records and a total, or as records alone; books below a shelf are
created there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from contract_tests.description import Description
from contract_tests.drift.finding import generalise
from contract_tests.rules import listing, pagination
from contract_tests.rules.bench import Bench
from contract_tests.rules.paging import LARGE, add, fill, identity, needed, pages_of, place, walk
from contract_tests.unit.mock.library import document, query, ref
from contract_tests.unit.rules.stage import Place, places_of, staged

Rule = Callable[..., None]
Node = dict[str, Any]
NUMBER: Node = query("page", {"type": "integer", "minimum": 1}, x_page="number")
SIZE: Node = query("perPage", {"type": "integer", "minimum": 1}, x_page="size")
SORT: Node = query("sort", {"type": "string", "enum": ["floor", "-floor", "visits"]}, x_sort={"by": "value"})
FROM: Node = query(
    "from", {"type": "string", "format": "date-time"}, x_filter={"field": "created_at", "operator": "gte"}
)
TO: Node = query("to", {"type": "string", "format": "date-time"}, x_filter={"field": "created_at", "operator": "lte"})
RULES = (
    pagination.sizes_add_up,
    pagination.page_beyond_the_end_is_empty,
    pagination.walking_shows_each_record_once,
    pagination.sizes_out_of_bounds_are_refused,
)
TOTAL = {"records": "records", "total": "totalRecords"}
ALONE = {"records": "records"}


def listed(envelope: Node, *parameters: Node, without: str = "") -> Description:
    """The library with another answer to the list of shelves; ``without``: a member that the list does not show."""
    made = document()
    shown = {
        name: node for name, node in made["components"]["schemas"]["Shelf"]["properties"].items() if name != without
    }
    made["components"]["schemas"]["ShelfSummary"] = {"type": "object", "properties": shown}
    told = {name: {"type": "integer"} for what, name in envelope.items() if what != "records"}
    members = {"records": {"type": "array", "items": ref("schemas", "ShelfSummary")}, **told}
    shelves = made["paths"]["/shelves"]["get"]
    shelves["parameters"] = list(parameters)
    schema = {"type": "object", "x-envelope": envelope, "properties": members}
    shelves["responses"]["200"]["content"]["application/json"]["schema"] = schema
    return Description(made)


def of(description: Description, name: str = "listShelves") -> Any:
    """An operation of it."""
    return description.by_id[name]


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("envelope", [TOTAL, ALONE, {**TOTAL, "number": "page", "size": "perPage"}], ids=str)
@pytest.mark.parametrize("rule", RULES)
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, envelope: Node, required: bool) -> None:
    parameters = ({**NUMBER, "required": True, "example": 1}, {**SIZE, "required": True, "example": 2})
    description = listed(envelope, *(parameters if required else (NUMBER, SIZE)))
    assert places_of(rule, of(description), description=description) == set()


def spoils(change: Callable[[Node], None]) -> Callable[[httpx.Request, int, Node], None]:
    """A server whose lists of shelves are changed."""

    def spoil(request: httpx.Request, status: int, answer: Node) -> None:
        if "records" in answer:
            change(answer)

    return spoil


def repeats(answer: Node) -> None:
    """A list whose pages all show the same record."""
    if answer["records"]:
        answer["records"] = [{**answer["records"][0], "id": "always-the-same"}]


def too_long(answer: Node) -> None:
    """A page that is longer than it may be."""
    answer["records"] = answer["records"] * 60


FAULTY: list[tuple[str, Rule, Node, dict[str, Any], set[Place]]] = [
    (
        "the total is wrong",
        pagination.sizes_add_up,
        TOTAL,
        {"after": spoils(lambda answer: answer.update(totalRecords=99))},
        {("page-meta", "listShelves", "/records")},
    ),
    (
        "the total is a text",
        pagination.sizes_add_up,
        TOTAL,
        {"after": spoils(lambda answer: answer.update(totalRecords="7"))},
        {("page-meta", "listShelves", "/totalRecords")},
    ),
    (
        "pages are too long where nothing is told of them",
        pagination.sizes_add_up,
        ALONE,
        {"after": spoils(too_long)},
        {("page-meta", "listShelves", "/records")},
    ),
    (
        "the page beyond the end is the first one again",
        pagination.page_beyond_the_end_is_empty,
        ALONE,
        {"faults": ["ignore-paging"]},
        {("page-meta", "listShelves", "/records")},
    ),
    (
        "a record stands on every page",
        pagination.walking_shows_each_record_once,
        TOTAL,
        {"after": spoils(repeats)},
        {("pages-do-not-join", "listShelves", "/records")},
    ),
    (
        "a size below the bound is taken",
        pagination.sizes_out_of_bounds_are_refused,
        TOTAL,
        {"faults": ["accept-bad-values"]},
        {("invalid-accepted", "listShelves", "query:perPage"), ("invalid-accepted", "listShelves", "query:page")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "envelope", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(rule: Rule, envelope: Node, conditions: Node, expected: set[Place]) -> None:
    description = listed(envelope, NUMBER, SIZE)
    assert places_of(rule, of(description), description=description, **conditions) == expected


def test_a_size_without_a_bound_is_tried_at_a_large_one_and_never_beyond() -> None:
    description = listed(TOTAL, NUMBER, SIZE)
    pages = pages_of(description, of(description))
    assert pages is not None
    assert (pages.most, pages.largest, pages.required) == (None, LARGE, False)
    with staged(description) as (session, wire):
        pagination.sizes_out_of_bounds_are_refused(Bench(session, "check", records=1), of(description))
        asked = {request.url.params.get("perPage") for request in wire.sent if request.method == "GET"}
    assert asked == {"0", "-1", None}


def test_what_a_rule_asks_for_is_asked_once_where_it_is_required() -> None:
    description = listed(TOTAL, {**NUMBER, "required": True, "example": 1}, {**SIZE, "required": True, "example": 2})
    with staged(description) as (session, wire):
        walk(Bench(session, "check"), of(description), size=5)
        assert wire.sent[-1].url.params.get_list("perPage") == ["5"]
        Bench(session, "check").call(of(description))
        assert wire.sent[-1].url.params.get_list("perPage") == ["2"]


# Sorts and filters


def parameter(description: Description, name: str) -> Mapping[str, Any]:
    """A parameter of the list of shelves."""
    return next(one for one in of(description).parameters if one["name"] == name)


def reversed_list(answer: Node) -> None:
    """A list that stands on its head."""
    answer["records"] = answer["records"][::-1]


@pytest.mark.parametrize("without", ["", "floor"], ids=["shown", "not shown by the list"])
def test_a_sort_names_its_field_as_its_value(without: str) -> None:
    description = listed(TOTAL, NUMBER, SIZE, SORT, without=without)
    case = (listing.sort_orders_the_list, of(description), parameter(description, "sort"))
    assert places_of(*case, description=description) == set()
    for fault in ({"after": spoils(reversed_list)}, {"faults": ["ignore-sort"]}):
        found = {
            (kind, operation, generalise(pointer))
            for kind, operation, pointer in places_of(*case, description=description, **fault)
        }
        assert found == {("list-out-of-order", "listShelves", "/records/*/floor")}


@pytest.mark.parametrize("name", ["from", "to"])
def test_times_are_bounds_that_belong_to_the_list(name: str) -> None:
    description = listed(TOTAL, NUMBER, SIZE, FROM, TO)
    case = (listing.filter_selects, of(description), parameter(description, name))
    assert places_of(*case, description=description) == set()
    found = places_of(*case, description=description, faults=["ignore-filters"])
    assert found == {("filter-selects-wrongly", "listShelves", f"query:{name}")}


def test_a_filter_by_what_the_list_does_not_show_is_held_to_the_records() -> None:
    floor = query("floor", {"type": "integer"}, x_filter={"field": "floor", "operator": "eq"})
    description = listed(TOTAL, NUMBER, SIZE, floor, without="floor")
    case = (listing.filter_selects, of(description), parameter(description, "floor"))
    assert places_of(*case, description=description) == set()
    found = places_of(*case, description=description, faults=["ignore-filters"])
    assert found == {("filter-selects-wrongly", "listShelves", "query:floor")}


def test_records_are_made_so_that_they_are_in_a_list_that_needs_a_filter() -> None:
    floor = {"name": "floor", "in": "query", "required": True, "example": 4, "schema": {"type": "integer"}}
    description = listed(TOTAL, NUMBER, SIZE, {**floor, "x-filter": {"field": "floor", "operator": "eq"}})
    with staged(description) as (session, _):
        bench = Bench(session, "check", records=3)
        assert needed(bench, of(description)) == {"floor": 4}
        fill(bench, of(description))
        found = walk(bench, of(description))
        bench.close()
    assert [record["floor"] for record in found.records] == [4, 4, 4]


# Lists that are filled below one record


def below() -> Description:
    """The library with books that are created below their shelf, and can't be deleted."""
    made = document()
    parent = {"collection": "shelves", "parameter": "shelf", "field": "shelf_id"}
    create = made["paths"]["/books"].pop("post")
    create["x-resource"]["parent"] = parent
    made["components"]["schemas"]["BookCreate"]["properties"].pop("shelf_id")
    made["paths"]["/shelves/{shelf}/books"]["post"] = {**create, "parameters": [{"$ref": "#/components/parameters/S"}]}
    made["components"]["parameters"]["S"] = {"name": "shelf", "in": "path", "schema": {"type": "string"}}
    isbn = query("isbn", {"type": "string"}, x_filter={"field": "isbn", "operator": "eq"})
    made["paths"]["/shelves/{shelf}/books"]["get"]["parameters"].append(isbn)
    return Description(made)


def test_a_list_below_a_record_is_filled_below_one_record() -> None:
    description = below()
    with staged(description) as (session, wire):
        bench = Bench(session, "check", records=3)
        parent = fill(bench, of(description, "listShelfBooks"))
        assert [book["shelf_id"] for book in wire.mock.store["books"]] == [parent] * 3
        bench.close()


def test_a_filter_of_a_list_below_a_record_finds_its_faults() -> None:
    description = below()
    operation = of(description, "listShelfBooks")
    isbn = next(one for one in operation.parameters if one["name"] == "isbn")
    assert places_of(listing.filter_selects, operation, isbn, description=description) == set()
    found = places_of(listing.filter_selects, operation, isbn, description=description, faults=["ignore-filters"])
    assert found == {("filter-selects-wrongly", "listShelfBooks", "query:isbn")}


def test_what_cannot_be_taken_away_is_made_only_as_far_as_it_is_missing() -> None:
    made = document()
    del made["paths"]["/books/{id}"]["delete"]
    description = Description(made)
    with staged(description) as (session, wire):
        bench = Bench(session, "check", records=3)
        for _ in range(3):
            fill(bench, of(description, "listLatestBooks"))
        assert len(list(wire.mock.store["books"])) == 3


def test_records_are_told_apart_by_the_id_that_the_list_shows() -> None:
    description = listed(TOTAL, without="id")
    assert identity(description, of(description)) is None
    assert identity(description, of(description, "listBooks")) == "id"
    assert place(Bench.__new__(Bench), of(description)) is None


def test_a_creation_that_no_rule_explains_is_a_finding() -> None:
    def refuses(request: httpx.Request) -> httpx.Response | None:
        entries = {"errors": [{"code": "10004", "title": "No", "source": {"pointer": "/label"}}]}
        return httpx.Response(422, json=entries) if request.method == "POST" else None

    description = listed(TOTAL, NUMBER, SIZE)
    with staged(description, instead=refuses) as (session, _):
        bench = Bench(session, "check")
        with pytest.raises(Exception, match="422"):
            add(bench, of(description), [{}])
        assert [one.kind for one in session.findings.all()] == ["valid-request-refused"]
