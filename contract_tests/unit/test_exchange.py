"""Nothing secret survives the way from an exchange to text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.exchange import NOT_JSON, REDACTED, Exchange, Redactor

TOKEN = "KEY_marker_token"
SECRET = "marker_v1_secret"
# What Python's parser takes although RFC 8259 does not.
LOOSE = [b'{"a": NaN}', b"-Infinity", b"1e999", b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"), b'"\xff"']


def exchange(**changes: Any) -> Exchange:
    """A profile that was updated, with the token and a secret field in every place they can stand."""
    body = json.dumps({"data": {"name": "Ä", "v1_secret": SECRET, "list": [{"v1_secret": SECRET}]}}).encode()
    values: dict[str, Any] = {
        "operation_id": "updateMessagingProfile",
        "method": "PATCH",
        "url": f"http://127.0.0.1:1/v2/messaging_profiles/1?token={TOKEN}",
        "request_headers": {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
        "request_body": json.dumps({"v1_secret": SECRET, "name": "it's"}).encode(),
        "status": 200,
        "headers": {"set-cookie": f"session={TOKEN}", "x-echo": TOKEN},
        "body": body,
        "elapsed": 0.0123,
    }
    return Exchange(**{**values, **changes})


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(secrets=[TOKEN], fields=["v1_secret"])


def test_neither_token_nor_sensitive_field_is_in_the_shown_exchange(redactor: Redactor) -> None:
    shown = redactor.exchange(exchange())
    text = json.dumps(shown)
    assert TOKEN not in text
    assert SECRET not in text
    assert shown["response_body"]["data"] == {"name": "Ä", "v1_secret": REDACTED, "list": [{"v1_secret": REDACTED}]}
    assert shown["elapsed_ms"] == 12.3


@pytest.mark.parametrize("body", [f'{{"v1_secret": "{SECRET}"'.encode(), f"<b>v1_secret={SECRET}</b>".encode()])
def test_a_body_that_cannot_be_searched_is_not_shown_when_it_names_a_secret(redactor: Redactor, body: bytes) -> None:
    assert SECRET not in json.dumps(redactor.exchange(exchange(body=body)))


def test_a_long_body_is_cut_after_redaction(redactor: Redactor) -> None:
    body = json.dumps({"data": [{"v1_secret": SECRET, "name": "x" * 50}] * 100}).encode()
    shown = redactor.body(body)
    assert SECRET not in shown
    assert len(shown) < 2100


def test_a_null_secret_stays_null_because_null_is_an_observation(redactor: Redactor) -> None:
    assert redactor.value({"v1_secret": None}) == {"v1_secret": None}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b"[" * 100_000, *LOOSE])
def test_a_body_that_is_no_json_is_said_to_be_none(body: bytes) -> None:
    assert exchange(body=body).json is NOT_JSON


def test_secrets_of_the_target_are_learned_from_its_answers(redactor: Redactor) -> None:
    assert SECRET in redactor.text(f"a text with {SECRET}")
    redactor.learn(exchange(request_body=b""))
    assert redactor.text(f"a text with {SECRET} and {TOKEN}") == f"a text with {REDACTED} and {REDACTED}"


def test_what_the_suite_made_up_is_no_secret_and_short_texts_are_not_searched_for(redactor: Redactor) -> None:
    redactor.learn(exchange())
    assert redactor.text(SECRET) == SECRET
    redactor.learn(exchange(request_body=b"", body=b'{"v1_secret": "short"}'))
    assert redactor.text("a short text") == "a short text"


def test_a_secret_that_is_put_back_later_stays_one(redactor: Redactor) -> None:
    redactor.learn(exchange(request_body=b""))
    redactor.learn(exchange())
    assert redactor.text(SECRET) == REDACTED


def test_a_text_is_cut_after_the_secrets_are_out(redactor: Redactor) -> None:
    assert redactor.short("x" * 190 + TOKEN) == "x" * 190 + REDACTED
    assert len(redactor.short("x" * 500)) == 201


def test_what_a_webhook_says_is_the_targets_own_and_no_text_of_ours() -> None:
    redactor = Redactor(fields=["v1_secret"])
    redactor.learn(exchange(body=b"", received=True))
    assert redactor.text(f"the secret {SECRET}") == f"the secret {REDACTED}"


def test_texts_can_be_withheld_by_hand(redactor: Redactor) -> None:
    redactor.withhold(["https://hooks.example.com/ours"])
    assert "hooks" not in redactor.text("sent to https://hooks.example.com/ours/abc")
