"""Each rule of updates finds its fault, names operation and field, and finds nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import load
from contract_tests.rules import updating
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.resource import by_collection
from contract_tests.unit.rules.stage import BOOKS, SHELVES, Place, places_of, staged
from contract_tests.unit.rules.wire import after, after_refusal, before, loses, sets

Rule = Callable[..., None]


def without(*names: str) -> Callable[[dict[str, Any]], None]:
    """A server that does not see these fields."""

    def forget(body: dict[str, Any]) -> None:
        for name in names:
            body.pop(name, None)

    return forget


def only_required_of_lighting(body: dict[str, Any]) -> None:
    """A server that replaces an object instead of merging into it."""
    if isinstance(body.get("lighting"), dict):
        body["lighting"].setdefault("dimmed", False)


def stored_last(name: str) -> Callable[[httpx.Request, int, dict[str, Any]], None]:
    """A server whose reads lag: they show a field as the last creation left it."""
    kept: dict[str, Any] = {}

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if request.method == "POST" and status < 300:
            kept["value"] = answer["data"].get(name)
        if request.method == "GET" and status < 300 and isinstance(answer["data"], dict):
            answer["data"][name] = kept["value"]

    return spoil


CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (updating.one_field_changes, (SHELVES, "label")),
    (updating.one_field_changes, (SHELVES, "lighting")),
    (updating.one_field_changes, (BOOKS, "language")),
    (updating.fields_change_together, (SHELVES,)),
    (updating.fields_change_together, (BOOKS,)),
    (updating.null_keeps_or_clears, (SHELVES, "note")),
    (updating.null_keeps_or_clears, (BOOKS, "shelf_id")),
    (updating.empty_string_keeps_or_clears, (BOOKS, "shelf_id")),
    (updating.empty_string_keeps_or_clears, (BOOKS, "language")),
    (updating.objects_merge, (SHELVES, "lighting")),
    (updating.value_outside_the_list_is_ignored, (BOOKS, "language")),
    (updating.read_only_fields_are_ignored, (SHELVES,)),
    (updating.unknown_keys_are_ignored, (SHELVES,)),
    (updating.update_of_nothing, (SHELVES,)),
    (updating.update_of_nothing, (BOOKS,)),
    (updating.not_required_once_set, (SHELVES, "subjects")),
    (updating.faulty_values_are_refused, (SHELVES, "floor")),
    (updating.faulty_values_are_refused, (SHELVES, "lighting")),
]


@pytest.mark.parametrize(
    ("rule", "arguments"), CLEAN, ids=[f"{rule.__name__}-{more[0].collection}-{more[1:]}" for rule, more in CLEAN]
)
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments) == set()


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "an update is answered, but not stored",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"faults": ["forget-update"]},
        {("value-not-stored", "retrieveShelf", "/data/label")},
    ),
    (
        "an update is not seen",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"before": before("PATCH", without("label"))},
        {("valid-request-refused", "updateShelf", "")},
    ),
    (
        "an update resets what it leaves out",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"before": before("PATCH", lambda body: body.setdefault("floor", 9))},
        {("unrelated-field-changed", "updateShelf", "/data/floor")},
    ),
    (
        "an update moves the time of creation",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"after": after("PATCH", sets(created_at="2031-01-01T00:00:00.000Z"))},
        {
            ("unrelated-field-changed", "updateShelf", "/data/created_at"),
            ("unrelated-field-changed", "retrieveShelf", "/data/created_at"),
        },
    ),
    (
        "the time of the last change stands still",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"faults": ["stale-updated-at"]},
        {("updated-at-not-advanced", "updateShelf", "/data/updated_at")},
    ),
    (
        "one field of several is not stored",
        updating.fields_change_together,
        (SHELVES,),
        {"before": before("PATCH", without("floor"))},
        {("value-not-stored", f"{operation}Shelf", "/data/floor") for operation in ("update", "retrieve")},
    ),
    (
        "an update of several fields is answered and not stored",
        updating.fields_change_together,
        (SHELVES,),
        {"faults": ["forget-update"]},
        {("value-not-stored", "retrieveShelf", f"/data/{name}") for name in ("label", "subjects", "floor", "note")},
    ),
    (
        "null keeps where it should clear",
        updating.null_keeps_or_clears,
        (SHELVES, "note"),
        {"faults": ["null-keeps"]},
        {("null-keeps", "updateShelf", "/data/note")},
    ),
    (
        "null clears where it should keep",
        updating.null_keeps_or_clears,
        (BOOKS, "shelf_id"),
        {"faults": ["null-clears"]},
        {("null-clears", "updateBook", "/data/shelf_id")},
    ),
    (
        "an empty text keeps where it should clear",
        updating.empty_string_keeps_or_clears,
        (BOOKS, "shelf_id"),
        {"faults": ["empty-string-keeps"]},
        {("empty-string-keeps", "updateBook", "/data/shelf_id")},
    ),
    (
        "an empty text clears where it should keep",
        updating.empty_string_keeps_or_clears,
        (BOOKS, "language"),
        {"after": after("PATCH", sets(language=None))},
        {
            ("empty-string-clears", "updateBook", "/data/language"),
            ("unrelated-field-changed", "retrieveBook", "/data/language"),
        },
    ),
    (
        "an object is replaced where it should be merged",
        updating.objects_merge,
        (SHELVES, "lighting"),
        {"before": before("PATCH", only_required_of_lighting)},
        {("object-replaced", "updateShelf", "/data/lighting/dimmed")},
    ),
    (
        "a value outside of the list is stored",
        updating.value_outside_the_list_is_ignored,
        (BOOKS, "language"),
        {"after": after("PATCH", sets(language="tlh"))},
        {("ignored-value-stored", "updateBook", "/data/language")},
    ),
    (
        "a field of the server can be set",
        updating.read_only_fields_are_ignored,
        (SHELVES,),
        {"after": after("PATCH", sets(visits=100))},
        {("read-only-field-written", "updateShelf", "/data/visits")},
    ),
    (
        "unknown keys make a known one unseen",
        updating.unknown_keys_are_ignored,
        (SHELVES,),
        {"before": before("PATCH", lambda body: body.update(label="other"))},
        {("value-not-stored", "updateShelf", "/data/label")},
    ),
    (
        "an update of nothing is taken",
        updating.update_of_nothing,
        (SHELVES,),
        {"before": before("PATCH", lambda body: body.setdefault("floor", 1))},
        {("empty-update-accepted", "updateShelf", "request:")},
    ),
    (
        "an update of nothing is refused otherwise",
        updating.update_of_nothing,
        (SHELVES,),
        {"after": after_refusal(sets(code="10015"))},
        {("wrong-refusal", "updateShelf", "request:")},
    ),
    (
        "an update of nothing changes something",
        updating.update_of_nothing,
        (BOOKS,),
        {"after": after("PATCH", sets(lent=True))},
        {("unrelated-field-changed", "updateBook", "/data/lent")},
    ),
    (
        "what a record has is lost when left out",
        updating.not_required_once_set,
        (SHELVES, "subjects"),
        {"after": after("PATCH", sets(subjects=[]))},
        {("value-not-stored", "updateShelf", "/data/subjects")},
    ),
    (
        "bounds are not checked",
        updating.faulty_values_are_refused,
        (SHELVES, "floor"),
        {"faults": ["accept-bad-values"]},
        {
            ("invalid-accepted", "updateShelf", "request:/floor"),
            ("unrelated-field-changed", "retrieveShelf", "/data/floor"),
        },
    ),
    (
        "the refusal names another field",
        updating.faulty_values_are_refused,
        (SHELVES, "floor"),
        {"after": after_refusal(sets(source={"pointer": "/"}))},
        {("refusal-names-no-field", "updateShelf", "request:/floor")},
    ),
    (
        "reads lag behind",
        updating.one_field_changes,
        (SHELVES, "label"),
        {"after": stored_last("label")},
        {("value-not-stored", "retrieveShelf", "/data/label")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


@pytest.mark.parametrize("enforced", [True, False], ids=["enforced", "not enforced"])
def test_a_record_without_a_required_value_takes_no_update_that_brings_none(enforced: bool) -> None:
    spoil = None if enforced else before("PATCH", lambda body: body.setdefault("subjects", ["x"]))
    with staged(before=spoil) as (session, wire):
        bench = Bench(session, "check")
        record, _ = bench.create(SHELVES)
        held = wire.mock.store["shelves"].get(record["id"])
        assert held is not None
        wire.mock.store["shelves"].replace({key: value for key, value in held.items() if key != "subjects"})
        updating.required_while_unset(bench, SHELVES, "subjects")
        found = {(one.kind, one.pointer) for one in session.findings.all()}
        assert found == (set() if enforced else {("invalid-accepted", "request:/subjects")})


def test_without_a_record_that_lacks_the_value_there_is_nothing_to_check() -> None:
    with staged() as (session, _), pytest.raises(NothingToCheck, match="no record of the target is without subjects"):
        updating.required_while_unset(Bench(session, "check"), SHELVES, "subjects")


def test_loses_leaves_other_members_alone() -> None:
    record = {"one": 1, "two": 2}
    loses("one")(record)
    assert record == {"two": 2}


def test_an_update_that_resets_other_fields_to_their_defaults_is_found() -> None:
    found = places_of(updating.one_field_changes, SHELVES, "label", faults=["update-applies-defaults"])
    assert ("unrelated-field-changed", "updateShelf", "/data/floor") in found


def test_where_the_record_says_what_a_field_may_be_one_with_a_choice_is_taken() -> None:
    description = load()
    numbers = by_collection(description, "phone_number_messaging_settings")
    for rule, arguments in (
        (updating.one_field_changes, (numbers, "messaging_product")),
        (updating.fields_change_together, (numbers,)),
    ):
        assert places_of(rule, *arguments, description=description) == set()
        unseen = before("PATCH", without("messaging_product"))
        found = places_of(rule, *arguments, description=description, before=unseen)
        assert ("value-not-stored", "updatePhoneNumberMessagingSettings", "/data/messaging_product") in found


def test_a_field_that_can_only_be_what_it_is_cannot_be_changed() -> None:
    with staged(before=before("PATCH", without("language"))) as (session, wire):
        bench = Bench(session, "check")
        wire.after = after("POST", sets(languages=["en"]))
        with pytest.raises(NothingToCheck, match="no valid value but the one"):
            updating.one_field_changes(bench, BOOKS, "language")
