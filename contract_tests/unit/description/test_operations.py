"""What every operation has to state, and that what it states hangs together."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from contract_tests.description import Description, Operation, resolve

EFFECTS = {"read", "write", "costs", "contacts-people", "irreversible"}
ACTIONS = {"get": {"list", "retrieve", "compute"}, "post": {"create"}, "patch": {"update"}, "delete": {"delete"}}
RATE_LIMIT = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
EXPECTED = {
    "listMessagingProfiles": "GET /messaging_profiles",
    "createMessagingProfile": "POST /messaging_profiles",
    "retrieveMessagingProfile": "GET /messaging_profiles/{id}",
    "updateMessagingProfile": "PATCH /messaging_profiles/{id}",
    "deleteMessagingProfile": "DELETE /messaging_profiles/{id}",
    "listMessagingProfilePhoneNumbers": "GET /messaging_profiles/{id}/phone_numbers",
    "listMessagingProfileShortCodes": "GET /messaging_profiles/{id}/short_codes",
    "retrieveMessagingProfileMetrics": "GET /messaging_profiles/{id}/metrics",
    "listMessagingProfileMetrics": "GET /messaging_profile_metrics",
    "listPhoneNumberMessagingSettings": "GET /phone_numbers/messaging",
    "retrievePhoneNumberMessagingSettings": "GET /phone_numbers/{id}/messaging",
    "updatePhoneNumberMessagingSettings": "PATCH /phone_numbers/{id}/messaging",
}


def responses(description: Description, operation: Operation) -> dict[str, Any]:
    return {status: description.resolve(node) for status, node in operation.raw["responses"].items()}


def test_the_twelve_operations_are_described(description: Description) -> None:
    found = {operation.operation_id: operation.label for operation in description.operations}
    assert EXPECTED.items() <= found.items()


def test_operation_ids_are_unique_in_any_spelling(description: Description) -> None:
    spelled = Counter(re.sub("_", "", operation.operation_id).lower() for operation in description.operations)
    assert [name for name, times in spelled.items() if times > 1] == []


def test_operation_ids_begin_with_the_verb_of_their_action(description: Description) -> None:
    for operation in description.operations:
        assert re.fullmatch(r"(?:list|create|retrieve|update|replace|delete)[A-Z]\w+", operation.operation_id)
        assert operation.resource is not None
        action = operation.resource.action
        assert action == "compute" or operation.operation_id.startswith(action), operation.label


def test_every_operation_states_summary_tag_effect_and_library_method(description: Description) -> None:
    tags = {tag["name"]: tag for tag in description.document["tags"]}
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and tag["x-displayName"] for name, tag in tags.items())
    for operation in description.operations:
        assert operation.raw["summary"], operation.label
        assert operation.tag in tags, operation.label
        assert operation.effects and set(operation.effects) <= EFFECTS, operation.label
        assert re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+", operation.raw["x-sdk-method"]), operation.label


def test_reading_and_only_reading_is_free_of_other_effects(description: Description) -> None:
    for operation in description.operations:
        assert (operation.effects == ("read",)) == (operation.method == "get"), operation.label


def test_the_resource_rule_fits_the_method_and_the_path(description: Description) -> None:
    for operation in description.operations:
        rule = operation.resource
        assert rule is not None and rule.action in ACTIONS[operation.method], operation.label
        path_names = set(re.findall(r"{(\w+)}", operation.path))
        addressed = {rule.key} if rule.key else set()
        addressed |= {rule.parent.parameter} if rule.parent else set()
        assert addressed == path_names, operation.label
        declared = {parameter["name"] for parameter in operation.parameters if parameter["in"] == "path"}
        assert declared == path_names, operation.label


def test_the_fields_that_rules_name_exist(description: Description) -> None:
    records: dict[str, set[str]] = {}
    for operation in description.operations:
        rule = operation.resource
        if rule is not None and rule.action != "compute":
            records.setdefault(rule.collection, set()).update(
                description.properties(description.record_schema(operation) or {})
            )
    for operation in description.operations:
        rule = operation.resource
        assert rule is not None
        fields = set(description.properties(description.record_schema(operation) or {}))
        named = {*rule.lookup, *([rule.order.lstrip("-")] if rule.order else ())}
        named |= {rule.parent.field} if rule.parent else set()
        named |= {parameter["x-filter"]["field"] for parameter in operation.parameters if "x-filter" in parameter}
        named |= {parameter["x-sort"]["field"] for parameter in operation.parameters if "x-sort" in parameter}
        assert named <= fields, operation.label
        if rule.parent:
            assert rule.parent.collection in records, operation.label
        for block in operation.blocked_by:
            assert block.field in records[block.collection], operation.label


def test_lists_and_only_lists_have_page_parameters_and_meta(description: Description) -> None:
    for operation in description.operations:
        pages = {parameter["x-page"] for parameter in operation.parameters if "x-page" in parameter}
        schema = description.resolve(description.response_schema(operation))
        is_list = operation.operation_id.startswith("list")
        assert pages == ({"number", "size"} if is_list else set()), operation.label
        assert ("meta" in schema["properties"]) == is_list, operation.label


def test_every_operation_declares_its_success_and_its_refusals(description: Description) -> None:
    for operation in description.operations:
        expected = {"200", "400", "401", "422", "429", "default"}
        if "{" in operation.path:
            expected |= {"404"}
        assert set(operation.raw["responses"]) == expected, operation.label


def test_refusals_use_the_error_envelope_and_successes_do_not(description: Description) -> None:
    envelope = {"$ref": "#/components/schemas/ErrorList"}
    for operation in description.operations:
        for status, response in responses(description, operation).items():
            schema = response["content"]["application/json"]["schema"]
            assert (schema == envelope) == (status != "200"), f"{operation.label} {status}"


def test_every_answer_is_identified_and_the_quota_is_told(description: Description) -> None:
    for operation in description.operations:
        for status, response in responses(description, operation).items():
            headers = set(response["headers"])
            assert "x-request-id" in headers, f"{operation.label} {status}"
            assert (headers >= RATE_LIMIT) == (status in {"200", "429"}), f"{operation.label} {status}"


def test_refusal_rules_have_a_declared_status(description: Description) -> None:
    for operation in description.operations:
        for rule in operation.rule_errors:
            assert rule.status in operation.statuses and rule.code.isdigit() and rule.when, operation.label
        allowed = {(rule.status, rule.code) for rule in operation.rule_errors}
        assert {(block.status, block.code) for block in operation.blocked_by} <= allowed, operation.label


def test_updates_say_what_an_empty_body_does(description: Description) -> None:
    for operation in description.operations:
        assert (operation.empty_update in {"accept", "refuse"}) == (operation.method == "patch"), operation.label
        codes = {rule.code for rule in operation.rule_errors}
        assert operation.empty_update != "refuse" or "10004" in codes, operation.label


def test_links_lead_to_parameters_of_existing_operations(description: Description) -> None:
    links = description.document["components"]["links"]
    assert len(links) > 10
    for name, link in links.items():
        target = description.by_id[link["operationId"]]
        assert set(link["parameters"]) <= {parameter["name"] for parameter in target.parameters}, name
        required = {parameter["name"] for parameter in target.parameters if parameter.get("required")}
        assert required <= set(link["parameters"]), name


def test_link_expressions_point_into_the_answer_they_stand_at(description: Description) -> None:
    checked = 0
    for operation in description.operations:
        for response in responses(description, operation).values():
            for name, link in response.get("links", {}).items():
                for expression in description.resolve(link)["parameters"].values():
                    pointer = expression.removeprefix("$response.body#/").split("/")
                    node: Any = response["content"]["application/json"]["schema"]
                    for token in pointer:
                        node = resolve(description.document, node)
                        node = node["items"] if token.isdigit() else node["properties"][token]
                    checked += 1
                    assert description.resolve(node)["type"] in ("string", ["string", "null"]), name
    assert checked > 20


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        (
            "createMessagingProfile",
            {
                "retrieveMessagingProfile",
                "updateMessagingProfile",
                "deleteMessagingProfile",
                "listMessagingProfilePhoneNumbers",
                "listMessagingProfileShortCodes",
                "retrieveMessagingProfileMetrics",
            },
        ),
        ("listMessagingProfiles", {"retrieveMessagingProfile"}),
        (
            "listPhoneNumberMessagingSettings",
            {"retrievePhoneNumberMessagingSettings", "updatePhoneNumberMessagingSettings"},
        ),
        ("listMessagingProfilePhoneNumbers", {"retrievePhoneNumberMessagingSettings"}),
        ("updatePhoneNumberMessagingSettings", {"retrievePhoneNumberMessagingSettings", "retrieveMessagingProfile"}),
    ],
)
def test_links_let_a_walk_go_on(description: Description, source: str, targets: set[str]) -> None:
    response = description.response(description.by_id[source], 200)
    assert response is not None
    links = [description.resolve(link)["operationId"] for link in response["links"].values()]
    assert set(links) >= targets


def test_no_list_leads_to_a_deletion(description: Description) -> None:
    """A walk must only delete what it made."""
    for operation in description.operations:
        for response in responses(description, operation).values():
            for link in response.get("links", {}).values():
                target = description.by_id[description.resolve(link)["operationId"]]
                assert target.method != "delete" or operation.method == "post", operation.label
