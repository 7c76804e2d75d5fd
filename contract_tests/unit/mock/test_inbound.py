"""Messages that arrive: what the event says, and whom it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from telnyx_bindings import Telnyx, webhooks

from contract_tests.mock import TelnyxMock
from contract_tests.mock.behaviours.texts import encoding_of
from contract_tests.mock.webhooks.delivery import Delivery
from scripts.errors import InputError

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
NUMBER, UNASSIGNED, SHORT_CODE = "+18005550001", "+12015550123", "12345"


class Service:
    """An application behind the profile's addresses, reached without a socket."""

    def __init__(self) -> None:
        self.mock = TelnyxMock()
        self.mock.clock.freeze()
        self.events: list[webhooks.Event] = []
        self.mock.webhooks.through(httpx.MockTransport(self._take))

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.events.append(webhooks.unwrap(request.content, request.headers, self.mock.public_key))
        return httpx.Response(200)

    def update(self, **changes: Any) -> None:
        """Change the profile, as a client."""
        with Telnyx(**self.mock.options) as telnyx:
            telnyx.messaging_profiles.update(PROFILE, **changes)

    def receive(self, text: str = "hello", **more: Any) -> Delivery:
        """A message, and all that is due."""
        delivery = self.mock.receive_message(text, **{"to": NUMBER, **more})
        self.mock.webhooks.settle()
        return delivery


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that is told."""
    service = Service()
    yield service
    service.mock.close()


def test_the_event_has_the_form_of_an_inbound_message(service: Service) -> None:
    assert service.receive("Hello €", sender="+13125550123").state == "delivered"
    (event,) = service.events
    assert (event.event_type, event.delivered_to, event.attempt) == (
        "message.received",
        "https://www.example.com/hooks",
        1,
    )
    payload = event.payload
    assert (payload["record_type"], payload["direction"], payload["type"]) == ("message", "inbound", "SMS")
    assert payload["messaging_profile_id"] == PROFILE and UUID(payload["id"]) != UUID(str(event.id))
    assert (payload["from"]["phone_number"], payload["to"][0]["phone_number"]) == ("+13125550123", NUMBER)
    assert (payload["text"], payload["encoding"], payload["parts"], payload["media"]) == ("Hello €", "GSM-7", 1, [])
    assert payload["webhook_failover_url"] == "https://backup.example.com/hooks"
    assert payload["received_at"] == service.mock.clock.now().isoformat(timespec="milliseconds")


def test_attachments_make_it_an_mms(service: Service) -> None:
    service.receive("", media=["https://example.com/cat.png"])
    payload = service.events[0].payload
    assert (payload["type"], payload["media"]) == ("MMS", [{"url": "https://example.com/cat.png"}])


def test_a_short_code_is_written_to_like_a_number(service: Service) -> None:
    assert service.receive(to=SHORT_CODE).state == "delivered"
    assert service.events[0].payload["to"][0]["phone_number"] == SHORT_CODE


def test_what_a_client_set_decides_who_is_told(service: Service) -> None:
    service.update(webhook_url="http://127.0.0.1:1/new")
    service.receive()
    assert service.events[0].delivered_to == "http://127.0.0.1:1/new"
    service.update(webhook_url="", webhook_failover_url="http://127.0.0.1:1/only")
    service.receive()
    assert service.events[1].delivered_to == "http://127.0.0.1:1/only"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"enabled": False}, "the profile is not enabled"),
        ({"webhook_api_version": "1"}, "webhook_api_version 1 is not simulated"),
        ({"webhook_api_version": "2010-04-01"}, "webhook_api_version 2010-04-01 is not simulated"),
        ({"webhook_url": "", "webhook_failover_url": ""}, "no address"),
    ],
)
def test_nobody_is_told_when_the_profile_says_so(service: Service, changes: dict[str, Any], reason: str) -> None:
    service.update(**changes)
    delivery = service.receive()
    assert (delivery.state, delivery.reason) == ("failed", f"not delivered: {reason}")
    assert service.events == [] and service.mock.webhooks.deliveries == (delivery,)


def test_a_number_without_a_profile_tells_nobody_and_one_that_is_not_there_is_a_mistake(service: Service) -> None:
    delivery = service.receive(to=UNASSIGNED)
    assert delivery.reason == "not delivered: the number is assigned to no messaging profile"
    with pytest.raises(InputError, match=r"no number '\+12015550000'"):
        service.receive(to="+12015550000")


def test_any_event_goes_to_a_profile_or_an_address(service: Service) -> None:
    mock = service.mock
    payload = {"profile_id": PROFILE, "configured_limit": "100.00", "current_cost": "100.02"}
    mock.deliver("messaging-profile.spend-limit-reached", payload, profile_id=PROFILE)
    mock.deliver("message.finalized", {"id": "1"}, url="http://127.0.0.1:1/x")
    mock.webhooks.settle()
    assert [event.event_type for event in service.events] == [
        "messaging-profile.spend-limit-reached",
        "message.finalized",
    ]
    assert service.events[0].payload == payload
    with pytest.raises(InputError, match="no messaging profile 'x'"):
        mock.deliver("a", {}, profile_id="x")
    for wrong in ({}, {"profile_id": PROFILE, "url": "http://127.0.0.1/"}):
        with pytest.raises(TypeError, match="a profile_id or to a url"):
            mock.deliver("a", {}, **wrong)


def test_a_handler_may_call_the_mock(service: Service) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        service.update(name="Changed by the handler")
        return httpx.Response(200)

    service.mock.webhooks.through(httpx.MockTransport(answer))
    assert service.receive().state == "delivered"
    assert service.mock.records("messaging_profiles")[-1]["name"] == "Changed by the handler"


def test_events_do_not_change_the_ids_of_records_made_later() -> None:
    made = set()
    for messages in (0, 3):
        mock = TelnyxMock(seed=5)
        mock.clock.set(mock.clock.now().replace(year=2026, month=3, day=1, hour=12, minute=0, second=0, microsecond=0))
        for _ in range(messages):
            mock.receive_message("hello", to=NUMBER)
        made.add(mock.seed("messaging_profiles", {"name": "Shop"})[0]["id"])
        mock.close()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("GSM-7", 1)),
        ("a" * 160, ("GSM-7", 1)),
        ("a" * 161, ("GSM-7", 2)),
        ("a" * 306, ("GSM-7", 2)),
        ("a" * 307, ("GSM-7", 3)),
        ("€" * 80, ("GSM-7", 1)),
        ("€" * 81, ("GSM-7", 2)),
        ("ő", ("UCS-2", 1)),
        ("ж" * 70, ("UCS-2", 1)),
        ("ж" * 71, ("UCS-2", 2)),
        ("😀" * 35, ("UCS-2", 1)),
        ("😀" * 36, ("UCS-2", 2)),
    ],
)
def test_texts_are_counted_in_parts(text: str, expected: tuple[str, int]) -> None:
    assert encoding_of(text) == expected
