"""What deviates is kept, and told with its place and without its contents."""

from __future__ import annotations

from typing import Any

import pytest
from telnyx_bindings.models import (
    ErrorList,
    MessagingProfile,
    MessagingProfileListResponse,
    NumberPoolSettings,
    WebhookApiVersion,
)
from telnyx_bindings.runtime import drift
from telnyx_bindings.runtime.drift import Observer
from telnyx_bindings.runtime.tolerance import TOLERANT
from telnyx_bindings.types import UNSET

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def told(model: Any, document: Any) -> list[tuple[str, str, str, str]]:
    observer = Observer()
    model.from_dict(document, observer)
    return [(one.pointer, one.kind, one.expected, one.sample) for one in observer.observations(document, "anOperation")]


@pytest.mark.parametrize(
    ("fields", "observation"),
    [
        ({"name": 7}, ("/name", "type", "string", "integer")),
        ({"name": None}, ("/name", "null", "string", "null")),
        ({"enabled": "yes"}, ("/enabled", "type", "boolean", "string of 3 characters")),
        ({"redaction_level": 1.5}, ("/redaction_level", "type", "integer", "number")),
        ({"redaction_level": True}, ("/redaction_level", "type", "integer", "boolean")),
        ({"webhook_api_version": "3"}, ("/webhook_api_version", "unknown-member", "enum WebhookApiVersion", "3")),
        ({"webhook_api_version": 3}, ("/webhook_api_version", "unknown-member", "enum WebhookApiVersion", "3")),
        ({"webhook_api_version": []}, ("/webhook_api_version", "type", "enum WebhookApiVersion", "array of 0")),
        ({"created_at": "3 Feb 2026"}, ("/created_at", "format", "date-time", "9 aaa 9999")),
        ({"created_at": 1770091506}, ("/created_at", "type", "date-time", "integer")),
        ({"id": "12-ab"}, ("/id", "format", "uuid", "99-aa")),
        ({"whitelisted_destinations": "US"}, ("/whitelisted_destinations", "type", "array", "string of 2 characters")),
        ({"whitelisted_destinations": ["US", 1]}, ("/whitelisted_destinations/1", "type", "string", "integer")),
        ({"number_pool_settings": []}, ("/number_pool_settings", "type", "object", "array of 0")),
        ({"brand/new~": {"a": 1}}, ("/brand~1new~0", "unknown-field", "", "object of 1")),
    ],
)
def test_deviation_is_told_with_its_place_and_kind(fields: dict[str, Any], observation: tuple[str, ...]) -> None:
    assert told(MessagingProfile, {"id": ID, **fields}) == [observation]


def test_missing_field_is_told_when_it_is_required() -> None:
    found = told(NumberPoolSettings, {"toll_free_weight": 1, "skip_unhealthy": True})
    assert found == [("/long_code_weight", "missing", "number", "nothing")]


def test_same_deviation_in_many_records_is_told_once_and_counted() -> None:
    document = {"data": [{"id": ID, "name": None} for _ in range(250)], "meta": {}}
    observer = Observer()
    MessagingProfileListResponse.from_dict(document, observer)
    (only,) = observer.observations(document, "listMessagingProfiles")
    assert (only.pointer, only.kind, only.count) == ("/data/0/name", "null", 250)
    assert only.operation_id == "listMessagingProfiles"


def test_deviations_of_different_kinds_are_told_apart() -> None:
    document = {"data": [{"id": ID, "name": None}, {"id": ID, "name": 7}, "no record"], "meta": {}}
    found = told(MessagingProfileListResponse, document)
    assert found == [
        ("/data/0/name", "null", "string", "null"),
        ("/data/1/name", "type", "string", "integer"),
        ("/data/2", "type", "object", "string of 9 characters"),
    ]


@pytest.mark.parametrize("document", [None, True, 7, "text", [], [{"errors": []}]])
def test_document_that_is_no_object_is_an_empty_model(document: Any) -> None:
    made = ErrorList.from_dict(document)
    assert made.errors is UNSET
    assert made.to_dict() == {}
    assert [one[:3] for one in told(ErrorList, document)] == [("", "null" if document is None else "type", "object")]


def test_samples_give_nothing_away() -> None:
    secret = "KEY-0123-do-not-show"
    document = {
        "id": secret,
        "name": [secret],
        "v1_secret": {"a": secret},
        "new_token": secret,
        "created_at": secret,
        "webhook_api_version": f"{secret} {secret}",
        "number_pool_settings": secret,
        "new": {secret: secret},
    }
    observer = Observer()
    MessagingProfile.from_dict(document, observer)
    observations = observer.observations(document, "anOperation")
    assert len(observations) == 8
    assert secret not in repr(observations)
    assert "KEY" not in repr(observations)


def test_unknown_member_of_a_secretive_name_is_not_shown() -> None:
    assert drift._sample("token_type", "abc", "unknown-member") == "string of 3 characters"
    assert drift._sample("type", "abc", "unknown-member") == "abc"
    assert drift._sample("type", 10**40, "unknown-member") == "integer"


def test_no_more_than_the_limit_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "LIMIT", 3)
    document = {"whitelisted_destinations": [1] * 10, "id": ID}
    observer = Observer()
    made: Any = MessagingProfile.from_dict(document, observer)
    assert made.whitelisted_destinations == [1] * 10
    assert [one.count for one in observer.observations(document, "anOperation")] == [3]


def test_without_an_observer_the_same_is_stored() -> None:
    document = {"id": "x", "name": None, "webhook_api_version": "3", "created_at": "later", "new": [1]}
    plain: Any = MessagingProfile.from_dict(document)
    watched = MessagingProfile.from_dict(document, Observer())
    assert plain == watched == MessagingProfile.from_dict(document, TOLERANT)
    assert plain.name is None
    assert plain.webhook_api_version == "3"
    assert isinstance(plain.webhook_api_version, WebhookApiVersion)
    assert plain.created_at == "later"
    assert plain["new"] == [1]
