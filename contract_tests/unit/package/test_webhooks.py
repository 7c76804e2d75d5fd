"""Webhooks: what Telnyx signed passes, any other byte does not; what passes is read, whatever it holds."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telnyx_bindings import TelnyxError, event_classes, webhooks

NOW = 1_770_000_000.0
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
OTHER = base64.b64encode(Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()).decode()
# Indented, as it travels: what was parsed and written again has other bytes.
BODY = json.dumps(
    {
        "data": {
            "event_type": "message.received",
            "id": "b301ed3f-1490-491f-995f-6e64e69674d4",
            "occurred_at": "2026-02-02T02:40:00.000+00:00",
            "payload": {"direction": "inbound", "from": {"phone_number": "+13125550001"}, "text": "Hello"},
            "record_type": "event",
        },
        "meta": {"attempt": 1, "delivered_to": "https://example.com/webhooks"},
    },
    indent=2,
).encode()


def signed(body: bytes = BODY, at: float = NOW) -> dict[str, str]:
    """The two headers that Telnyx sends with a body."""
    timestamp = str(int(at))
    signature = KEY.sign(timestamp.encode() + b"|" + body)
    return {
        "Telnyx-Signature-Ed25519": base64.b64encode(signature).decode(),
        "Telnyx-Timestamp": timestamp,
    }


def changed(text: bytes) -> Iterator[bytes]:
    """``text`` with each byte changed in turn, in its lowest and its highest bit, and with each byte left out."""
    for index, byte in enumerate(text):
        for other in (byte ^ 1, byte ^ 0x80):
            yield text[:index] + bytes([other]) + text[index + 1 :]
        yield text[:index] + text[index + 1 :]


def test_genuine_webhook_becomes_an_event() -> None:
    event = webhooks.unwrap(BODY, signed(), PUBLIC, now=NOW)
    assert event.event_type == "message.received"
    assert event.id == "b301ed3f-1490-491f-995f-6e64e69674d4"
    assert event.record_type == "event"
    assert event.occurred_at == datetime(2026, 2, 2, 2, 40, tzinfo=UTC)
    assert event.payload["text"] == "Hello"
    assert (event.attempt, event.delivered_to) == (1, "https://example.com/webhooks")
    assert event.raw == json.loads(BODY)


def test_no_byte_of_the_body_can_be_changed_or_left_out() -> None:
    headers = signed()
    for body in changed(BODY):
        with pytest.raises(webhooks.SignatureInvalid):
            webhooks.verify(body, headers, PUBLIC, now=NOW)


@pytest.mark.parametrize("name", ["Telnyx-Signature-Ed25519", "Telnyx-Timestamp"])
def test_no_character_of_a_header_can_be_changed_or_left_out(name: str) -> None:
    headers = signed()
    for value in changed(headers[name].encode()):
        with pytest.raises((webhooks.SignatureInvalid, webhooks.SignatureMissing)):
            webhooks.verify(BODY, {**headers, name: value.decode("latin-1")}, PUBLIC, now=NOW)


def test_body_that_was_parsed_and_written_again_is_refused() -> None:
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.verify(json.dumps(json.loads(BODY)).encode(), signed(), PUBLIC, now=NOW)


@pytest.mark.parametrize("body", [BODY.decode(), json.loads(BODY), None], ids=["text", "parsed", "none"])
def test_body_that_is_no_bytes_is_the_callers_mistake(body: Any) -> None:
    with pytest.raises(TypeError, match="as they were received"):
        webhooks.verify(body, signed(), PUBLIC, now=NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_timestamp_within_the_tolerance_passes(seconds: int) -> None:
    webhooks.verify(BODY, signed(at=NOW + seconds), PUBLIC, now=NOW)


@pytest.mark.parametrize(("seconds", "said"), [(-301, "301 s ago"), (301, "301 s in the future")])
def test_timestamp_beyond_the_tolerance_is_refused_in_both_directions(seconds: int, said: str) -> None:
    with pytest.raises(webhooks.TimestampOutOfRange, match=said):
        webhooks.verify(BODY, signed(at=NOW + seconds), PUBLIC, now=NOW)
    webhooks.verify(BODY, signed(at=NOW + seconds), PUBLIC, now=NOW, tolerance=timedelta(minutes=6))


def test_a_forged_webhook_learns_nothing_of_the_clock() -> None:
    headers = {**signed(at=NOW - 1000), "Telnyx-Signature-Ed25519": signed()["Telnyx-Signature-Ed25519"]}
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.verify(BODY, headers, PUBLIC, now=NOW)


def test_the_machines_clock_is_used_unless_another_time_is_given() -> None:
    import time

    webhooks.verify(BODY, signed(at=time.time()), PUBLIC)
    with pytest.raises(webhooks.TimestampOutOfRange):
        webhooks.verify(BODY, signed(at=1_000_000_000), PUBLIC)


@pytest.mark.parametrize(
    "timestamp", ["", " 1770000000", "+1770000000", "1770000000.0", "1_770", "１７７０", "-1", "9" * 40]
)
def test_timestamp_that_is_no_number_of_seconds_is_refused(timestamp: str) -> None:
    with pytest.raises(webhooks.SignatureMissing, match="no number of seconds"):
        webhooks.verify(BODY, {**signed(), "Telnyx-Timestamp": timestamp}, PUBLIC, now=NOW)


@pytest.mark.parametrize("missing", ["Telnyx-Signature-Ed25519", "Telnyx-Timestamp"])
def test_missing_header_is_named(missing: str) -> None:
    headers = {name: value for name, value in signed().items() if name != missing}
    with pytest.raises(webhooks.SignatureMissing, match=f"{missing.lower()} is missing"):
        webhooks.verify(BODY, headers, PUBLIC, now=NOW)


def test_a_webhook_of_the_first_format_is_refused_with_what_to_set() -> None:
    with pytest.raises(webhooks.SignatureMissing, match="this is webhook_api_version 1, set 2"):
        webhooks.unwrap(BODY, [(b"X-Telnyx-Signature", b"c2lnbmVk")], PUBLIC)


def test_headers_are_taken_in_any_case_and_as_the_pairs_of_bytes_of_an_asgi_server() -> None:
    upper = {name.upper(): value for name, value in signed().items()}
    webhooks.verify(BODY, upper, PUBLIC, now=NOW)
    webhooks.verify(BODY, [(k.lower().encode(), v.encode()) for k, v in signed().items()], PUBLIC, now=NOW)


def test_header_that_comes_with_two_values_is_refused() -> None:
    pairs = [*signed().items(), ("telnyx-timestamp", "1770000001")]
    with pytest.raises(webhooks.SignatureMissing, match="two values"):
        webhooks.verify(BODY, pairs, PUBLIC, now=NOW)


def test_any_of_several_keys_may_have_signed_while_keys_are_changed() -> None:
    webhooks.verify(BODY, signed(), [OTHER, PUBLIC], now=NOW)
    with pytest.raises(webhooks.SignatureInvalid):
        webhooks.verify(BODY, signed(), [OTHER], now=NOW)


@pytest.mark.parametrize("key", ["", "x", "KEY_secret", base64.b64encode(bytes(31)).decode(), f"{PUBLIC}="])
def test_key_that_is_none_is_the_callers_mistake_and_is_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="the public key is not base64 of 32 bytes") as raised:
        webhooks.verify(BODY, signed(), key, now=NOW)
    assert not key or key not in str(raised.value)


@pytest.mark.parametrize("nothing", [[], None])
def test_no_key_at_all_lets_nothing_through(nothing: Any) -> None:
    with pytest.raises(ValueError, match="a public key is needed"):
        webhooks.verify(BODY, signed(), nothing, now=NOW)  # None: a variable that nobody set


def test_without_the_crypto_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    with pytest.raises(ImportError, match=r"telnyx-bindings\[webhooks\]"):
        webhooks.verify(BODY, signed(), PUBLIC, now=NOW)
    assert webhooks.parse(BODY).event_type == "message.received", "reading needs no crypto library"


def test_every_refusal_is_an_error_of_the_package_that_pickles() -> None:
    for kind in (
        webhooks.SignatureMissing,
        webhooks.SignatureInvalid,
        webhooks.TimestampOutOfRange,
        webhooks.WebhookUnreadable,
    ):
        assert issubclass(kind, webhooks.WebhookError)
        assert issubclass(kind, TelnyxError)
        again = pickle.loads(pickle.dumps(kind("said", body=b"x")))
        assert (type(again), str(again), again.body) == (kind, "said", b"x")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"1", b'"text"', b"\xff\xfe{", b"[" * 100_000])
def test_body_that_is_no_object_is_unreadable_and_kept(body: bytes) -> None:
    with pytest.raises(webhooks.WebhookUnreadable) as raised:
        webhooks.parse(body)
    assert raised.value.body == body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["event_type", "id", "occurred_at", "payload", "record_type", "type", "sms_id", "attempt"])


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of what is tested
@given(
    st.fixed_dictionaries({}, optional={"data": JSON | st.dictionaries(FIELDS, JSON), "meta": JSON})
    | st.dictionaries(FIELDS, JSON)
)
def test_any_object_is_read_without_raising_and_kept_whole(content: dict[str, Any]) -> None:
    event = webhooks.parse(json.dumps(content))
    assert event.raw == content
    assert event.event_type is None or isinstance(event.event_type, str)


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, lambda body: memoryview(body)[:]])
def test_body_may_be_any_bytes(form: Any) -> None:
    assert webhooks.unwrap(form(BODY), signed(), PUBLIC, now=NOW).raw == json.loads(BODY)
    with pytest.raises(webhooks.WebhookUnreadable) as caught:
        webhooks.unwrap(form(b"none"), signed(b"none"), PUBLIC, now=NOW)
    assert caught.value.body == b"none"


@pytest.mark.parametrize("body", ["\ud800", '"\ud800"', "[1", "\udfff{}"])
def test_text_with_half_a_surrogate_pair_is_unreadable_and_kept(body: str) -> None:
    with pytest.raises(webhooks.WebhookUnreadable) as caught:
        webhooks.parse(body)
    assert caught.value.body.decode("utf-8", "surrogatepass") == body


def test_half_a_surrogate_pair_within_an_event_is_no_error() -> None:
    half = dict.fromkeys(("id", "event_type", "occurred_at", "payload", "�"), "2026-02-02�02:40")
    for body in (json.dumps({"data": half}), json.dumps({"data": half}, ensure_ascii=False)):
        event = webhooks.parse(body)
        assert event.raw == {"data": half}
        assert event.occurred_at == half["occurred_at"]


def test_event_of_an_unknown_type_is_kept_raw() -> None:
    event = webhooks.parse(b'{"data": {"event_type": "a.new.one", "payload": [1]}}')
    assert (event.event_type, event.payload, event.record) == ("a.new.one", [1], None)


def test_flat_form_of_the_first_version_is_read() -> None:
    event = webhooks.parse(b'{"type": "message", "sms_id": "834f3d53", "body": "Hello"}')
    assert (event.event_type, event.id, event.payload["body"]) == ("message", "834f3d53", "Hello")


def test_event_whose_type_is_described_comes_as_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    # Any class of the package will do: the description has no events yet.
    monkeypatch.setitem(
        event_classes.EVENTS, "a.described.one", (".models.messaging_profile_response", "MessagingProfileResponse")
    )
    event = webhooks.parse(b'{"data": {"event_type": "a.described.one", "name": "My name"}}')
    assert type(event.record).__name__ == "MessagingProfileResponse"
    assert event.record.data.name == "My name"


def test_repr_of_an_event_shows_neither_numbers_nor_texts() -> None:
    shown = repr(webhooks.parse(BODY))
    assert "message.received" in shown
    assert "+13125550001" not in shown
    assert "Hello" not in shown


def test_replay_guard_takes_each_event_once() -> None:
    guard = webhooks.ReplayGuard()
    event = webhooks.parse(BODY)
    assert guard.is_new(event)
    assert not guard.is_new(event)
    assert not guard.is_new("b301ed3f-1490-491f-995f-6e64e69674d4")
    assert guard.is_new("another")
    guard.forget(event)
    assert guard.is_new(copy.copy(event))


def test_replay_guard_forgets_what_is_old_and_the_oldest_when_it_is_full() -> None:
    guard = webhooks.ReplayGuard(remember=timedelta(seconds=10), capacity=2)
    assert guard.is_new("a", now=0)
    assert not guard.is_new("a", now=9.9)
    assert guard.is_new("a", now=10)
    assert guard.is_new("b", now=11)
    assert guard.is_new("c", now=12)
    assert len(guard) == 2
    assert guard.is_new("a", now=13), "the oldest went when there was no room"
    assert not guard.is_new("c", now=13)


def test_events_without_an_id_are_always_new() -> None:
    guard = webhooks.ReplayGuard()
    event = webhooks.parse(b"{}")
    assert guard.is_new(event)
    assert guard.is_new(event)


@pytest.mark.parametrize("wrong", [{"capacity": 0}, {"remember": timedelta(0)}])
def test_replay_guard_refuses_to_remember_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        webhooks.ReplayGuard(**wrong)
