"""What every operation has to state, and that what it states hangs together."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import Description, Operation, resolve
from scripts.pipeline import load

SEEDS = Path(__file__).resolve().parents[2] / "mock" / "seeds"
EFFECTS = {"read", "write", "costs", "contacts-people", "irreversible"}
ACTIONS = {
    "get": {"list", "retrieve", "compute"},
    "post": {"create", "compute"},
    "put": {"replace", "update", "compute"},
    "patch": {"update"},
    "delete": {"delete", "compute"},
}
RATE_LIMIT = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
# Answers without anything in them.
SILENT = {"deleteBrand", "resendBrandTwoFactorEmail", "deleteTollfreeVerificationRequest"}
# Operations that begin work which goes on after the answer.
ACCEPTED = {"createPhoneNumberAssignment"}
# Lists that no parameter pages, and those that tell nothing of a page.
WHOLE = {"listAutorespConfigs", "listBrandExternalVettings"}
PAGE_UNTOLD = {"listBrandExternalVettings", "listAssignedPhoneNumbers"}
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
    "createMessagingNumbersBulkUpdate": "POST /messaging_numbers_bulk_updates",
    "retrieveMessagingNumbersBulkUpdate": "GET /messaging_numbers_bulk_updates/{order_id}",
    "listShortCodes": "GET /short_codes",
    "retrieveShortCode": "GET /short_codes/{id}",
    "updateShortCode": "PATCH /short_codes/{id}",
    "sendMessage": "POST /messages",
    "sendGroupMmsMessage": "POST /messages/group_mms",
    "sendLongCodeMessage": "POST /messages/long_code",
    "sendNumberPoolMessage": "POST /messages/number_pool",
    "sendShortCodeMessage": "POST /messages/short_code",
    "retrieveMessage": "GET /messages/{id}",
    "sendRcsMessage": "POST /messages/rcs",
    "listRcsAgents": "GET /messaging/rcs/agents",
    "retrieveRcsAgent": "GET /messaging/rcs/agents/{id}",
    "updateRcsAgent": "PATCH /messaging/rcs/agents/{id}",
    "listMessagingUrlDomains": "GET /messaging_url_domains",
    "listMessagingOptouts": "GET /messaging_optouts",
    "listAutorespConfigs": "GET /messaging_profiles/{profile_id}/autoresp_configs",
    "createAutorespConfig": "POST /messaging_profiles/{profile_id}/autoresp_configs",
    "retrieveAutorespConfig": "GET /messaging_profiles/{profile_id}/autoresp_configs/{autoresp_cfg_id}",
    "replaceAutorespConfig": "PUT /messaging_profiles/{profile_id}/autoresp_configs/{autoresp_cfg_id}",
    "deleteAutorespConfig": "DELETE /messaging_profiles/{profile_id}/autoresp_configs/{autoresp_cfg_id}",
    "listMessagingHostedNumberOrders": "GET /messaging_hosted_number_orders",
    "createMessagingHostedNumberOrder": "POST /messaging_hosted_number_orders",
    "checkHostedNumberEligibility": "POST /messaging_hosted_number_orders/eligibility_numbers_check",
    "retrieveMessagingHostedNumberOrder": "GET /messaging_hosted_number_orders/{id}",
    "uploadMessagingHostedNumberOrderFile": "POST /messaging_hosted_number_orders/{id}/actions/file_upload",
    "validateMessagingHostedNumberOrderCodes": "POST /messaging_hosted_number_orders/{id}/validation_codes",
    "createMessagingHostedNumberOrderVerificationCodes": "POST /messaging_hosted_number_orders/{id}/verification_codes",
    "deleteMessagingHostedNumber": "DELETE /messaging_hosted_numbers/{id}",
    "listTollfreeVerificationRequests": "GET /messaging_tollfree/verification/requests",
    "createTollfreeVerificationRequest": "POST /messaging_tollfree/verification/requests",
    "retrieveTollfreeVerificationRequest": "GET /messaging_tollfree/verification/requests/{id}",
    "deleteTollfreeVerificationRequest": "DELETE /messaging_tollfree/verification/requests/{id}",
    "updateTollfreeVerificationRequest": "PATCH /messaging_tollfree/verification/requests/{id}",
    "listBrands": "GET /10dlc/brand",
    "createBrand": "POST /10dlc/brand",
    "retrieveBrandFeedback": "GET /10dlc/brand/feedback/{brand_id}",
    "retrieveBrand": "GET /10dlc/brand/{brand_id}",
    "replaceBrand": "PUT /10dlc/brand/{brand_id}",
    "deleteBrand": "DELETE /10dlc/brand/{brand_id}",
    "resendBrandTwoFactorEmail": "POST /10dlc/brand/{brand_id}/2faEmail",
    "listBrandExternalVettings": "GET /10dlc/brand/{brand_id}/externalVetting",
    "importBrandExternalVetting": "PUT /10dlc/brand/{brand_id}/externalVetting",
    "createBrandExternalVetting": "POST /10dlc/brand/{brand_id}/externalVetting",
    "revetBrand": "PUT /10dlc/brand/{brand_id}/revet",
    "listCampaigns": "GET /10dlc/campaign",
    "acceptSharedCampaign": "POST /10dlc/campaign/acceptSharing/{campaign_id}",
    "retrieveCampaignCost": "GET /10dlc/campaign/usecase/cost",
    "retrieveCampaign": "GET /10dlc/campaign/{campaign_id}",
    "updateCampaign": "PUT /10dlc/campaign/{campaign_id}",
    "deactivateCampaign": "DELETE /10dlc/campaign/{campaign_id}",
    "retrieveCampaignMnoMetadata": "GET /10dlc/campaign/{campaign_id}/mnoMetadata",
    "retrieveCampaignOperationStatus": "GET /10dlc/campaign/{campaign_id}/operationStatus",
    "retrieveCampaignOsrAttributes": "GET /10dlc/campaign/{campaign_id}/osr/attributes",
    "retrieveCampaignSharingStatus": "GET /10dlc/campaign/{campaign_id}/sharing",
    "createCampaign": "POST /10dlc/campaignBuilder",
    "retrieveUsecaseQualification": "GET /10dlc/campaignBuilder/brand/{brand_id}/usecase/{usecase}",
    "retrieveRegistryEnum": "GET /10dlc/enum/{endpoint}",
    "listCampaignsSharedByMe": "GET /10dlc/partnerCampaign/sharedByMe",
    "retrievePartnerCampaignSharing": "GET /10dlc/partnerCampaign/{campaign_id}/sharing",
    "listPartnerCampaigns": "GET /10dlc/partner_campaigns",
    "retrievePartnerCampaign": "GET /10dlc/partner_campaigns/{campaign_id}",
    "updatePartnerCampaign": "PATCH /10dlc/partner_campaigns/{campaign_id}",
    "createPhoneNumberAssignment": "POST /10dlc/phoneNumberAssignmentByProfile",
    "retrievePhoneNumberAssignment": "GET /10dlc/phoneNumberAssignmentByProfile/{task_id}",
    "listAssignedPhoneNumbers": "GET /10dlc/phoneNumberAssignmentByProfile/{task_id}/phoneNumbers",
    "listPhoneNumberCampaigns": "GET /10dlc/phone_number_campaigns",
    "createPhoneNumberCampaign": "POST /10dlc/phone_number_campaigns",
    "retrievePhoneNumberCampaign": "GET /10dlc/phone_number_campaigns/{phone_number}",
    "replacePhoneNumberCampaign": "PUT /10dlc/phone_number_campaigns/{phone_number}",
    "deletePhoneNumberCampaign": "DELETE /10dlc/phone_number_campaigns/{phone_number}",
}


def responses(description: Description, operation: Operation) -> dict[str, Any]:
    return {status: description.resolve(node) for status, node in operation.raw["responses"].items()}


def test_the_operations_of_the_messaging_domain_are_described(description: Description) -> None:
    found = {operation.operation_id: operation.label for operation in description.operations}
    assert len(EXPECTED) == 84
    assert EXPECTED.items() <= found.items()


def seeds(collection: str) -> list[dict[str, Any]]:
    """The records of a collection that the mock begins with; there have to be some."""
    found: list[dict[str, Any]] = load.read(SEEDS / f"{collection}.yaml").contents
    assert found, collection
    return found


def test_operation_ids_are_unique_in_any_spelling(description: Description) -> None:
    spelled = Counter(re.sub("_", "", operation.operation_id).lower() for operation in description.operations)
    assert [name for name, times in spelled.items() if times > 1] == []


def test_operation_ids_begin_with_the_verb_of_their_action(description: Description) -> None:
    for operation in description.operations:
        named = re.fullmatch(r"([a-z]+)[A-Z]\w+", operation.operation_id)
        assert named is not None and operation.resource is not None, operation.label
        action = operation.resource.action
        if action != "compute":
            assert named[1] == action, operation.label
        elif operation.method == "get":
            assert named[1] in {"list", "retrieve"}, operation.label
        else:
            assert named[1] not in {"list", "retrieve", "update", "replace"}, operation.label


def test_every_operation_states_summary_tag_effect_and_library_method(description: Description) -> None:
    tags = {tag["name"]: tag for tag in description.document["tags"]}
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and tag["x-displayName"] for name, tag in tags.items())
    for operation in description.operations:
        assert operation.raw["summary"], operation.label
        assert operation.tag in tags, operation.label
        assert operation.effects and set(operation.effects) <= EFFECTS, operation.label
        assert re.fullmatch(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+", operation.raw["x-sdk-method"]), operation.label


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
        # What is computed may have a word in its path besides, of an enum or of the documents' own lists.
        words = path_names - addressed if rule.action == "compute" else set()
        assert addressed | words == path_names, operation.label
        assert operation.operation_id in {"retrieveUsecaseQualification", "retrieveRegistryEnum"} or not words
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
        assert named <= fields, operation.label
        chosen = {parameter["x-filter"]["field"] for parameter in operation.parameters if "x-filter" in parameter}
        chosen |= {one["x-sort"]["field"] for one in operation.parameters if "field" in one.get("x-sort", ())}
        assert chosen <= fields | records.get(rule.collection, set()), operation.label
        if rule.parent:
            assert rule.parent.collection in records, operation.label
            # No answer has to show what ties a record to the one in the path; then only the mock knows it.
            assert rule.parent.field in fields or all(rule.parent.field in seed for seed in seeds(rule.collection))
        for block in operation.blocked_by:
            assert block.field in records[block.collection], operation.label


def test_lists_and_only_lists_have_page_parameters_and_meta(description: Description) -> None:
    for operation in description.operations:
        pages = {parameter["x-page"] for parameter in operation.parameters if "x-page" in parameter}
        schema = description.resolve(description.response_schema(operation))
        is_list = operation.operation_id.startswith("list")
        paged = is_list and operation.operation_id not in WHOLE
        assert pages == ({"number", "size"} if paged else set()), operation.label
        told = is_list and operation.operation_id not in PAGE_UNTOLD
        assert ("total" in operation.envelope.page) == told, operation.label
        usual = "data" in (schema or {}).get("properties", {})
        assert ("meta" in (schema or {}).get("properties", {})) == (told and usual), operation.label
        if is_list:
            content = description.content_schema(operation)
            assert content is not None and content["type"] == "array", operation.label


def test_every_operation_declares_its_success_and_its_refusals(description: Description) -> None:
    for operation in description.operations:
        success = "202" if operation.operation_id in ACCEPTED else "200"
        expected = {success, "400", "401", "422", "429", "default"}
        if "{" in operation.path:
            expected |= {"404"}
        assert set(operation.raw["responses"]) == expected, operation.label


def test_refusals_use_the_error_envelope_and_successes_do_not(description: Description) -> None:
    envelope = {"$ref": "#/components/schemas/ErrorList"}
    for operation in description.operations:
        for status, response in responses(description, operation).items():
            succeeds = status.startswith("2")
            silent = succeeds and operation.operation_id in SILENT
            assert ("content" in response) != silent, f"{operation.label} {status}"
            if not silent:
                schema = response["content"]["application/json"]["schema"]
                assert (schema == envelope) != succeeds, f"{operation.label} {status}"


def test_every_answer_is_identified_and_the_quota_is_told(description: Description) -> None:
    for operation in description.operations:
        for status, response in responses(description, operation).items():
            headers = set(response["headers"])
            assert "x-request-id" in headers, f"{operation.label} {status}"
            assert (headers >= RATE_LIMIT) == (status in {"200", "202", "429"}), f"{operation.label} {status}"


def test_refusal_rules_have_a_declared_status(description: Description) -> None:
    for operation in description.operations:
        for rule in operation.rule_errors:
            assert rule.status in operation.statuses and rule.code.isdigit() and rule.when, operation.label
        allowed = {(rule.status, rule.code) for rule in operation.rule_errors}
        assert {(block.status, block.code) for block in operation.blocked_by} <= allowed, operation.label


def test_updates_say_what_an_empty_body_does(description: Description) -> None:
    for operation in description.operations:
        assert operation.resource is not None
        updates = operation.resource.action == "update"
        assert (operation.empty_update in {"accept", "refuse"}) == updates, operation.label
        assert updates or operation.method != "patch", operation.label
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
                    if expression.startswith("$request.path."):
                        assert expression.removeprefix("$request.path.") in re.findall(r"{(\w+)}", operation.path), name
                        continue
                    node: Any = response["content"]["application/json"]["schema"]
                    for token in expression.removeprefix("$response.body#/").split("/"):
                        node = resolve(description.document, node)
                        node = node["items"] if token.isdigit() else description.properties(node)[token]
                    checked += 1
                    assert description.resolve(node)["type"] in ("string", ["string", "null"]), name
    assert checked > 80


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
