"""The effective description, served: every example as it stands; the documented semantics of profiles and numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from contract_tests import bodies
from contract_tests.description import Description, Operation, load
from contract_tests.mock.app import create_app
from contract_tests.unit.mock.conversation import Ask, Reply

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SECOND = "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
FREE = "400198eb-b746-43f8-9d0b-51a0c3f7e2b4"
NUMBER = "1293384261075731499"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
MINIMAL = {"name": "A", "whitelisted_destinations": ["US"]}


@functools.cache
def validator(description: Description, operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    """Of what an operation declares to answer with a status; None where that is nothing."""
    schema = description.response_schema(description.by_id[operation_id], status)
    if schema is None:
        return None
    return jsonschema_rs.Draft202012Validator(description.alone(schema), validate_formats=True)


def valid(description: Description, operation: Operation, reply: Reply) -> bool:
    """Whether an answer satisfies the schema that its operation declares for its status; without one it is empty."""
    declared = validator(description, operation.operation_id, reply.status)
    if declared is None:
        assert reply.status in operation.success_statuses and reply.content == b"", operation.label
        return True
    problems = [f"{list(problem.instance_path)}: {problem.message}" for problem in declared.iter_errors(reply.json)]
    assert problems == [], operation.label
    return True


def example_of(parameter: Mapping[str, Any]) -> str:
    """The example of a parameter as it stands in an address."""
    return quote(str(parameter["example"]), safe="")


def requests_of(description: Description, operation: Operation) -> Iterator[tuple[str, str, tuple[bytes, str] | None]]:
    """Name, target, and body with its media type, of every example request; one without a body when it takes none."""
    path = operation.path
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", example_of(parameter))
    asked = [one for one in operation.parameters if one["in"] == "query" and "example" in one]
    whole = "&".join(f"{one['name']}={example_of(one)}" for one in asked)
    least = "&".join(f"{one['name']}={example_of(one)}" for one in asked if one.get("required"))
    target = f"{path}?{least}" if least else path
    if bodies.media_of(description, operation) is None:
        yield "bare", target, None
        yield "with every parameter", f"{path}?{whole}", None
    for number, value in enumerate(bodies.examples(description, operation)):
        yield f"example {number}", target, bodies.encoded(description, operation, value)


def sent(call: Ask, operation: Operation, target: str, body: tuple[bytes, str] | None) -> Reply:
    """The answer to a request of an operation."""
    content, media = body or (b"", "")
    return call(operation.method.upper(), target, content=content, headers={"content-type": media})


def served_where_rules_allow(call: Ask, operation: Operation, target: str, body: tuple[bytes, str] | None) -> Reply:
    """The answer to a request; one that a rule of the description forbids for its record is sent for another record.

    Records that block a deletion are taken away first.
    """
    reply = sent(call, operation, target, body)
    rule = operation.resource
    assert rule is not None
    if reply.status in operation.success_statuses or rule.key is None:
        return reply
    codes = {one["code"] for one in reply.errors}
    if codes <= {one.code for one in operation.blocked_by}:
        for block in operation.blocked_by:
            for record in list(call.mock.store[block.collection]):
                call.mock.store[block.collection].remove(record[call.mock.store[block.collection].id_field])
        return sent(call, operation, target, body)
    assert codes <= {one.code for one in operation.rule_errors}, (target, reply.content)
    records = call.mock.store[rule.collection]
    others = [operation.path.replace(f"{{{rule.key}}}", one[records.id_field]) for one in list(records)]
    answers = [sent(call, operation, other, body) for other in others]
    return next((one for one in answers if one.status in operation.success_statuses), reply)


@pytest.mark.parametrize("operation_id", load().by_id)
def test_every_example_request_is_served_with_a_valid_answer(operation_id: str) -> None:
    description = load()
    operation = description.by_id[operation_id]
    served = 0
    for name, target, body in requests_of(description, operation):
        reply = served_where_rules_allow(Ask(create_app(description)), operation, target, body)
        assert reply.status in operation.success_statuses, (name, reply.content)
        assert valid(description, operation, reply)
        served += 1
    assert served


@pytest.mark.parametrize("operation_id", load().by_id)
def test_errors_of_every_operation_are_described_and_valid(call: Ask, operation_id: str) -> None:
    description = load()
    operation = description.by_id[operation_id]
    target = re.sub(r"{[^}]*}", UNKNOWN, operation.path)
    method = operation.method.upper()
    replies = [call(method, target, {"name": 5}, headers={"authorization": ""}), call(method, f"{target}?page[size]=0")]
    if "{" in operation.path:
        # Validation comes before the record is looked for, so only a request that is right meets the missing record.
        _, address, body = next(requests_of(description, operation))
        replies.append(sent(call, operation, f"{target}?{address.partition('?')[2]}".rstrip("?"), body))
        assert replies[-1].places == [("10005", None)]
    if operation.raw.get("requestBody"):
        replies += [call(method, target, content=b"{"), call(method, target, [])]
    assert replies[0].status == 401
    for reply in replies:
        assert reply.status < 400 or valid(description, operation, reply)
        assert reply.status in operation.statuses


def test_a_new_profile_has_the_documented_defaults(call: Ask) -> None:
    profile = call("POST", "/messaging_profiles", MINIMAL).data
    assert profile["id"].startswith("400")
    assert (profile["enabled"], profile["webhook_api_version"], profile["webhook_url"]) == (True, "2", "")
    assert (profile["number_pool_settings"], profile["url_shortener_settings"], profile["alpha_sender"]) == (None,) * 3
    assert (profile["daily_spend_limit"], profile["mms_transcoding"], profile["redaction_level"]) == ("0.00", False, 2)
    assert len(profile["v1_secret"]) == 24
    assert call("GET", "/messaging_profiles").data[0] == profile


def test_null_turns_a_feature_of_a_profile_off_and_absence_keeps_it(call: Ask) -> None:
    url = f"/messaging_profiles/{PROFILE}"
    before = call("GET", url).data
    off = call("PATCH", url, {"number_pool_settings": None}).data
    assert off == {**before, "number_pool_settings": None, "updated_at": off["updated_at"]}
    both = call("PATCH", url, {"url_shortener_settings": None, "webhook_url": None}).data
    assert (both["url_shortener_settings"], both["webhook_url"]) == (None, None)


def test_pool_settings_are_merged_and_weight_zero_is_kept(call: Ask) -> None:
    url = f"/messaging_profiles/{PROFILE}"
    pool = {"toll_free_weight": 0, "long_code_weight": 1, "skip_unhealthy": True}
    merged = call("PATCH", url, {"number_pool_settings": pool}).data["number_pool_settings"]
    assert merged == {**pool, "sticky_sender": True, "geomatch": False}
    call("PATCH", url, {"number_pool_settings": None})
    anew = call("PATCH", url, {"number_pool_settings": pool}).data["number_pool_settings"]
    assert anew == {**pool, "sticky_sender": False, "geomatch": False}


@pytest.mark.parametrize("destinations", [["*"], ["US", "CA"], ["DE"]])
def test_destinations_are_replaced(call: Ask, destinations: list[str]) -> None:
    url = f"/messaging_profiles/{PROFILE}"
    assert (
        call("PATCH", url, {"whitelisted_destinations": destinations}).data["whitelisted_destinations"] == destinations
    )


@pytest.mark.parametrize("destinations", [["us"], ["USA"], [""], [1], "US", None])
def test_destinations_that_are_no_country_codes_are_refused(call: Ask, destinations: Any) -> None:
    body = {"name": "A", "whitelisted_destinations": destinations}
    assert call("POST", "/messaging_profiles", body).status == 422


def test_a_profile_without_destinations_is_refused_with_40331(call: Ask) -> None:
    for body in ({"name": "A"}, {"name": "A", "whitelisted_destinations": []}):
        refused = call("POST", "/messaging_profiles", body)
        assert (refused.status, refused.places) == (400, [("40331", "/whitelisted_destinations")])


def test_destinations_are_required_on_update_only_while_the_profile_has_none(call: Ask) -> None:
    profiles = call.mock.store["messaging_profiles"]
    record = profiles.get(FREE)
    assert record is not None
    profiles.replace({name: value for name, value in record.items() if name != "whitelisted_destinations"})
    url = f"/messaging_profiles/{FREE}"
    assert call("PATCH", url, {"name": "B"}).places == [("40331", "/whitelisted_destinations")]
    assert call("PATCH", url, {"name": "B", "whitelisted_destinations": ["US"]}).status == 200
    assert call("PATCH", url, {"name": "C"}).status == 200


@pytest.mark.parametrize("body", [{}, {"nonsense": 1}, {"id": UNKNOWN, "created_at": 5}])
def test_an_update_of_a_profile_that_names_nothing_is_refused_with_10004(call: Ask, body: dict[str, Any]) -> None:
    refused = call("PATCH", f"/messaging_profiles/{PROFILE}", body)
    assert (refused.status, refused.places) == (422, [("10004", None)])


def test_a_profile_with_numbers_cannot_be_deleted_until_they_are_taken_off(call: Ask) -> None:
    refused = call("DELETE", f"/messaging_profiles/{PROFILE}")
    assert (refused.status, refused.places) == (422, [("40158", None)])
    call("PATCH", f"/phone_numbers/{NUMBER}/messaging", {"messaging_profile_id": ""})
    assert call("DELETE", f"/messaging_profiles/{PROFILE}").data["id"] == PROFILE
    assert call("GET", f"/messaging_profiles/{PROFILE}/phone_numbers").places == [("10005", None)]


@pytest.mark.parametrize("address", [NUMBER, "%2B18005550001", "+18005550001"])
def test_a_number_is_assigned_kept_and_taken_off(call: Ask, address: str) -> None:
    url = f"/phone_numbers/{address}/messaging"
    before = call("GET", url).data
    assert before["messaging_profile_id"] == PROFILE
    for keep in ({}, {"messaging_profile_id": None}, {"messaging_product": None}, {"nonsense": 1}):
        assert call("PATCH", url, keep).data == before
    assert call("PATCH", url, {"messaging_profile_id": SECOND}).data["messaging_profile_id"] == SECOND
    assert call("GET", f"/messaging_profiles/{SECOND}/phone_numbers").data[0]["id"] == NUMBER
    assert call("GET", f"/messaging_profiles/{PROFILE}/phone_numbers").data == []
    assert call("PATCH", url, {"messaging_profile_id": ""}).data["messaging_profile_id"] is None


@pytest.mark.parametrize("profile", [UNKNOWN, "not-a-uuid", " "])
def test_a_number_cannot_be_assigned_to_a_profile_that_does_not_exist(call: Ask, profile: str) -> None:
    refused = call("PATCH", f"/phone_numbers/{NUMBER}/messaging", {"messaging_profile_id": profile})
    assert (refused.status, refused.places) == (422, [("10017", "/messaging_profile_id")])


def test_a_product_that_a_number_is_not_eligible_for_changes_nothing(call: Ask) -> None:
    url = f"/phone_numbers/{NUMBER}/messaging"
    assert call("PATCH", url, {"messaging_product": "P2P"}).data["messaging_product"] == "A2P"
    other = "/phone_numbers/1293384261075731500/messaging"
    assert call("PATCH", other, {"messaging_product": "P2P"}).data["messaging_product"] == "P2P"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["+18005550001", "+12015550123", "+12015550178"]),
        (f"filter[messaging_profile_id]={PROFILE}", ["+18005550001"]),
        ("filter[phone_number]=%2B12015550123,%2B18005550001", ["+18005550001", "+12015550123"]),
        ("filter[phone_number][contains]=1201", ["+12015550123", "+12015550178"]),
        ("filter[type]=tollfree", ["+18005550001"]),
        ("filter[type]=longcode&sort[phone_number]=desc", ["+12015550178", "+12015550123"]),
        ("sort[phone_number]=asc", ["+12015550123", "+12015550178", "+18005550001"]),
    ],
)
def test_numbers_are_filtered_and_sorted(call: Ask, query: str, numbers: list[str]) -> None:
    assert [one["phone_number"] for one in call("GET", f"/phone_numbers/messaging?{query}").data] == numbers


def test_short_codes_of_a_profile_are_listed(call: Ask) -> None:
    assert "12345" in [one["short_code"] for one in call("GET", f"/messaging_profiles/{PROFILE}/short_codes").data]
    assert call("GET", f"/messaging_profiles/{FREE}/short_codes").data == []


def test_without_seeds_the_mock_starts_empty() -> None:
    call = Ask(create_app(load(), seeds=False))
    assert call("GET", "/messaging_profiles").json["meta"]["total_results"] == 0
    assert call("POST", "/messaging_profiles", MINIMAL).status == 200
