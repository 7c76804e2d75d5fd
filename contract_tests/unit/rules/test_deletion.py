"""Each rule of deletion and of addresses finds its fault, and finds nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.rules import deletion
from contract_tests.unit.rules.stage import BOOKS, OPERATION, SHELVES, Place, places_of
from contract_tests.unit.rules.wire import After, after, after_refusal, sets

Rule = Callable[..., None]
CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (deletion.deleted_record_is_gone, (SHELVES,)),
    (deletion.deleted_record_is_gone, (BOOKS,)),
    (deletion.deleted_record_is_not_listed, (SHELVES,)),
    (deletion.unknown_record_is_not_found, (SHELVES, OPERATION["updateShelf"])),
    (deletion.unknown_record_is_not_found, (SHELVES, OPERATION["listShelfBooks"])),
    (deletion.record_reads_alike, (SHELVES,)),
    (deletion.record_reads_alike, (BOOKS,)),
]


@pytest.mark.parametrize(
    ("rule", "arguments"), CLEAN, ids=[f"{rule.__name__}-{more[0].collection}-{len(more)}" for rule, more in CLEAN]
)
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments) == set()


def alternating(path: str) -> After:
    """A server whose reads of one record differ from each other."""
    times = iter(range(100))

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if request.method == "GET" and path in request.url.path and isinstance(answer.get("data"), dict):
            answer["data"]["floor"] = next(times)

    return spoil


def twice(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A list that shows each record twice."""
    if request.method == "GET" and isinstance(answer.get("data"), list):
        answer["data"] = answer["data"] * 2


def lists_other(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A list that shows other values than a single record."""
    if request.method == "GET" and isinstance(answer.get("data"), list):
        for record in answer["data"]:
            record["floor"] = 8


def finds_anything(request: httpx.Request) -> httpx.Response | None:
    """A server that has a record for every id."""
    if request.method == "PATCH":
        return httpx.Response(200, json={"data": {"id": "1"}})
    return None


GONE = {
    ("deleted-still-there", operation, "")
    for operation in ("retrieveShelf", "updateShelf", "deleteShelf", "listShelfBooks")
}
FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    ("a deletion forgets to delete", deletion.deleted_record_is_gone, (SHELVES,), {"faults": ["forget-delete"]}, GONE),
    (
        "a deletion answers with another state",
        deletion.deleted_record_is_gone,
        (SHELVES,),
        {"after": after("DELETE", sets(label="gone"))},
        {("unrelated-field-changed", "deleteShelf", "/data/label")},
    ),
    (
        "404 with another code",
        deletion.deleted_record_is_gone,
        (SHELVES,),
        {"after": after_refusal(sets(code="10006"))},
        {("wrong-refusal", operation, pointer) for _, operation, pointer in GONE},
    ),
    (
        "a deleted record stays in the list",
        deletion.deleted_record_is_not_listed,
        (SHELVES,),
        {"faults": ["forget-delete"]},
        {("deleted-still-listed", "listShelves", "/data")},
    ),
    (
        "a record is listed twice",
        deletion.deleted_record_is_not_listed,
        (SHELVES,),
        {"after": twice},
        {("listed-wrongly", "listShelves", "/data")},
    ),
    (
        "there is a record for every id",
        deletion.unknown_record_is_not_found,
        (SHELVES, OPERATION["updateShelf"]),
        {"instead": finds_anything},
        {("unknown-id-found", "updateShelf", "")},
    ),
    (
        "reads differ from each other",
        deletion.record_reads_alike,
        (SHELVES,),
        {"after": alternating("/shelves/")},
        {
            ("unrelated-field-changed", "retrieveShelf", "/data/floor"),
        },
    ),
    (
        "the list shows another state",
        deletion.record_reads_alike,
        (SHELVES,),
        {"after": lists_other},
        {("unrelated-field-changed", "listShelves", "/data/floor")},
    ),
    (
        "an unknown id is refused as something else",
        deletion.unknown_record_is_not_found,
        (SHELVES, OPERATION["updateShelf"]),
        {"instead": lambda request: httpx.Response(422) if request.method == "PATCH" else None},
        {("wrong-refusal", "updateShelf", "")},
    ),
    (
        "a second address leads to another record",
        deletion.record_reads_alike,
        (BOOKS,),
        {"after": after("GET", sets(language="fr"), path="/books/contract-")},
        {("unrelated-field-changed", "retrieveBook", "/data/language")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


def test_a_record_that_reads_touch_is_found() -> None:
    times = iter(range(10, 60))

    def touched(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if request.method == "GET" and isinstance(answer.get("data"), dict):
            answer["data"]["updated_at"] = f"2031-01-01T00:00:{next(times)}.000Z"

    assert places_of(deletion.record_reads_alike, SHELVES, after=touched) == {
        ("read-changes-record", "retrieveShelf", "/data/updated_at")
    }
