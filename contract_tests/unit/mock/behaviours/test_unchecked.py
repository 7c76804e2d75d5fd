"""Behaviour code where nothing has checked the fields of a body, as with a drift planted: no answer is a 500."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.description import Operation, load
from contract_tests.mock import TelnyxMock
from contract_tests.mock.app import create_app
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.test_telnyx import UNKNOWN, requests_of, sent

pytestmark = pytest.mark.takes(10)

WITH_BODY = [one for one in load().operations if bodies.media_of(load(), one) is not None]
LONG = 24 * 60 * 60  # seconds: whatever a request leads to has happened by then
OTHERS: tuple[Any, ...] = (5, [[]], {"x": 1})
PROFILE, NUMBER = "3fa85f64-5717-4562-b3fc-2c963f66afa6", "+18005550001"
MESSAGE = {"from": NUMBER, "to": "+13125550100", "text": "A table for four is ready."}
LISTS = [one for one in load().operations if one.resource and one.resource.action == "list"]


def without_one(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The value without each of its members in turn, and without each member of its first objects."""
    for left_out, member in value.items():
        yield {name: one for name, one in value.items() if name != left_out}
        entry = member[0] if isinstance(member, list) and member else member
        for less in without_one(entry) if isinstance(entry, dict) else ():
            yield {**value, left_out: [less] if isinstance(member, list) else less}


def with_others(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The value with values of other types in the place of each of its members, and of those of its first objects."""
    for changed, member in value.items():
        for other in OTHERS:
            yield {**value, changed: [other] if isinstance(member, list) and other == OTHERS[-1] else other}
        entry = member[0] if isinstance(member, list) and member else member
        for within in with_others(entry) if isinstance(entry, dict) else ():
            yield {**value, changed: [within] if isinstance(member, list) else within}


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.operation_id)
def test_a_field_that_nobody_misses_is_no_server_error(operation: Operation) -> None:
    description = load()
    mock = create_app(description, plants=["accept-missing-fields"])
    call = Ask(mock)
    _, target, _ = next(requests_of(description, operation))
    asked = 0
    for example in bodies.examples(description, operation):
        for body in ({}, *without_one(example)):
            mock.reset()
            mock.clock.freeze()
            asked += 1
            assert sent(call, operation, target, bodies.encoded(description, operation, body)).status < 500, body
            mock.clock.advance(LONG)
            assert call("GET", "/messaging_profiles").status == 200, ("what came of it", body)
    assert asked


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.operation_id)
def test_a_value_of_any_type_is_no_server_error_neither_now_nor_later(operation: Operation) -> None:
    description = load()
    mock = create_app(description, plants=["accept-any-type", "accept-unknown-reference"])
    call = Ask(mock)
    _, target, _ = next(requests_of(description, operation))
    whole = {name: one for example in bodies.examples(description, operation) for name, one in example.items()}
    lists = [
        next(requests_of(description, one))[1]
        for one in LISTS
        if one.resource and operation.resource and one.resource.collection == operation.resource.collection
    ]
    for body in with_others(whole):
        mock.reset()
        mock.clock.freeze()
        assert sent(call, operation, target, bodies.encoded(description, operation, body)).status < 500, body
        mock.clock.advance(LONG)
        for listed in (*lists, "/messaging_profiles"):
            assert call("GET", listed).status < 500, ("what came of it", listed, body)


@pytest.mark.parametrize("field", ["whitelisted_destinations", "webhook_url", "number_pool_settings", "alpha_sender"])
@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_record_that_holds_what_no_schema_allows_is_no_server_error(field: str, other: Any) -> None:
    with TelnyxMock(plants=["accept-any-type"]) as mock:
        call = Ask(mock.app)
        (profile,) = (one for one in mock.app.store["messaging_profiles"] if one["id"] == PROFILE)
        mock.app.store["messaging_profiles"].replace({**profile, field: other})
        assert call("POST", "/messages", MESSAGE).status < 500
        assert call("GET", "/messaging_profiles").status == 200


def test_what_trips_is_refused_as_the_description_would_have_it() -> None:
    call = Ask(create_app(load(), plants=["accept-any-type"]))
    refused = call("POST", "/messages", {**MESSAGE, "to": 5})
    assert (refused.status, refused.places) == (422, [("10026", "/to")])


def test_a_profile_that_does_not_exist_counts_as_none_where_nobody_checks_it() -> None:
    call = Ask(create_app(load(), plants=["accept-unknown-reference"]))
    sent_all_the_same = call("POST", "/messages", {**MESSAGE, "messaging_profile_id": UNKNOWN})
    assert (sent_all_the_same.status, sent_all_the_same.data["messaging_profile_id"]) == (200, PROFILE)
    rich = {"agent_id": "e4448a5c0670c2a9", "to": "+13125550100", "agent_message": {}, "messaging_profile_id": UNKNOWN}
    refused = call("POST", "/messages/rcs", rich)
    assert (refused.status, refused.places) == (422, [("10017", None)])


@pytest.mark.parametrize("plants", [[], ["drop-response-field:name"]], ids=["sound", "with a drift of answers"])
def test_where_everything_is_checked_a_crash_stays_one(plants: list[str], caplog: pytest.LogCaptureFixture) -> None:
    mock = create_app(load(), plants=plants)
    (profile,) = (one for one in mock.store["messaging_profiles"] if one["id"] == PROFILE)
    mock.store["messaging_profiles"].replace({**profile, "whitelisted_destinations": 5})
    assert Ask(mock)("POST", "/messages", MESSAGE).status == 500
    assert "the mock failed" in caplog.text


def test_one_request_in_some_may_trip_too_and_what_is_planned_goes_with_it() -> None:
    mock = create_app(load(), plants=["sometimes:1:accept-any-type"])
    call = Ask(mock)
    assert call("POST", "/messages", {**MESSAGE, "to": 5}).status == 422
    mock.world.agenda.at(0, functools.partial(list[str]().remove, "nothing"))
    assert call("GET", "/messaging_profiles").status == 200
