"""Computed answers are asked for as the description shows, for each value, and judged for whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Operation, load
from contract_tests.rules import computing
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.unit.rules.stage import OPERATION, SHELVES, places_of, staged

COMPUTED = [one for one in load().operations if one.resource and one.resource.action == "compute"]
SILENT = [one for one in COMPUTED if load().response_schema(one) is None]
# Each judgement of these is known: the answer for each value, and for the second that it names its own record.
COUNTED = {"listMessagingProfileMetrics": 1, "retrieveMessagingProfileMetrics": 2}
Answer = Callable[[httpx.Request], httpx.Response | None]


def asked(operation: Operation, response: httpx.Response) -> Answer:
    """A server that answers one operation in this way."""
    path = re.compile(".*/v2" + re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(operation.path)))

    def answer(request: httpx.Request) -> httpx.Response | None:
        own = request.method.lower() == operation.method and path.fullmatch(request.url.path)
        return httpx.Response(response.status_code, content=response.content, headers=response.headers) if own else None

    return answer


def values_of(operation: Operation) -> set[str]:
    """The members of the enums of an operation's parameters."""
    schemas = [load().resolve(one["schema"]) for one in operation.parameters]
    return {str(value) for schema in schemas for value in schema.get("enum", ())}


@pytest.mark.parametrize("operation", COMPUTED, ids=[one.operation_id for one in COMPUTED])
def test_computed_answers_are_asked_for_with_each_value(operation: Operation) -> None:
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        computing.computes_for_each_value(bench, operation)
        bench.close()
        assert session.findings.all() == []
        asked = {value for request in wire.sent for value in request.url.params.values()}
        asked |= {part for request in wire.sent for part in request.url.path.split("/")}
        values = values_of(operation)
        assert values <= asked
        assert bench.checked >= len(values) + 1
        if operation.operation_id in COUNTED:
            assert bench.checked == (len(values) + 1) * COUNTED[operation.operation_id]


def test_there_is_an_operation_for_each_way_of_computing() -> None:
    assert len(COMPUTED) > 25
    assert SILENT
    assert {one.operation_id for one in COMPUTED} >= COUNTED.keys()
    assert {one.method for one in COMPUTED} == {"get", "post", "put", "delete"}


@pytest.mark.parametrize("operation", COMPUTED, ids=[one.operation_id for one in COMPUTED])
def test_a_refusal_that_no_rule_names_is_found(operation: Operation) -> None:
    entry = {"code": "10009", "title": "No"}
    instead = asked(operation, httpx.Response(409, json={"errors": [entry]}))
    found = places_of(computing.computes_for_each_value, operation, description=load(), instead=instead)
    assert ("valid-request-refused", operation.operation_id, "") in found
    assert {name for _, name, _ in found} == {operation.operation_id}


@pytest.mark.parametrize("operation", [one for one in COMPUTED if one not in SILENT], ids=lambda one: one.operation_id)
def test_an_answer_that_tells_nothing_is_found(operation: Operation) -> None:
    instead = asked(operation, httpx.Response(200, json=None))
    found = places_of(computing.computes_for_each_value, operation, description=load(), instead=instead)
    assert ("valid-request-refused", operation.operation_id, "") in found


def test_a_value_that_is_not_computed_is_found() -> None:
    def refuses_weeks(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(422) if "7d" in request.url.params.values() else None

    for name in COUNTED:
        operation = load().by_id[name]
        found = places_of(computing.computes_for_each_value, operation, description=load(), instead=refuses_weeks)
        assert found == {("valid-request-refused", operation.operation_id, "query:time_frame")}


def test_a_value_in_the_path_that_is_not_computed_is_found() -> None:
    operation = next(one for one in COMPUTED if any(values_of(one) and p["in"] == "path" for p in one.parameters))
    value = sorted(values_of(operation))[-1]

    def refuses_one(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(409) if request.url.path.endswith(f"/{value}") else None

    found = places_of(computing.computes_for_each_value, operation, description=load(), instead=refuses_one)
    (name,) = (
        one["name"] for one in operation.parameters if one["in"] == "path" and "enum" in load().resolve(one["schema"])
    )
    assert ("valid-request-refused", operation.operation_id, f"path:{name}") in found


def test_an_answer_computed_for_another_record_is_found() -> None:
    operation = load().by_id["retrieveMessagingProfileMetrics"]

    def mixed_up(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if request.url.path.endswith("/metrics"):
            answer["data"]["overview"]["messaging_profile_id"] = "another"

    assert places_of(computing.computes_for_each_value, operation, description=load(), after=mixed_up) == {
        ("computed-for-another", operation.operation_id, "/data/overview/messaging_profile_id")
    }


def test_references_to_a_collection_are_read_from_the_description() -> None:
    assert computing.references_to(SHELVES) == {"shelf_id"}


RULED = load().by_id["deleteTollfreeVerificationRequest"]


def test_what_a_rule_forbids_for_a_new_record_is_asked_of_the_record_of_the_example() -> None:
    shown = next(str(one["example"]) for one in RULED.parameters)
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        computing.computes_for_each_value(bench, RULED)
        assert session.findings.all() == []
        assert wire.sent[-1].url.path.endswith(shown)
        assert wire.mock.store["tollfree_verification_requests"].get(shown) is None
        with pytest.raises(NothingToCheck, match="forbids it for every record"):
            computing.computes_for_each_value(Bench(session, "check"), RULED)


def test_a_record_that_only_another_answer_names_is_found_by_its_link() -> None:
    operation = load().by_id["deleteMessagingHostedNumber"]
    with staged(load()) as (session, wire):
        seeded = {str(one["id"]) for one in wire.mock.store["messaging_hosted_numbers"]}
        computing.computes_for_each_value(Bench(session, "check"), operation)
        assert [request.method for request in wire.sent] == ["POST", "DELETE"]
        assert {str(one["id"]) for one in wire.mock.store["messaging_hosted_numbers"]} >= seeded


def test_what_is_not_computed_is_nothing_to_check() -> None:
    with staged() as (session, _), pytest.raises(NothingToCheck, match="nothing is computed"):
        computing.computes_for_each_value(Bench(session, "check"), OPERATION["retrieveShelf"])
