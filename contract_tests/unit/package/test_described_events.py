"""Events that the description names come out of a verified webhook as classes of their own, with no code for any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from contract_tests.unit.package.made import made
from contract_tests.unit.package.test_webhooks import NOW, PUBLIC, signed

ID = "b301ed3f-1490-491f-995f-6e64e69674d4"


def reference(name: str) -> dict[str, str]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def objects(**properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "description": "An object.", "properties": properties}


def described() -> dict[str, Any]:
    """A description with one operation and three types of event in two webhooks."""
    text = {"type": "string"}
    stamped = {"type": "string", "format": "date-time"}
    schemas = {
        "Thing": objects(id=text),
        "Party": objects(phone_number=text, status={"$ref": "#/components/schemas/PartyStatus"}),
        "PartyStatus": {"type": "string", "enum": ["queued", "sent"]},
        "MessagePayload": objects(text=text, to={"type": "array", "items": reference("Party")}, sent_at=stamped),
        "MessageEventData": objects(
            event_type=reference("MessageEventType"),
            id={"type": "string", "format": "uuid"},
            occurred_at=stamped,
            payload=reference("MessagePayload"),
        ),
        "MessageEventType": {"type": "string", "enum": ["message.sent", "message.finalized"]},
        "MessageEvent": objects(data=reference("MessageEventData")),
        "BrandEventData": objects(event_type={"type": "string", "const": "brand.updated"}, payload=reference("Party")),
        "BrandEvent": objects(data=reference("BrandEventData")),
        # One without an event type, one that is no envelope, and one whose type is a free text.
        "ClickEvent": objects(data=reference("Click")),
        "Click": objects(record_type=reference("ClickType"), url=text),
        "ClickType": {"type": "string", "enum": ["link_clicked"]},
        "StatusEvent": objects(type=reference("StatusType"), campaignId=text),
        "StatusType": {"type": "string", "enum": ["REVIEW", "VERIFIED"]},
        "FreeEvent": objects(data=reference("FreeEventData")),
        "FreeEventData": objects(event_type=text, record_type=reference("FreeType")),
        "FreeType": {"type": "string", "enum": ["event"]},
    }
    content = {"application/json": {"schema": reference("Thing")}}
    operation = {
        "operationId": "getThing",
        "x-sdk-method": "things.retrieve",
        "tags": ["things"],
        "responses": {"200": {"description": "Fine.", "content": content}},
    }
    hooks = {
        name: {"post": {"requestBody": {"content": {"application/json": {"schema": reference(schema)}}}}}
        for name, schema in (
            ("messageUpdate", "MessageEvent"),
            ("brandUpdate", "BrandEvent"),
            ("click", "ClickEvent"),
            ("statusUpdate", "StatusEvent"),
            ("free.made", "FreeEvent"),
        )
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Events", "version": "1"},
        "paths": {"/things": {"get": operation}},
        "webhooks": hooks,
        "components": {"schemas": schemas},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package of that description."""
    with made(described(), tmp_path_factory.mktemp("events"), "package_with_events") as module:
        yield module


def unwrapped(package: Any, **data: Any) -> Any:
    """The event of a signed webhook."""
    body = json.dumps({"data": data, "meta": {"attempt": 1}}).encode()
    return package.webhooks.unwrap(body, signed(body), PUBLIC, now=NOW)


@pytest.mark.parametrize("event_type", ["message.sent", "message.finalized"])
def test_a_described_event_is_typed_to_its_depth(package: Any, event_type: str) -> None:
    payload = {
        "text": "Hello",
        "sent_at": "2026-02-03T04:05:06Z",
        "to": [{"phone_number": "+12015550123", "status": "sent"}, {"status": "later_one"}],
    }
    record = unwrapped(package, event_type=event_type, id=ID, payload=payload, new=1).record
    models = package.models
    assert type(record) is models.MessageEvent
    assert type(record.data.payload) is models.MessagePayload
    assert record.data.id == UUID(ID)
    assert record.data.payload.sent_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert record.data.payload.to[0].status is models.PartyStatus.SENT
    assert record.data.payload.to[1].status == "later_one"
    assert record.data["new"] == 1
    assert record.to_dict()["data"]["payload"] == payload


def test_each_type_has_its_own_class_and_the_others_none(package: Any) -> None:
    assert type(unwrapped(package, event_type="brand.updated", payload={"a": 1}).record) is package.models.BrandEvent
    other = unwrapped(package, event_type="message.received", payload={"a": 1})
    assert other.record is None
    assert other.payload == {"a": 1}


def test_an_event_that_deviates_is_kept_as_it_came(package: Any) -> None:
    event = unwrapped(package, event_type="message.sent", id=7, occurred_at="soon", payload="none")
    assert (event.record.data.id, event.record.data.occurred_at, event.record.data.payload) == (7, "soon", "none")
    assert event.raw["data"]["payload"] == "none"


def test_without_an_event_type_the_kind_of_record_or_a_type_of_its_own_tells_the_class(package: Any) -> None:
    models = package.models
    click = unwrapped(package, record_type="link_clicked", url="https://www.example.com/")
    assert type(click.record) is models.ClickEvent and click.event_type is None
    body = json.dumps({"type": "REVIEW", "campaignId": "C1"}).encode()
    status = package.webhooks.unwrap(body, signed(body), PUBLIC, now=NOW)
    assert type(status.record) is models.StatusEvent and status.record.campaign_id == "C1"
    assert status.payload == {"type": "REVIEW", "campaignId": "C1"}


def test_a_type_that_may_be_any_text_is_known_by_the_name_of_its_webhook(package: Any) -> None:
    assert type(unwrapped(package, event_type="free.made").record) is package.models.FreeEvent
    assert unwrapped(package, record_type="event").record is None
