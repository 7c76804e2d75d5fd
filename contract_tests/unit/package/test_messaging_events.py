"""The events of the description's webhooks come out of signed bodies as their classes, to their depth."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telnyx_bindings import models, webhooks
from telnyx_bindings.runtime.drift import Observer

from contract_tests.unit.package import payloads
from contract_tests.unit.package.test_any_payload import kept
from contract_tests.unit.package.test_webhooks import NOW, PUBLIC, signed


def examples() -> dict[str, tuple[str, Any]]:
    """By webhook and example: the class that is described, and the body."""
    found = {}
    for name, hook in payloads.DOCUMENT["webhooks"].items():
        media = hook["post"]["requestBody"]["content"]["application/json"]
        described = media["schema"]["$ref"].rpartition("/")[2]
        for key, reference in media["examples"].items():
            example = payloads.DOCUMENT["components"]["examples"][reference["$ref"].rpartition("/")[2]]
            found[f"{name}.{key}"] = (described, example["value"])
    return found


EXAMPLES = examples()


def test_every_webhook_has_an_example() -> None:
    assert {name.partition(".")[0] for name in EXAMPLES} == set(payloads.DOCUMENT["webhooks"])
    assert len(payloads.DOCUMENT["webhooks"]) == 7


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_is_an_object_of_its_class_and_loses_nothing(name: str) -> None:
    described, value = EXAMPLES[name]
    body = json.dumps(value, indent=2).encode()
    event = webhooks.unwrap(body, signed(body), PUBLIC, now=NOW)
    assert type(event.record) is getattr(models, described)
    assert event.raw == value and kept(value, event.record.to_dict())
    observer = Observer()
    type(event.record).from_dict(value, observer)
    assert observer.observations(value, name) == ()
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.unwrap(body + b"\n", signed(body), PUBLIC, now=NOW)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_with_more_than_is_described_or_less_is_read_all_the_same(name: str) -> None:
    described, value = EXAMPLES[name]
    data = value.get("data", value)
    strange = {**data, "of_tomorrow": [1], "payload": {"of_tomorrow": {}}}
    event = webhooks.parse(json.dumps({**value, "data": strange} if "data" in value else strange))
    assert type(event.record) is getattr(models, described)
    inside = event.raw.get("data", event.raw)
    assert inside["of_tomorrow"] == [1]


def test_what_is_read_most_is_typed() -> None:
    event = webhooks.parse(json.dumps(EXAMPLES["inboundMessage.text"][1]))
    assert isinstance(event.record, models.InboundMessageEvent)
    data = event.record.data
    assert type(data) is models.InboundMessageEventData and type(data.payload) is models.InboundMessage
    message = data.payload
    assert isinstance(message.from_, models.InboundMessageSender) and message.from_.phone_number == "+13125550100"
    assert isinstance(message.text, str) and message.direction == "inbound"


def test_an_event_of_tomorrow_has_no_class_and_is_no_error() -> None:
    value = {"data": {"event_type": "message.unsent", "id": "1", "payload": {"text": "Hello"}}}
    event = webhooks.parse(json.dumps(value))
    assert (event.record, event.event_type, event.payload) == (None, "message.unsent", {"text": "Hello"})


@pytest.mark.parametrize("version", ["1", "2010-04-01"])
def test_the_older_formats_are_kept_whole_without_a_class(version: str) -> None:
    flat = {"sms_id": "834f3d53", "body": "Hello", "from": "+13125550100", "to": "+18005550001", "direction": "inbound"}
    value = {"type": "message", **flat} if version == "1" else flat
    body = json.dumps(value).encode()
    event = webhooks.unwrap(body, signed(body), PUBLIC, now=NOW)
    assert (event.record, event.id, event.payload) == (None, "834f3d53", value)
