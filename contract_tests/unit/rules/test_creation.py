"""Each rule of creation finds its fault, names operation and field, and finds nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.rules import creation
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.foreign import UNKNOWN_KEY
from contract_tests.unit.rules.stage import BOOKS, SHELVES, Place, places_of, staged
from contract_tests.unit.rules.wire import after, after_refusal, before, loses, sets

Rule = Callable[..., None]


def echo(name: str) -> Callable[[httpx.Request, int, dict[str, Any]], None]:
    """A server that takes a field over from the request although it may not."""

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        body = httpx.Response(200, content=request.content).json() if request.content else {}
        if request.method == "POST" and name in body:
            answer["data"][name] = body[name]

    return spoil


CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (creation.value_alone_reads_back, (SHELVES, "floor")),
    (creation.value_alone_reads_back, (BOOKS, "shelf_id")),
    (creation.values_together_read_back, (SHELVES,)),
    (creation.null_reads_back, (SHELVES, "note")),
    (creation.defaults_apply, (SHELVES,)),
    (creation.nested_defaults_apply, (SHELVES, "lighting")),
    (creation.generated_fields_are_made, (SHELVES,)),
    (creation.read_only_fields_are_ignored, (SHELVES,)),
    (creation.unknown_keys_are_ignored, (SHELVES,)),
    (creation.required_field_is_required, (SHELVES, "label")),
    (creation.required_field_is_required, (SHELVES, "subjects")),
    (creation.faulty_values_are_refused, (SHELVES, "label")),
    (creation.creation_makes_one_record, (SHELVES,)),
]


@pytest.mark.parametrize(("rule", "arguments"), CLEAN, ids=[f"{rule.__name__}-{more[1:]}" for rule, more in CLEAN])
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments) == set()


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "a creation makes two records",
        creation.creation_makes_one_record,
        (SHELVES,),
        {"faults": ["create-twice"]},
        {("creation-made-two", "createShelf", "/data")},
    ),
    (
        "the answer shows another value",
        creation.value_alone_reads_back,
        (SHELVES, "floor"),
        {"after": after("POST", sets(floor=7))},
        {("value-not-read-back", "createShelf", "/data/floor")},
    ),
    (
        "a later read shows another value",
        creation.value_alone_reads_back,
        (SHELVES, "floor"),
        {"after": after("GET", sets(floor=7))},
        {("value-not-read-back", "retrieveShelf", "/data/floor")},
    ),
    (
        "trailing spaces are trimmed",
        creation.values_together_read_back,
        (SHELVES,),
        {"before": before("POST", lambda body: body.update(note=body["note"].strip()) if body.get("note") else None)},
        {("value-not-read-back", f"{operation}Shelf", "/data/note") for operation in ("create", "retrieve")},
    ),
    (
        "one of two booleans becomes a number",
        creation.values_together_read_back,
        (BOOKS,),
        {"after": after("POST", lambda record: record.update(lent=1) if record.get("lent") is True else None)},
        {("value-not-read-back", "createBook", "/data/lent")},
    ),
    (
        "null becomes an empty text",
        creation.null_reads_back,
        (SHELVES, "note"),
        {"after": after("POST", lambda record: record.update(note=record["note"] or ""))},
        {("value-not-read-back", "createShelf", "/data/note")},
    ),
    (
        "a default is not applied",
        creation.defaults_apply,
        (SHELVES,),
        {"after": after("POST", sets(floor=0))},
        {("default-not-applied", "createShelf", "/data/floor")},
    ),
    (
        "a first value is missing",
        creation.defaults_apply,
        (SHELVES,),
        {"after": after("GET", loses("visits"))},
        {("first-value-wrong", "retrieveShelf", "/data/visits")},
    ),
    (
        "a nested default is not applied",
        creation.nested_defaults_apply,
        (SHELVES, "lighting"),
        {"after": after("POST", lambda record: (record.get("lighting") or {}).pop("dimmed", None))},
        {("default-not-applied", "createShelf", "/data/lighting/dimmed")},
    ),
    (
        "all secrets are the same and one time is missing",
        creation.generated_fields_are_made,
        (SHELVES,),
        {"after": after("POST", sets(key="secret", created_at=None))},
        {
            ("generated-value-not-unique", "createShelf", "/data/key"),
            ("generated-value-missing", "createShelf", "/data/created_at"),
        },
    ),
    (
        "a new record was changed already",
        creation.generated_fields_are_made,
        (SHELVES,),
        {"after": after("POST", sets(updated_at="2031-01-01T00:00:00.001Z"))},
        {("new-record-changed", "createShelf", "/data/updated_at")},
    ),
    (
        "a field of the server can be set",
        creation.read_only_fields_are_ignored,
        (SHELVES,),
        {"after": echo("visits")},
        {("read-only-field-written", "createShelf", "/data/visits")},
    ),
    (
        "the time of creation can be set",
        creation.read_only_fields_are_ignored,
        (SHELVES,),
        {"after": echo("created_at")},
        {("read-only-field-written", "createShelf", "/data/created_at")},
    ),
    (
        "unknown keys are stored",
        creation.unknown_keys_are_ignored,
        (SHELVES,),
        {"after": echo(UNKNOWN_KEY)},
        {("unknown-key-stored", "createShelf", f"/data/{UNKNOWN_KEY}")},
    ),
    (
        "a required field is not required",
        creation.required_field_is_required,
        (SHELVES, "label"),
        {"faults": ["accept-missing-fields"]},
        {("invalid-accepted", "createShelf", "request:/label")},
    ),
    (
        "the refusal has another code",
        creation.required_field_is_required,
        (SHELVES, "subjects"),
        {"after": after_refusal(sets(code="10004"))},
        {("wrong-refusal", "createShelf", "request:/subjects")},
    ),
    (
        "the refusal names no field",
        creation.required_field_is_required,
        (SHELVES, "label"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "createShelf", "request:/label")},
    ),
    (
        "patterns and ranges are not checked",
        creation.faulty_values_are_refused,
        (SHELVES, "floor"),
        {"faults": ["accept-bad-values"]},
        {("invalid-accepted", "createShelf", "request:/floor")},
    ),
    (
        "a valid request is refused",
        creation.value_alone_reads_back,
        (SHELVES, "floor"),
        {"instead": lambda request: httpx.Response(409) if request.method == "POST" else None},
        {("valid-request-refused", "createShelf", "")},
    ),
    (
        "the server fails",
        creation.faulty_values_are_refused,
        (SHELVES, "floor"),
        {"faults": ["outage"]},
        {("server-error", "createShelf", "")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


def test_a_secret_that_differs_is_not_shown() -> None:
    with staged(after=after("POST", sets(key="marker-of-a-secret"))) as (session, _):
        bench = Bench(session, "check")
        creation.generated_fields_are_made(bench, SHELVES)
        (found,) = session.findings.all()
        assert "marker" not in found.headline()


def test_a_rule_that_has_no_object_says_so() -> None:
    with staged() as (session, _):
        bench = Bench(session, "check")
        with pytest.raises(NothingToCheck, match="label is not nullable"):
            creation.null_reads_back(bench, SHELVES, "label")
        assert bench.checked == 0


def forbid(request: httpx.Request) -> httpx.Response | None:
    """A server with a rule of the account: no creation may name a shelf."""
    body = httpx.Response(200, content=request.content).json() if request.content else {}
    if request.method != "POST" or "shelf_id" not in body:
        return None
    entry = {"code": "10017", "title": "No", "source": {"pointer": "/shelf_id"}}
    return httpx.Response(409, json={"errors": [entry]})


def test_a_value_that_a_rule_forbids_hides_nothing_about_the_others() -> None:
    found = places_of(creation.values_together_read_back, BOOKS, instead=forbid, after=after("POST", sets(lent=None)))
    assert ("value-not-read-back", "createBook", "/data/lent") in found


def test_a_field_that_rules_forbid_altogether_leaves_nothing_to_check() -> None:
    with staged(instead=forbid) as (session, _), pytest.raises(NothingToCheck, match="forbids every sampled shelf_id"):
        creation.value_alone_reads_back(Bench(session, "x"), BOOKS, "shelf_id")


def test_records_that_were_there_before_are_not_taken_for_a_second_one() -> None:
    with staged() as (session, _):
        bench = Bench(session, "x")
        for _ in range(2):
            creation.creation_makes_one_record(bench, SHELVES)
        assert session.findings.all() == []
