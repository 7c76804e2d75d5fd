"""Each rule of references finds its fault, names operation and field, and finds nothing in a mock without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import load
from contract_tests.rules import cases, references
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.resource import by_collection
from contract_tests.unit.rules.stage import BOOKS, OPERATION, SHELVES, Place, places_of, staged
from contract_tests.unit.rules.wire import After, after, after_refusal, before, loses, sets

Rule = Callable[..., None]
MAKES = OPERATION["createBook"]
CHILD = OPERATION["listShelfBooks"]
(BLOCK,) = OPERATION["deleteShelf"].blocked_by
CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (references.assigns_and_unassigns, (BOOKS, "shelf_id")),
    (references.unknown_reference_is_refused, (BOOKS, "shelf_id")),
    (references.sent_reference_is_refused, (BOOKS, MAKES, "shelf_id")),
    (references.child_list_shows_what_is_assigned, (BOOKS, CHILD)),
    (references.child_lists_agree_with_their_records, (BOOKS, CHILD)),
    (references.deletion_waits_for_what_is_assigned, (SHELVES, BLOCK)),
]


@pytest.mark.parametrize(("rule", "arguments"), CLEAN, ids=[rule.__name__ for rule, _ in CLEAN])
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments) == set()


def shows_everything(request: httpx.Request) -> httpx.Response | None:
    """A list below a shelf that shows a book of no shelf."""
    if request.method == "GET" and request.url.path.endswith("/books") and "/shelves/" in request.url.path:
        return httpx.Response(200, json={"data": [{"id": "1", "shelf_id": None}], "meta": {"total_pages": 1}})
    return None


def empty_list(request: httpx.Request) -> httpx.Response | None:
    """A list below a shelf that stays empty."""
    if request.method == "GET" and request.url.path.endswith("/books") and "/shelves/" in request.url.path:
        return httpx.Response(200, json={"data": [], "meta": {"total_pages": 0}})
    return None


def unassigning() -> After:
    """A server that refuses to delete what is in use, and takes it off; the test's first refusal is that one."""
    refused = False

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        nonlocal refused
        refused = refused or (request.method == "DELETE" and status >= 400)
        if refused and request.method == "GET" and "/books/" in request.url.path:
            answer["data"]["shelf_id"] = None

    return spoil


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "an empty text does not unassign",
        references.assigns_and_unassigns,
        (BOOKS, "shelf_id"),
        {"faults": ["empty-string-keeps"]},
        {("reference-not-cleared", "updateBook", "/data/shelf_id")},
    ),
    (
        "an assignment is not stored",
        references.assigns_and_unassigns,
        (BOOKS, "shelf_id"),
        {"faults": ["forget-update"]},
        {("reference-not-stored", "retrieveBook", "/data/shelf_id")},
    ),
    (
        "an assignment is shown as another",
        references.assigns_and_unassigns,
        (BOOKS, "shelf_id"),
        {"after": after("PATCH", sets(shelf_id="elsewhere"))},
        {
            ("reference-not-stored", "updateBook", "/data/shelf_id"),
            ("reference-not-cleared", "updateBook", "/data/shelf_id"),
            ("unrelated-field-changed", "retrieveBook", "/data/shelf_id"),
        },
    ),
    (
        "an assignment changes something else",
        references.assigns_and_unassigns,
        (BOOKS, "shelf_id"),
        {"after": after("PATCH", sets(lent=True))},
        {
            ("unrelated-field-changed", "updateBook", "/data/lent"),
            ("unrelated-field-changed", "retrieveBook", "/data/lent"),
        },
    ),
    (
        "ids of nothing are stored",
        references.unknown_reference_is_refused,
        (BOOKS, "shelf_id"),
        {"before": before("PATCH", sets(shelf_id=None))},
        {("reference-not-checked", "updateBook", "request:/shelf_id")},
    ),
    (
        "the refusal has another code",
        references.unknown_reference_is_refused,
        (BOOKS, "shelf_id"),
        {"after": after_refusal(sets(code="10015"))},
        {("wrong-refusal", "updateBook", "request:/shelf_id")},
    ),
    (
        "the refusal names no field",
        references.unknown_reference_is_refused,
        (BOOKS, "shelf_id"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "updateBook", "request:/shelf_id")},
    ),
    (
        "a record is made with an id of nothing",
        references.sent_reference_is_refused,
        (BOOKS, MAKES, "shelf_id"),
        {"faults": ["accept-unknown-reference"]},
        {("reference-not-checked", "createBook", "request:/shelf_id")},
    ),
    (
        "the refusal to make a record has another code",
        references.sent_reference_is_refused,
        (BOOKS, MAKES, "shelf_id"),
        {"after": after_refusal(sets(code="10015"))},
        {("wrong-refusal", "createBook", "request:/shelf_id")},
    ),
    (
        "the refusal to make a record names no field",
        references.sent_reference_is_refused,
        (BOOKS, MAKES, "shelf_id"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "createBook", "request:/shelf_id")},
    ),
    (
        "the list below a record stays empty",
        references.child_list_shows_what_is_assigned,
        (BOOKS, CHILD),
        {"instead": empty_list},
        {("child-list-wrong", "listShelfBooks", "/data")},
    ),
    (
        "the list below a record shows what is not assigned",
        references.child_lists_agree_with_their_records,
        (BOOKS, CHILD),
        {"instead": shows_everything},
        {("child-of-another", "listShelfBooks", "/data/0/shelf_id")},
    ),
    (
        "what is in use is deleted",
        references.deletion_waits_for_what_is_assigned,
        (SHELVES, BLOCK),
        {"faults": ["allow-blocked-deletion"]},
        {("deletion-not-blocked", "deleteShelf", "")},
    ),
    (
        "a refused deletion takes the record off all the same",
        references.deletion_waits_for_what_is_assigned,
        (SHELVES, BLOCK),
        {"after": unassigning()},
        {("unrelated-field-changed", "deleteShelf", "/data/shelf_id")},
    ),
    (
        "deletion of what is in use is refused otherwise",
        references.deletion_waits_for_what_is_assigned,
        (SHELVES, BLOCK),
        {"after": after_refusal(sets(code="10015"))},
        {("wrong-refusal", "deleteShelf", "")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


def test_a_field_that_names_no_record_is_nothing_to_check() -> None:
    with staged() as (session, _), pytest.raises(NothingToCheck, match="language is not a reference"):
        references.assigns_and_unassigns(Bench(session, "check"), BOOKS, "language")


def test_clearing_says_what_a_field_needs() -> None:
    written = BOOKS.written(OPERATION["updateBook"])
    assert references.clearing(written["shelf_id"]) == ""
    assert references.clearing(SHELVES.written(OPERATION["updateShelf"])["note"]) is None
    assert not references.can_clear(written["language"])
    with pytest.raises(ValueError, match="language cannot be cleared"):
        references.clearing(written["language"])


def test_what_names_another_record_is_looked_up_wherever_it_is_sent() -> None:
    made = {(case.operation.operation_id, case.label) for case in cases.references_sent(load())}
    assert made >= {
        ("createCampaign", "brandId"),
        ("sendRcsMessage", "agent_id"),
        ("sendRcsMessage", "messaging_profile_id"),
    }
    case = (references.sent_reference_is_refused, by_collection(load(), "messages"), load().by_id["sendRcsMessage"])
    for name in ("agent_id", "messaging_profile_id"):
        assert places_of(*case, name, description=load()) == set()
    with staged() as (session, _), pytest.raises(NothingToCheck, match="isbn is no reference"):
        references.sent_reference_is_refused(Bench(session, "check"), BOOKS, MAKES, "isbn")


def test_only_what_is_gone_or_never_was_is_sent() -> None:
    with staged() as (session, wire):
        bench = Bench(session, "check")
        references.sent_reference_is_refused(bench, BOOKS, MAKES, "shelf_id")
        bench.close()
        asked = [json.loads(one.content)["shelf_id"] for one in wire.sent if one.url.path.endswith("/books")]
        deleted = [one.url.path.rpartition("/")[2] for one in wire.sent if one.method == "DELETE"]
        assert len(asked) == 2
        assert asked[1] in deleted
