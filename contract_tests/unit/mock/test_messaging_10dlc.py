"""Brands, campaigns and numbers at the registry: what happens to them as the mock's clock goes on."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.mock.app import Mock
from contract_tests.unit.mock.conversation import Ask

BRAND, CAMPAIGN, ENDED = (
    "4b20017f-8da9-4992-a6c0-683072fb7729",
    "4b300178-131c-4902-854e-72d90ba1620e",
    "4b30d2e6-91ab-4c58-8e07-3a6f10b9c254",
)
NUMBER, ASSIGNED_NUMBER, PROFILE = "+12015550123", "+12015550178", "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
WAITING = "CJ4B9ZK"
COMPANY = {
    "entityType": "PRIVATE_PROFIT",
    "displayName": "ABC Mobile",
    "country": "US",
    "email": "support@example.com",
    "vertical": "RETAIL",
    "ein": "111111111",
}
CODES = {"brandId": BRAND, "description": "Codes", "usecase": "2FA", "optoutMessage": "Bye."}
DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def frozen(telnyx: Mock) -> None:
    """Time goes on only where a test says so."""
    telnyx.clock.freeze()


def made(call: Ask, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a creation answers."""
    reply = call("POST", f"/10dlc/{path}", body)
    assert reply.status in (200, 202), reply.json
    found: dict[str, Any] = reply.json
    return found


def read(call: Ask, path: str) -> Any:
    """What a successful read answers."""
    reply = call("GET", f"/10dlc/{path}")
    assert reply.status == 200, reply.json
    return reply.json


# Brands


def test_a_brand_is_registered_after_a_while(telnyx: Mock, call: Ask) -> None:
    brand = made(call, "brand", COMPANY)
    assert (brand["status"], brand["tcrBrandId"], brand["identityStatus"]) == ("REGISTRATION_PENDING", None, None)
    assert read(call, f"brand/{brand['brandId']}")["status"] == "REGISTRATION_PENDING"
    telnyx.clock.advance(10)
    brand = read(call, f"brand/{brand['brandId']}")
    assert (brand["status"], brand["identityStatus"], brand["universalEin"]) == ("OK", "VERIFIED", "US_111111111")
    assert brand["tcrBrandId"].startswith("B")
    assert read(call, f"brand/feedback/{brand['brandId']}") == {"brandId": brand["brandId"], "category": []}


def test_a_tax_number_that_nobody_knows_fails_and_feedback_says_why(telnyx: Mock, call: Ask) -> None:
    brand = made(call, "brand", {**COMPANY, "ein": "000000000"})
    telnyx.clock.advance(10)
    assert read(call, f"brand/{brand['brandId']}")["status"] == "REGISTRATION_FAILED"
    (reason,) = read(call, f"brand/feedback/{brand['brandId']}")["category"]
    assert reason["id"] == "TAX_ID" and "ein" in reason["fields"]


@pytest.mark.parametrize(("mock", "status"), [(True, 400), (False, 200)])
def test_a_mock_brand_is_not_deleted_while_it_is_pending(telnyx: Mock, call: Ask, mock: bool, status: int) -> None:
    brand = made(call, "brand", {**COMPANY, "mock": mock})
    reply = call("DELETE", f"/10dlc/brand/{brand['brandId'].upper()}")
    assert reply.status == status and (status == 200 or reply.places == [("10015", None)])
    telnyx.clock.advance(10)
    assert call("DELETE", f"/10dlc/brand/{brand['brandId']}").status == (200 if mock else 404)


def test_a_list_shows_a_brand_in_its_own_spelling_and_nothing_of_the_mock(call: Ask) -> None:
    page = read(call, "brand?displayName=ABC+Mobile")
    (brand,) = page["records"]
    assert brand["assignedCampaingsCount"] == 3
    assert not {name for name in brand if name.startswith("_")} and "ein" not in brand
    assert (page["page"], page["totalRecords"]) == (1, 1)
    assert read(call, f"brand/{BRAND}")["assignedCampaignsCount"] == 3


def test_replacing_a_brand_drops_what_is_left_out_and_keeps_what_cannot_be_sent(call: Ask) -> None:
    body = {name: value for name, value in COMPANY.items() if name != "ein"}
    brand = call("PUT", f"/10dlc/brand/{BRAND}", body).json
    assert (brand["ein"], brand["universalEin"], brand["website"]) == (None, None, None)
    assert (brand["tcrBrandId"], brand["status"]) == ("BBRAND1", "OK")


def test_a_brand_with_campaigns_stays(call: Ask) -> None:
    assert call("DELETE", f"/10dlc/brand/{BRAND}").places == [("40332", None)]
    brand = made(call, "brand", COMPANY)
    reply = call("DELETE", f"/10dlc/brand/{brand['brandId']}")
    assert (reply.status, reply.content) == (200, b"")
    assert call("GET", f"/10dlc/brand/{brand['brandId']}").status == 404


def test_a_brand_is_verified_again_once_in_three_months(telnyx: Mock, call: Ask) -> None:
    brand = call("PUT", f"/10dlc/brand/{BRAND}/revet").json
    assert brand["status"] == "REGISTRATION_PENDING"
    assert not {name for name in brand if name.startswith("_")} and "assignedCampaingsCount" not in brand
    telnyx.clock.advance(89 * DAY)
    assert read(call, f"brand/{BRAND}")["status"] == "OK"
    assert call("PUT", f"/10dlc/brand/{BRAND}/revet").places == [("10027", None)]
    telnyx.clock.advance(DAY)
    assert call("PUT", f"/10dlc/brand/{BRAND}/revet").status == 200


def test_a_vetting_gets_its_score_and_is_not_ordered_twice(telnyx: Mock, call: Ask) -> None:
    path, order = f"brand/{BRAND}/externalVetting", {"evpId": "CV", "vettingClass": "STANDARD"}
    vetting = made(call, path, order)
    assert (vetting["vettingScore"], "brandId" in vetting) == (None, False)
    again = call("POST", f"/10dlc/{path}", order)
    assert (again.status, again.places) == (400, [("10012", "/evpId")])
    telnyx.clock.advance(10)
    newest = read(call, path)[0]
    assert newest["vettingId"] == vetting["vettingId"] and 50 <= newest["vettingScore"] <= 100
    telnyx.clock.advance(180 * DAY)
    assert made(call, path, order)["vettingId"] != vetting["vettingId"]


def test_an_imported_vetting_verifies_the_brand(call: Ask) -> None:
    path = f"/10dlc/brand/{BRAND}/externalVetting"
    assert call("PUT", path, {"evpId": "AEGIS", "vettingId": "VNEW0001"}).json["vettingId"] == "VNEW0001"
    assert read(call, f"brand/{BRAND}")["identityStatus"] == "VETTED_VERIFIED"
    assert "VNEW0001" in [one["vettingId"] for one in read(call, f"brand/{BRAND}/externalVetting")]


# Campaigns


def test_a_campaign_is_reviewed_step_by_step(telnyx: Mock, call: Ask) -> None:
    campaign = made(call, "campaignBuilder", CODES)
    assert (campaign["submissionStatus"], campaign["tcrCampaignId"], campaign["mock"]) == ("PENDING", None, False)
    seen = []
    for _ in range(6):
        campaign = read(call, f"campaign/{campaign['campaignId']}")
        seen.append(campaign["campaignStatus"])
        telnyx.clock.advance(10)
    assert seen == ["TCR_PENDING", "TCR_ACCEPTED", "TELNYX_ACCEPTED", "MNO_PENDING", "MNO_ACCEPTED", "MNO_PROVISIONED"]
    assert campaign["isTMobileRegistered"] is True and campaign["tcrCampaignId"].startswith("C")
    assert set(read(call, f"campaign/{campaign['campaignId']}/operationStatus").values()) == {"REGISTERED"}


def test_a_campaign_whose_terms_are_refused_fails(telnyx: Mock, call: Ask) -> None:
    campaign = made(call, "campaignBuilder", {**CODES, "termsAndConditions": False})
    telnyx.clock.advance(3600)
    campaign = read(call, f"campaign/{campaign['campaignId']}")
    assert campaign["campaignStatus"] == "TELNYX_FAILED" and "terms" in campaign["failureReasons"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"usecase": "SPAM"}, ("10032", "/usecase")),
        ({"usecase": "MIXED", "subUsecases": ["2FA", "SPAM"]}, ("10032", "/subUsecases/1")),
        ({"brandId": ENDED}, ("10017", "/brandId")),
    ],
)
def test_a_submission_that_the_registry_cannot_take_is_refused(
    call: Ask, change: dict[str, Any], place: tuple[str, str]
) -> None:
    reply = call("POST", "/10dlc/campaignBuilder", {**CODES, **change})
    assert (reply.status, reply.places) == (422, [place])


def test_a_change_keeps_what_it_leaves_out(call: Ask) -> None:
    before = read(call, f"campaign/{CAMPAIGN}")
    after = call("PUT", f"/10dlc/campaign/{CAMPAIGN}", {"sample1": "Another sample.", "usecase": "2FA"}).json
    assert after == {**before, "sample1": "Another sample."}


def test_a_campaign_that_ended_can_be_read_and_takes_no_number(call: Ask) -> None:
    assert call("DELETE", f"/10dlc/campaign/{CAMPAIGN}").json["record_type"] == "campaign_deactivation"
    campaign = read(call, f"campaign/{CAMPAIGN}")
    assert (campaign["status"], campaign["campaignStatus"]) == ("EXPIRED", "TCR_EXPIRED")
    assert read(call, f"campaign/{CAMPAIGN}/osr/attributes") == {}
    reply = call("POST", "/10dlc/phone_number_campaigns", {"phoneNumber": NUMBER, "campaignId": CAMPAIGN})
    assert reply.places == [("10027", "/campaignId")]


def test_prices_of_use_cases(call: Ask) -> None:
    assert read(call, "campaign/usecase/cost?usecase=CHARITY")["monthlyCost"] == "3.00"
    assert call("GET", "/10dlc/campaign/usecase/cost?usecase=SPAM").places == [("10032", "usecase")]
    found = read(call, f"campaignBuilder/brand/{BRAND}/usecase/MIXED")
    assert (found["quarterlyFee"], found["minSubUsecases"], found["mnoMetadata"]["10999"]["qualify"]) == (30.0, 2, True)
    assert call("GET", f"/10dlc/campaignBuilder/brand/{BRAND}/usecase/SPAM").status == 404


@pytest.mark.parametrize(
    ("name", "kind"), [("vertical", list), ("vettingClass", list), ("mno", dict), ("approvedPublicCompany", dict)]
)
def test_values_of_the_registry(call: Ask, name: str, kind: type) -> None:
    values = read(call, f"enum/{name}")
    assert isinstance(values, kind) and values
    assert call("GET", "/10dlc/enum/colours").status == 404


# Numbers


def test_a_number_is_assigned_after_a_while_and_moved_by_another_assignment(telnyx: Mock, call: Ask) -> None:
    other = made(call, "campaignBuilder", CODES)["campaignId"]
    number = made(call, "phone_number_campaigns", {"phoneNumber": NUMBER, "campaignId": other})
    assert (number["assignmentStatus"], number["brandId"], number["telnyxCampaignId"]) == (
        "PENDING_ASSIGNMENT",
        BRAND,
        other,
    )
    assert read(call, f"campaign/{CAMPAIGN}")["assignedPhoneNumbersCount"] == 0
    telnyx.clock.advance(10)
    assert read(call, f"phone_number_campaigns/{NUMBER}")["assignmentStatus"] == "ASSIGNED"
    assert read(call, f"campaign/{other}")["assignedPhoneNumbersCount"] == 1
    back = call("PUT", f"/10dlc/phone_number_campaigns/{NUMBER}", {"phoneNumber": NUMBER, "campaignId": CAMPAIGN})
    assert (back.json["campaignId"], back.json["assignmentStatus"]) == (CAMPAIGN, "PENDING_ASSIGNMENT")
    assert call("DELETE", f"/10dlc/phone_number_campaigns/{NUMBER}").json["phoneNumber"] == NUMBER
    assert call("GET", f"/10dlc/phone_number_campaigns/{NUMBER}").status == 404


def test_a_message_names_the_campaign_of_its_sender_while_there_is_one(telnyx: Mock, call: Ask) -> None:
    def campaign_of_a_message() -> tuple[Any, ...]:
        reply = call("POST", "/messages/long_code", {"from": ASSIGNED_NUMBER, "to": "+13125550100", "text": "Hello"})
        message = reply.json["data"]
        return tuple(message[f"tcr_campaign_{name}"] for name in ("id", "billable", "registered"))

    assert campaign_of_a_message() == ("CCAMP2", True, "REGISTERED")
    other = made(call, "campaignBuilder", CODES)["campaignId"]
    number = made(call, "phone_number_campaigns", {"phoneNumber": ASSIGNED_NUMBER, "campaignId": other})
    assert number["tcrCampaignId"] is None and campaign_of_a_message() == (None, False, None)
    telnyx.clock.advance(10)
    named = read(call, f"phone_number_campaigns/{ASSIGNED_NUMBER}")["tcrCampaignId"]
    assert named == read(call, f"campaign/{other}")["tcrCampaignId"] is not None
    assert campaign_of_a_message() == (named, True, "REGISTERED")
    assert call("DELETE", f"/10dlc/campaign/{other}").status == 200
    assert campaign_of_a_message() == (None, False, None)


def test_only_numbers_of_the_account_can_be_assigned(call: Ask) -> None:
    reply = call("POST", "/10dlc/phone_number_campaigns", {"phoneNumber": "+12025550111", "campaignId": "CNOWHERE"})
    assert reply.places == [("10017", "/phoneNumber"), ("10017", "/campaignId")]
    body = {"phoneNumber": ASSIGNED_NUMBER, "campaignId": CAMPAIGN}
    assert call("PUT", f"/10dlc/phone_number_campaigns/{NUMBER}", body).places == [("10027", "/phoneNumber")]


def test_the_numbers_of_a_profile_follow_a_task(telnyx: Mock, call: Ask) -> None:
    task = made(call, "phoneNumberAssignmentByProfile", {"messagingProfileId": PROFILE, "campaignId": CAMPAIGN})
    path, seen = f"phoneNumberAssignmentByProfile/{task['taskId']}", []
    for _ in range(3):
        seen.append(
            (read(call, path)["status"], [one["status"] for one in read(call, f"{path}/phoneNumbers")["records"]])
        )
        telnyx.clock.advance(10)
    assert seen == [("pending", ["pending"]), ("processing", ["processing"]), ("completed", ["completed"])]


def test_the_numbers_of_a_profile_are_assigned_whether_anybody_asks_for_the_task_or_not(
    telnyx: Mock, call: Ask
) -> None:
    made(call, "phoneNumberAssignmentByProfile", {"messagingProfileId": PROFILE, "campaignId": CAMPAIGN})
    for state in ("PENDING_ASSIGNMENT", "ASSIGNED"):
        moved = read(call, f"phone_number_campaigns/{ASSIGNED_NUMBER}")
        assert (moved["campaignId"], moved["assignmentStatus"]) == (CAMPAIGN, state)
        telnyx.clock.advance(10)


def test_a_task_without_a_campaign_fails(telnyx: Mock, call: Ask) -> None:
    task = made(call, "phoneNumberAssignmentByProfile", {"messagingProfileId": PROFILE})
    telnyx.clock.advance(10)
    assert read(call, f"phoneNumberAssignmentByProfile/{task['taskId']}")["status"] == "failed"


# Sharing


def test_a_shared_campaign_is_listed_once_it_is_accepted(call: Ask) -> None:
    ids = [one["campaignId"] for one in read(call, "partnerCampaign/sharedByMe")["records"]]
    assert WAITING not in ids
    assert read(call, f"partnerCampaign/{WAITING}/sharing")["TELNYX"]["sharingStatus"] == "PENDING"
    assert call("POST", f"/10dlc/campaign/acceptSharing/{WAITING}").status == 200
    assert read(call, f"partnerCampaign/{WAITING}/sharing")["TELNYX"]["sharingStatus"] == "ACCEPTED"
    assert WAITING in [one["campaignId"] for one in read(call, "partnerCampaign/sharedByMe")["records"]]


def test_a_number_of_a_shared_campaign_has_no_brand_of_the_account(call: Ask) -> None:
    number = made(call, "phone_number_campaigns", {"phoneNumber": NUMBER, "campaignId": WAITING})
    assert (number["brandId"], number["telnyxCampaignId"], number["tcrCampaignId"]) == (None, None, WAITING)
