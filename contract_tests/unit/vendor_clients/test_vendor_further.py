"""Telnyx's own Python library makes the calls of messaging that are made less often, and reads their answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.mock.double import TelnyxMock
from contract_tests.mock.remote import Remote
from contract_tests.mock.server import serve
from contract_tests.unit.vendor_clients.conftest import Converse, refusal

PROFILE, TASK = "3fa85f64-5717-4562-b3fc-2c963f66afa6", "667a80f8-b0a9-49d0-b9ab-a7a1bcc45086"
UNKNOWN = refusal("NotFoundError", 404, "10005")
Seen = dict[str, Any]
# What the conversation about messages calls of registration; all the rest is called here.
OFTEN = {
    *("createCampaign", "createBrandExternalVetting", "createPhoneNumberCampaign", "deactivateCampaign"),
    *("deletePhoneNumberCampaign", "listBrandExternalVettings", "listBrands", "listCampaigns"),
    *("listPhoneNumberCampaigns", "retrieveCampaign", "retrieveRegistryEnum", "retrieveUsecaseQualification"),
}

pytestmark = pytest.mark.parametrize("converse", ["python", "python-async"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def conversation(converse: Converse) -> Iterator[tuple[Seen, TelnyxMock]]:
    """What the library saw, and the mock that it spoke with."""
    with TelnyxMock(api_key="KEY_vendor") as mock:
        mock.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
        with serve(Remote(mock)) as address:
            yield converse("further", address), mock


def test_a_brand_is_changed_vetted_and_deleted(conversation: tuple[Seen, TelnyxMock]) -> None:
    assert conversation[0]["brands"] == {
        "pending": refusal("BadRequestError", 400, "10015"),
        "wrong": ["TAX_ID"],
        "changed": ["111111111", "REGISTRATION_PENDING", "V-1", None, "OK"],
        "gone": UNKNOWN,
    }


def test_the_registry_and_the_networks_tell_of_campaigns(conversation: tuple[Seen, TelnyxMock]) -> None:
    told = conversation[0]["campaigns"]
    assert "10999" in told.pop("networks") and "sharedByMe" in told.pop("sharing")
    assert told == {
        "changed": [True, "Call us."],
        "cost": "2FA",
        "operation": [["10017", "REGISTERED"], ["10035", "REGISTERED"], ["10999", "REGISTERED"]],
        "osr": ["status", "tcrBrandId", "tcrCampaignId", "usecase"],
        "partners": [["CJ4B9ZK", "CXWTQ7L"], "https://www.example.com/partner"],
        "one": "CXWTQ7L",
        "accepted": [{"campaignId": "CJ4B9ZK", "sharingStatus": "ACCEPTED"}, ["BPART01", "BPART02"], ["TELNYX"]],
    }


def test_numbers_are_assigned_one_by_one_by_profile_and_in_bulk(conversation: tuple[Seen, TelnyxMock]) -> None:
    assert conversation[0]["numbers"] == {
        "read": ["+12015550178", True],
        "tasks": [PROFILE, TASK, ["+12015550178"]],
        "bulk": [["+12015550123"], ["+12015550123"], True],
    }


def test_rich_messages_are_sent_and_what_is_over_is_taken_away(conversation: tuple[Seen, TelnyxMock]) -> None:
    assert conversation[0]["others"] == {
        "rcs": "RCS",
        "agents": ["bistro_by_the_lake", "e4448a5c0670c2a9"],
        "agent": [True, "e4448a5c0670c2a9"],
        "short_codes": ["54321", "12345"],
        "domains": ["http://example.com", "example.ex", "acct.fyi"],
        "rejected": UNKNOWN,
        "hosted": "messaging_hosted_number_order",
    }


def test_no_call_about_registration_is_left_out(conversation: tuple[Seen, TelnyxMock]) -> None:
    answered = {one.operation_id for one in conversation[1].requests if one.status < 300}
    registration = {one.operation_id for one in load().operations if "messaging_10dlc" in one.raw["tags"]}
    assert registration - answered == OFTEN
