"""``--any-id``: an id that nobody made shows the example's record, and from then on it is a record like any."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import quote

import pytest

from contract_tests.description import Description, load
from contract_tests.mock import inventing
from contract_tests.mock.app import create_app
from contract_tests.mock.double import TelnyxMock
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.library import document
from contract_tests.unit.mock.test_telnyx import requests_of, sent, valid

INVENTED = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
SEEDED = {"+18005550001", "+18005550002"}
PROFILE = f"/messaging_profiles/{INVENTED}"


@pytest.fixture
def call() -> Ask:
    """Speaks to a permissive mock of the effective description."""
    return Ask(create_app(load(), any_id=True))


def test_an_unknown_id_shows_the_example_under_that_id(call: Ask) -> None:
    shown = call("GET", PROFILE).data
    assert (shown["id"], shown["name"]) == (INVENTED, "Profile for Messages")


def test_what_was_invented_is_remembered_listed_and_deleted_like_any_record(call: Ask) -> None:
    assert call("PATCH", PROFILE, {"name": "Changed"}).data["name"] == "Changed"
    assert call("GET", PROFILE).data["name"] == "Changed"
    assert INVENTED in {one["id"] for one in call("GET", "/messaging_profiles").data}
    assert call("DELETE", PROFILE).data["name"] == "Changed"
    assert call("GET", PROFILE).data["name"] == "Profile for Messages"  # asked for again, it comes into being again


def test_a_malformed_id_is_still_not_found(call: Ask) -> None:
    assert call("GET", "/messaging_profiles/none").status == 404


def test_lists_and_computed_answers_below_an_unknown_id_work(call: Ask) -> None:
    assert call("GET", f"{PROFILE}/phone_numbers").data == []
    assert call("GET", f"{PROFILE}/metrics").data["overview"]["messaging_profile_id"] == INVENTED


def test_a_number_comes_into_being_by_its_id_and_by_its_e164_form(call: Ask) -> None:
    by_number = call("GET", "/phone_numbers/+15551234567/messaging").data
    assert by_number["phone_number"] == "+15551234567"
    assert call("GET", f"/phone_numbers/{by_number['id']}/messaging").data == by_number
    assert call("GET", "/phone_numbers/15551234567x/messaging").data["id"] != by_number["id"]
    assert call("GET", "/phone_numbers/123/messaging").data["id"] == "123"


def test_numbers_that_come_into_being_by_their_ids_have_telephone_numbers_of_their_own(call: Ask) -> None:
    shown = [call("GET", f"/phone_numbers/{at}/messaging").data for at in range(300)]
    numbers = {one["phone_number"] for one in shown}
    assert len(numbers) == 300 and numbers.isdisjoint(SEEDED)
    assert all(re.fullmatch(r"\+1800[2-9]\d{6}", one) for one in numbers), "toll-free, as the example says it is"
    again = Ask(create_app(load(), any_id=True))
    assert again("GET", "/phone_numbers/7/messaging").data["phone_number"] == shown[7]["phone_number"]
    found = call("GET", f"/phone_numbers/{quote(shown[7]['phone_number'])}/messaging").data
    assert found["id"] == "7"


def test_a_telephone_number_that_is_taken_is_given_to_no_other(call: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventing, "_numbers", lambda *_: iter(["+18002000001", "+18002000002"]))
    shown = [call("GET", f"/phone_numbers/{at}/messaging").data["phone_number"] for at in (1, 2)]
    assert shown == ["+18002000001", "+18002000002"]


@pytest.mark.parametrize(
    ("example", "begin"), [("+18005550001", "+1800"), ("+447766123456", "+4477"), ("100001", None), (None, None)]
)
def test_a_number_looks_like_the_example(example: str | None, begin: str | None) -> None:
    numbers = list(islice(inventing._numbers(example, "7"), 5))
    assert {len(one) for one in numbers} == ({len(example or "")} if begin else set())
    assert all(one.startswith(begin or "") for one in numbers)


def test_what_a_body_refers_to_comes_into_being(call: Ask) -> None:
    assert call("PATCH", "/phone_numbers/123/messaging", {"messaging_profile_id": INVENTED}).status == 200
    assert [one["id"] for one in call("GET", f"{PROFILE}/phone_numbers").data] == ["123"]
    assert call("DELETE", PROFILE).places == [("40158", None)]
    refused = call("PATCH", "/phone_numbers/123/messaging", {"messaging_profile_id": "none"})
    assert refused.places == [("10017", "/messaging_profile_id")]


def test_without_example_answers_the_fields_own_examples_are_taken() -> None:
    shown = Ask(create_app(Description(document()), any_id=True))("GET", f"/shelves/{INVENTED}").data
    assert (shown["id"], shown["owner"], shown["kind"], shown["note"]) == (INVENTED, "city", "open-stack", None)


def test_it_is_off_by_default() -> None:
    assert Ask(create_app(load()))("GET", PROFILE).status == 404


def test_an_id_in_capitals_is_the_same_id_and_no_new_one() -> None:
    call = Ask(create_app(load()))
    known = "/messaging_profiles/400198eb-b746-43f8-9d0b-51a0c3f7e2b4"
    assert call("GET", known.replace("400198eb-b746", "400198EB-B746")).data == call("GET", known).data
    assert call("GET", f"/messaging_profiles/{INVENTED.upper()}").status == 404
    assert call("GET", "/messaging_profiles/400198EBB74643F89D0B51A0C3F7E2B4").status == 404
    number = {"messaging_profile_id": "400198EB-B746-43F8-9D0B-51A0C3F7E2B4"}
    assert call("PATCH", "/phone_numbers/1293384261075731500/messaging", number).places == [
        ("10017", "/messaging_profile_id")
    ]


def test_the_double_for_tests_can_be_permissive_too() -> None:
    with TelnyxMock(any_id=True) as mock:
        assert Ask(mock.app)("GET", PROFILE).data["id"] == INVENTED


# Records that come into being by an order or by nobody's asking: an id alone makes none.
NEVER = {"deleteMessagingHostedNumber"}
FORMS = (INVENTED, "3000000000000000001", "CNEW123", "+13125550177")


@pytest.mark.parametrize("operation_id", [one.operation_id for one in load().operations if "{" in one.path])
def test_an_id_of_every_kind_of_record_is_answered_as_described_or_refused(operation_id: str) -> None:
    description = load()
    operation = description.by_id[operation_id]
    statuses = []
    for form in FORMS:
        call = Ask(create_app(description, any_id=True))
        _, address, body = next(requests_of(description, operation))
        examples = {one["name"]: str(one["example"]) for one in operation.parameters if one["in"] == "path"}
        if operation.resource and operation.resource.key:
            examples[operation.resource.key] = form
        named = operation.path.replace("{", "{0[").replace("}", "]}")
        path = named.format({name: quote(value, safe="") for name, value in examples.items()})
        target = f"{path}?{address.partition('?')[2]}"
        reply = sent(call, operation, target.rstrip("?"), body)
        assert reply.status < 500 and valid(description, operation, reply), form
        statuses.append(reply.status)
    codes = {rule.status for rule in operation.rule_errors}
    found = [status for status in statuses if status < 300 or status in codes]
    keyed = operation.resource is not None and operation.resource.key is not None
    assert not keyed or bool(found) is (operation_id not in NEVER), statuses
