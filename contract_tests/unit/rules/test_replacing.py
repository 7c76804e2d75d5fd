"""Each rule of replacement finds its fault, names operation and field, and finds nothing in a mock without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Description
from contract_tests.rules import replacing
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.foreign import UNKNOWN_KEY
from contract_tests.rules.resource import by_collection
from contract_tests.unit.mock.library import answer, body, document, ref, resource
from contract_tests.unit.rules.stage import SHELVES, Place, places_of, staged
from contract_tests.unit.rules.wire import after, after_refusal, before, loses, sets

Rule = Callable[..., None]


def replaceable() -> Description:
    """The library, where shelves can be replaced."""
    made = document()
    made["components"]["schemas"]["Shelf"]["properties"]["wing"] = {
        "type": "string",
        "readOnly": True,
        "x-follows": "floor",
    }
    made["paths"]["/shelves/{id}"]["put"] = {
        "operationId": "replaceShelf",
        "x-resource": resource("shelves", "replace", key="id"),
        "x-rule-errors": [{"status": 409, "code": "10027", "when": "the floor is full"}],
        "requestBody": body("ShelfCreate"),
        "responses": answer(ref("schemas", "Shelf")),
    }
    return Description(made)


LIBRARY = replaceable()
RACKS = by_collection(LIBRARY, "shelves")
CLEAN: list[tuple[Rule, tuple[Any, ...]]] = [
    (replacing.replaced_record_reads_back, (RACKS,)),
    (replacing.what_is_left_out_is_reset, (RACKS,)),
    (replacing.null_reads_back, (RACKS, "note")),
    (replacing.read_only_fields_are_ignored, (RACKS,)),
    (replacing.unknown_keys_are_ignored, (RACKS,)),
    (replacing.required_field_is_required, (RACKS, "label")),
    (replacing.required_field_is_required, (RACKS, "subjects")),
    (replacing.faulty_values_are_refused, (RACKS, "floor")),
]


@pytest.mark.parametrize(("rule", "arguments"), CLEAN, ids=[f"{rule.__name__}-{more[1:]}" for rule, more in CLEAN])
def test_a_mock_without_faults_satisfies_every_rule(rule: Rule, arguments: tuple[Any, ...]) -> None:
    assert places_of(rule, *arguments, description=LIBRARY, after=winged) == set()


def winged(request: httpx.Request, status: int, shown: dict[str, Any]) -> None:
    """Each shelf stands in the wing of its floor."""
    if status < 300 and isinstance(shown["data"], dict):
        shown["data"]["wing"] = f"wing {shown['data']['floor'] % 2}"


def keeps(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A server that puts a value of its own into a body that leaves the field out."""

    def keep(sent: dict[str, Any]) -> None:
        sent.setdefault(name, value)

    return keep


def echo(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
    """A server that takes over whatever it is sent."""
    if request.method == "PUT" and status == 200:
        answer["data"].update(json.loads(request.content))


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "null becomes an empty text",
        replacing.null_reads_back,
        (RACKS, "note"),
        {"after": after("PUT", lambda record: record.update(note=record["note"] or ""))},
        {("value-not-stored", "replaceShelf", "/data/note")},
    ),
    (
        "null is not kept",
        replacing.null_reads_back,
        (RACKS, "note"),
        {"after": after("GET", lambda record: record.update(note=record["note"] or ""))},
        {("value-not-stored", "retrieveShelf", "/data/note")},
    ),
    (
        "what only the server sets is taken over",
        replacing.read_only_fields_are_ignored,
        (RACKS,),
        {"after": echo},
        {
            ("read-only-field-written", "replaceShelf", f"/data/{name}")
            for name in ("id", "owner", "key", "visits", "reviewer", "created_at", "updated_at", "wing")
        },
    ),
    (
        "the time of creation can be set",
        replacing.read_only_fields_are_ignored,
        (RACKS,),
        {"faults": ["replace-takes-read-only"]},
        {("read-only-field-written", "replaceShelf", f"/data/{name}") for name in ("created_at", "wing")},
    ),
    (
        "unknown keys come back",
        replacing.unknown_keys_are_ignored,
        (RACKS,),
        {"faults": ["replace-keeps-unknown-keys"]},
        {("unknown-key-stored", "replaceShelf", f"/data/{UNKNOWN_KEY}")},
    ),
    (
        "unknown keys change something else",
        replacing.unknown_keys_are_ignored,
        (RACKS,),
        {"before": before("PUT", lambda body: body.update(floor=7) if UNKNOWN_KEY in body else None)},
        {("unrelated-field-changed", "replaceShelf", "/data/floor")},
    ),
    (
        "a replacement is not dated",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"faults": ["stale-after-replace"]},
        {("updated-at-not-advanced", "replaceShelf", "/data/updated_at")},
    ),
    (
        "a replacement is dated in another zone",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"faults": ["two-hours-on"]},
        {("time-not-now", "replaceShelf", "/data/updated_at")},
    ),
    (
        "a value is not stored",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"before": before("PUT", sets(floor=3))},
        {("value-not-stored", f"{operation}Shelf", "/data/floor") for operation in ("replace", "retrieve")},
    ),
    (
        "the answer shows what is not stored",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"after": after("PUT", sets(floor=77))},
        {
            ("value-not-stored", "replaceShelf", "/data/floor"),
            ("unrelated-field-changed", "retrieveShelf", "/data/floor"),
        },
    ),
    (
        "the time of creation changes",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"after": after("PUT", sets(created_at="2031-01-01T00:00:00.000Z"))},
        {("unrelated-field-changed", f"{one}Shelf", "/data/created_at") for one in ("replace", "retrieve")},
    ),
    (
        "what follows a field changes without it",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"after": after("GET", sets(wing="another"))},
        {("unrelated-field-changed", "retrieveShelf", "/data/wing")},
    ),
    (
        "a field that is left out keeps its value",
        replacing.what_is_left_out_is_reset,
        (RACKS,),
        {"before": before("PUT", keeps("note", "kept"))},
        {("left-out-value-kept", "replaceShelf", "/data/note")},
    ),
    (
        "a default does not return",
        replacing.what_is_left_out_is_reset,
        (RACKS,),
        {"after": after("PUT", loses("floor"))},
        {("left-out-value-kept", "replaceShelf", "/data/floor")},
    ),
    (
        "a required field is not required",
        replacing.required_field_is_required,
        (RACKS, "label"),
        {"before": before("PUT", keeps("label", "maps"))},
        {("invalid-accepted", "replaceShelf", "request:/label")},
    ),
    (
        "a refusal names no field",
        replacing.required_field_is_required,
        (RACKS, "label"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "replaceShelf", "request:/label")},
    ),
    (
        "a faulty value is taken, and stored",
        replacing.faulty_values_are_refused,
        (RACKS, "floor"),
        {"faults": ["accept-bad-values"]},
        {
            ("invalid-accepted", "replaceShelf", "request:/floor"),
            ("unrelated-field-changed", "retrieveShelf", "/data/floor"),
        },
    ),
    (
        "a valid replacement is refused",
        replacing.replaced_record_reads_back,
        (RACKS,),
        {"instead": lambda request: httpx.Response(409) if request.method == "PUT" else None},
        {("valid-request-refused", "replaceShelf", "")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, description=LIBRARY, **conditions) == expected


def full() -> Callable[[httpx.Request], httpx.Response | None]:
    """A server with a rule of the account: a shelf stays on the floor on which it was made."""
    floors: list[int] = []

    def answer_full(request: httpx.Request) -> httpx.Response | None:
        sent = httpx.Response(200, content=request.content).json() if request.content else {}
        if request.method == "POST":
            floors.append(sent["floor"])
        if request.method != "PUT" or sent["floor"] == floors[-1]:
            return None
        entry = {"code": "10027", "title": "Full", "source": {"pointer": "/floor"}}
        return httpx.Response(409, json={"errors": [entry]})

    return answer_full


def test_a_value_that_a_rule_forbids_stays_and_hides_nothing_about_the_others() -> None:
    case = (replacing.replaced_record_reads_back, RACKS)
    assert places_of(*case, description=LIBRARY, instead=full()) == set()
    found = places_of(*case, description=LIBRARY, instead=full(), after=after("PUT", sets(note="another")))
    assert ("value-not-stored", "replaceShelf", "/data/note") in found


def test_what_nobody_can_replace_is_nothing_to_check() -> None:
    with staged() as (session, _), pytest.raises(NothingToCheck, match="no operation replaces"):
        replacing.replaced_record_reads_back(Bench(session, "check"), SHELVES)
    with staged(LIBRARY) as (session, _), pytest.raises(NothingToCheck, match="floor is not required"):
        replacing.required_field_is_required(Bench(session, "check"), RACKS, "floor")
