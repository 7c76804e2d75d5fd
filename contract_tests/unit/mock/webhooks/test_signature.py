"""What the mock signs, the package's own check accepts; and any change of it, it refuses."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import pytest
from telnyx_bindings import webhooks

from contract_tests.mock.clock import Clock
from contract_tests.mock.webhooks.dispatch import SignedWebhook, Webhooks
from contract_tests.mock.webhooks.signature import Signer


def signed(attempt: int = 1, timestamp: int | None = None) -> tuple[Webhooks, SignedWebhook]:
    """A webhook for a handler."""
    desk = Webhooks(Clock(), 7)
    return desk, desk.signed("message.received", {"text": "grüß €"}, attempt=attempt, timestamp=timestamp)


def test_the_package_takes_it_as_genuine_and_reads_it() -> None:
    before = int(time.time())
    desk, webhook = signed(attempt=2)
    after = int(time.time())
    event = webhooks.unwrap(webhook.body, webhook.headers, desk.public_key)
    assert (event.event_type, event.attempt, event.payload) == ("message.received", 2, {"text": "grüß €"})
    assert (event.id, event.record_type) == (webhook.event.id, "event")
    assert before <= int(webhook.headers["telnyx-timestamp"]) <= after


def test_the_body_is_indented_json_in_the_envelope_of_the_api() -> None:
    _, webhook = signed()
    assert webhook.body == json.dumps(json.loads(webhook.body), indent=2, ensure_ascii=False).encode()
    whole = json.loads(webhook.body)
    assert set(whole) == {"data", "meta"}
    assert set(whole["data"]) == {"record_type", "event_type", "id", "occurred_at", "payload"}
    assert whole["data"]["occurred_at"].endswith("+00:00")
    assert whole["meta"] == {"attempt": 1, "delivered_to": "http://127.0.0.1/webhooks"}


def test_a_changed_body_another_key_and_an_old_timestamp_are_refused() -> None:
    desk, webhook = signed()
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.verify(webhook.body + b" ", webhook.headers, desk.public_key)
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.verify(webhook.body, webhook.headers, Signer(8).public_key)
    desk, old = signed(timestamp=int(time.time()) - 400)
    with pytest.raises(webhooks.TimestampOutOfRange):
        webhooks.verify(old.body, old.headers, desk.public_key)


def test_the_same_seed_has_the_same_key() -> None:
    assert Signer(3).public_key == Signer(3).public_key != Signer(4).public_key
    assert len(base64.b64decode(Signer(3).public_key, validate=True)) == 32


def test_no_payload_is_shown() -> None:
    _, webhook = signed()
    assert "grüß" not in repr(webhook) and "telnyx-signature" not in repr(webhook)


def test_the_readme_shows_the_key_of_a_mock_that_was_told_no_seed() -> None:
    text = (Path(__file__).resolve().parents[3] / "mock" / "README.md").read_text(encoding="utf-8")
    assert f"public key {Signer().public_key}\n" in text
