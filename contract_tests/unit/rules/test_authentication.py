"""The rules of credentials, routes and computed answers find their faults, and nothing in a mock without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from contract_tests.checks import credentials
from contract_tests.exchange import Exchange
from contract_tests.mock.app import create_app
from contract_tests.rules import authentication, routing
from contract_tests.rules.authentication import PLACE, VARIANTS
from contract_tests.rules.bench import Bench, Interrupted, NothingToCheck
from contract_tests.unit.rules.stage import OPERATION, SHELVES, Place, places_of, staged
from contract_tests.unit.rules.wire import after_refusal, sets

Rule = Callable[..., None]
CREATE, RETRIEVE, UPDATE = OPERATION["createShelf"], OPERATION["retrieveShelf"], OPERATION["updateShelf"]


@pytest.mark.parametrize("operation", [CREATE, RETRIEVE, UPDATE, OPERATION["deleteShelf"], OPERATION["listShelfBooks"]])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_mock_without_faults_refuses_every_kind_of_wrong_credentials(operation: Any, variant: str) -> None:
    assert places_of(authentication.wrong_credentials_are_refused, operation, variant) == set()


def test_a_mock_without_faults_satisfies_the_other_rules() -> None:
    for operation in (CREATE, RETRIEVE, UPDATE):
        assert places_of(authentication.right_credentials_are_taken, operation) == set()
        assert places_of(routing.undocumented_methods_are_refused, operation) == set()
        assert places_of(routing.unknown_routes_are_not_found, operation) == set()


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "an unknown token creates a record",
        authentication.wrong_credentials_are_refused,
        (CREATE, "unknown token"),
        {"faults": ["accept-any-token"]},
        {("wrong-token-accepted", "createShelf", PLACE)},
    ),
    (
        "a request without a token creates a record",
        authentication.wrong_credentials_are_refused,
        (CREATE, "no header"),
        {"faults": ["accept-no-token"]},
        {("missing-token-accepted", "createShelf", PLACE)},
    ),
    (
        "an unknown token learns that a record is not there",
        authentication.wrong_credentials_are_refused,
        (UPDATE, "unknown token"),
        {"faults": ["accept-any-token"]},
        {("wrong-refusal", "updateShelf", PLACE)},
    ),
    (
        "the refusal has another code",
        authentication.wrong_credentials_are_refused,
        (RETRIEVE, "empty bearer"),
        {"after": after_refusal(sets(code="10010"))},
        {("wrong-refusal", "retrieveShelf", PLACE)},
    ),
    (
        "the right token is refused",
        authentication.right_credentials_are_taken,
        (RETRIEVE,),
        {"instead": lambda request: httpx.Response(401)},
        {("right-token-refused", "retrieveShelf", PLACE)},
    ),
    (
        "an undocumented method works",
        routing.undocumented_methods_are_refused,
        (RETRIEVE,),
        {"instead": lambda request: httpx.Response(200) if request.method == "PUT" else None},
        {("undocumented-method-answered", "retrieveShelf", "method:PUT")},
    ),
    (
        "Allow lists too little",
        routing.undocumented_methods_are_refused,
        (RETRIEVE,),
        {
            "instead": lambda request: httpx.Response(
                405, json={"errors": [{"code": "10030"}]}, headers={"allow": "GET, HEAD"}
            )
        },
        {("allow-header-wrong", "retrieveShelf", "header:allow")},
    ),
    (
        "an unknown route is refused for its credentials",
        routing.unknown_routes_are_not_found,
        (RETRIEVE,),
        {"instead": lambda request: None if "authorization" in request.headers else httpx.Response(401)},
        {("wrong-refusal", "retrieveShelf", "request:path")},
    ),
    (
        "an unknown route leads somewhere",
        routing.unknown_routes_are_not_found,
        (RETRIEVE,),
        {"instead": lambda request: httpx.Response(200, json={})},
        {("unknown-route-answered", "retrieveShelf", "request:path")},
    ),
    (
        "the server fails at what it does not know",
        routing.unknown_routes_are_not_found,
        (RETRIEVE,),
        {"instead": lambda request: httpx.Response(502)},
        {("server-error", "retrieveShelf", "request:path")},
    ),
    (
        "the server fails at an undocumented method",
        routing.undocumented_methods_are_refused,
        (RETRIEVE,),
        {"instead": lambda request: httpx.Response(500) if request.method == "PUT" else None},
        {("server-error", "retrieveShelf", "method:PUT")},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, **conditions) == expected


def test_a_target_that_takes_any_token_cannot_be_tested_with_wrong_ones() -> None:
    with staged() as (session, wire):
        wire.mock = create_app(session.description)
        bench = Bench(session, "check")
        with pytest.raises(NothingToCheck, match="takes any token"):
            authentication.wrong_credentials_are_refused(bench, CREATE, "unknown token")
        authentication.wrong_credentials_are_refused(bench, CREATE, "no header")
        assert bench.checked == 1
        assert session.findings.all() == []
        answers = [wire.handle_request(request) for request in wire.sent[:1]]
        assert answers[0].headers[credentials.ANY] == "any"


@pytest.mark.parametrize("variant", authentication.TOKENS)
def test_a_live_target_that_claims_to_take_any_token_is_held_to_it_all_the_same(variant: str) -> None:
    with staged() as (session, wire):
        wire.mock = create_app(session.description)
        session.target = replace(session.target, live=True)
        authentication.wrong_credentials_are_refused(Bench(session, "check"), OPERATION["listBooks"], variant)
        assert [one.kind for one in session.findings.all()] == ["wrong-token-accepted"]


def test_nothing_is_changed_by_wrong_credentials_on_a_target_that_lets_them_through() -> None:
    with staged(faults=["accept-any-token"]) as (session, wire):
        bench = Bench(session, "check")
        record, _ = bench.create(SHELVES)
        before = wire.mock.store.snapshot()
        for operation in (UPDATE, OPERATION["deleteShelf"]):
            authentication.wrong_credentials_are_refused(bench, operation, "unknown token")
        assert wire.mock.store.snapshot() == before
        assert record["id"]


def test_refusals_without_an_envelope_are_left_to_the_checks() -> None:
    def bare(request: httpx.Request) -> httpx.Response:
        status = 404 if "no-such-route" in request.url.path else 405
        return httpx.Response(status, text="<html>", headers={"allow": "GET, PATCH, DELETE"})

    assert places_of(routing.undocumented_methods_are_refused, RETRIEVE, instead=bare) == set()
    assert places_of(routing.unknown_routes_are_not_found, RETRIEVE, instead=bare) == set()


def test_requests_that_no_operation_describes_carry_the_one_they_are_named_by() -> None:
    seen: list[str] = []
    with staged() as (session, _):

        def note(exchange: Exchange) -> bool:
            seen.append(exchange.operation_id)
            return False

        session.guard = note
        routing.unknown_routes_are_not_found(Bench(session, "check"), RETRIEVE)
        routing.undocumented_methods_are_refused(Bench(session, "check"), RETRIEVE)
        assert set(seen) == {"retrieveShelf"}
        assert session.counts == {}


def test_a_throttled_or_silent_target_interrupts() -> None:
    with staged(instead=lambda request: httpx.Response(429)) as (session, _):
        with pytest.raises(Interrupted, match="429"):
            authentication.right_credentials_are_taken(Bench(session, "check"), RETRIEVE)
        with pytest.raises(Interrupted, match="429"):
            routing.unknown_routes_are_not_found(Bench(session, "check"), RETRIEVE)

    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with staged(instead=gone) as (session, _), pytest.raises(Interrupted, match="no answer"):
        authentication.right_credentials_are_taken(Bench(session, "check"), RETRIEVE)
