"""The documented meaning of fields: what null, "", absence, zero and the asterisk do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import Description

Fields = Mapping[str, Mapping[str, Any]]


def accepts(description: Description, component: str, value: Any) -> bool:
    schema = description.alone({"$ref": f"#/components/schemas/{component}"})
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


def fields(description: Description, component: str) -> Fields:
    return description.properties({"$ref": f"#/components/schemas/{component}"})


def test_a_numbers_profile_is_kept_by_null_and_left_by_the_empty_text(description: Description) -> None:
    field = fields(description, "PhoneNumberMessagingSettingsUpdate")["messaging_profile_id"]
    assert field["x-on-null"] == "keep"
    assert field["x-on-empty-string"] == "clear"
    assert field["x-references"] == "messaging_profiles"
    for value in (None, "", "dd50eba1-a0c0-4563-9925-b25e842a7cb6"):
        assert accepts(description, "PhoneNumberMessagingSettingsUpdate", {"messaging_profile_id": value})


def test_an_unknown_profile_is_the_only_refusal_of_a_valid_number_update(description: Description) -> None:
    rules = description.by_id["updatePhoneNumberMessagingSettings"].rule_errors
    assert [(rule.status, rule.code) for rule in rules] == [(422, "10017")]


@pytest.mark.parametrize("name", ["number_pool_settings", "url_shortener_settings"])
def test_null_switches_a_feature_off_and_an_object_merges(description: Description, name: str) -> None:
    field = fields(description, "MessagingProfileUpdate")[name]
    assert field["x-on-null"] == "clear"
    assert field["x-on-object"] == "merge"
    assert accepts(description, "MessagingProfileUpdate", {name: None})
    assert not accepts(description, "MessagingProfileUpdate", {name: {}})


def test_what_null_does_is_stated_for_every_field_that_takes_it(description: Description) -> None:
    for component in ("MessagingProfileUpdate", "PhoneNumberMessagingSettingsUpdate"):
        for name, field in fields(description, component).items():
            takes_null = accepts(description, component, {name: None})
            assert takes_null == ("x-on-null" in field), f"{component}.{name}"


def test_destinations_are_required_at_creation_and_while_there_are_none(description: Description) -> None:
    create = description.document["components"]["schemas"]["MessagingProfileCreate"]
    assert create["required"] == ["name", "whitelisted_destinations"]
    assert create["properties"]["whitelisted_destinations"]["x-missing-error"] == {"status": 400, "code": "40331"}
    update = description.document["components"]["schemas"]["MessagingProfileUpdate"]
    assert "required" not in update
    assert update["properties"]["whitelisted_destinations"]["x-required-while-unset"] is True
    codes = [(rule.status, rule.code) for rule in description.by_id["updateMessagingProfile"].rule_errors]
    assert (400, "40331") in codes


@pytest.mark.parametrize(
    ("destinations", "allowed"),
    [
        (["US"], True),
        (["US", "CA"], True),
        (["*"], True),
        (["us"], False),
        (["USA"], False),
        ([""], False),
        (None, False),
    ],
)
def test_destinations_are_country_codes_or_an_asterisk(
    description: Description, destinations: Any, allowed: bool
) -> None:
    body = {"name": "n", "whitelisted_destinations": destinations}
    assert accepts(description, "MessagingProfileCreate", body) == allowed


@pytest.mark.parametrize(("weight", "allowed"), [(0, True), (0.5, True), (10, True), (-1, False), ("1", False)])
def test_weights_are_numbers_from_zero(description: Description, weight: Any, allowed: bool) -> None:
    pool = {"toll_free_weight": weight, "long_code_weight": 1, "skip_unhealthy": True}
    assert accepts(description, "NumberPoolSettings", pool) == allowed
    for name in ("toll_free_weight", "long_code_weight"):
        assert fields(description, "NumberPoolSettings")[name]["x-on-zero"] == "exclude"


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("webhook_url", "", True),
        ("webhook_url", None, True),
        ("webhook_url", "https://www.example.com/hooks?a=1", True),
        ("webhook_url", "example", False),
        ("webhook_url", "https://www.example.com/" + "a" * 2000, False),
        ("alpha_sender", "ACME Ltd", True),
        ("alpha_sender", "", False),
        ("alpha_sender", "twelve chars", False),
        ("daily_spend_limit", "100.00", True),
        ("daily_spend_limit", "100", True),
        ("daily_spend_limit", "-1", False),
        ("daily_spend_limit", 100, False),
        ("daily_spend_limit", None, False),
        ("webhook_api_version", "2010-04-01", True),
        ("webhook_api_version", "3", False),
        ("enabled", None, False),
    ],
)
def test_constraints_of_a_profiles_fields(description: Description, field: str, value: Any, allowed: bool) -> None:
    assert accepts(description, "MessagingProfileUpdate", {field: value}) == allowed
    body = {"name": "n", "whitelisted_destinations": ["US"], field: value}
    assert accepts(description, "MessagingProfileCreate", body) == allowed


def test_defaults_of_a_new_profile_are_those_of_the_documents(bundled: dict[str, Any]) -> None:
    create = bundled["components"]["schemas"]["MessagingProfileCreate"]["properties"]
    assert {name: node["default"] for name, node in create.items() if "default" in node} == {
        "enabled": True,
        "webhook_url": "",
        "webhook_failover_url": "",
        "webhook_api_version": "2",
        "mms_fall_back_to_sms": False,
        "mms_transcoding": False,
    }
    pool = bundled["components"]["schemas"]["NumberPoolSettings"]["properties"]
    assert {name for name, node in pool.items() if node.get("default") is False} == {"sticky_sender", "geomatch"}


def test_the_secret_is_marked_wherever_it_stands(description: Description) -> None:
    assert description.sensitive_fields == {"v1_secret", "vettingToken", "campaignVerifyAuthorizationToken"}
    for component in ("MessagingProfile", "MessagingProfileUpdate"):
        assert fields(description, component)["v1_secret"]["x-sensitive"] is True
    assert "v1_secret" not in fields(description, "MessagingProfileCreate")
    assert "irreversible" in fields(description, "MessagingProfileUpdate")["v1_secret"]["x-effect"]


def test_deletion_is_for_good_and_blocked_by_numbers(description: Description) -> None:
    delete = description.by_id["deleteMessagingProfile"]
    assert delete.effects == ("write", "irreversible")
    (block,) = delete.blocked_by
    assert (block.collection, block.field, block.status, block.code) == (
        "phone_number_messaging_settings",
        "messaging_profile_id",
        422,
        "40158",
    )


def test_every_field_of_a_new_profile_has_a_source(description: Description) -> None:
    """The body, a default, an initial value or the server: else nobody knows what an answer should hold."""
    create = fields(description, "MessagingProfileCreate")
    required = description.document["components"]["schemas"]["MessagingProfileCreate"]["required"]
    for name, field in fields(description, "MessagingProfile").items():
        sources = ["x-initial" in field, "x-generated" in field, "default" in create.get(name, {}), name in required]
        assert any(sources), name


NEWER = ("mobile_only", "smart_encoding", "ai_assistant_id", "resource_group_id", "organization_id")


@pytest.mark.parametrize("name", NEWER)
def test_newer_fields_come_by_overlay(bundled: dict[str, Any], effective: dict[str, Any], name: str) -> None:
    assert name not in bundled["components"]["schemas"]["MessagingProfile"]["properties"]
    assert name in effective["components"]["schemas"]["MessagingProfile"]["properties"]


def test_newer_filters_come_by_overlay(bundled: dict[str, Any], description: Description) -> None:
    before = {one["name"] for one in Description(bundled).by_id["listPhoneNumberMessagingSettings"].parameters}
    after = {one["name"] for one in description.by_id["listPhoneNumberMessagingSettings"].parameters}
    assert after - before == {
        "filter[messaging_profile_id]",
        "filter[phone_number]",
        "filter[phone_number][contains]",
        "filter[type]",
        "sort[phone_number]",
    }
    profiles = {one["name"] for one in description.by_id["listMessagingProfiles"].parameters}
    assert {"filter[name]", "filter[name][eq]", "filter[name][contains]"} <= profiles


def test_a_filter_by_kind_finds_either_spelling(description: Description) -> None:
    kinds = set(description.document["components"]["schemas"]["PhoneNumberType"]["enum"])
    parameter = description.document["components"]["parameters"]["PhoneNumberKindFilter"]
    spelled = parameter["x-filter"]["values"]
    assert set(spelled) == set(description.resolve(parameter["schema"])["enum"])
    assert {value for values in spelled.values() for value in values} == kinds
