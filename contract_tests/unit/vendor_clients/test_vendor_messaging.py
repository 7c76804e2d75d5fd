"""Telnyx's own libraries send, host, verify and register with the mock as they do with the API."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.mock.double import TelnyxMock
from contract_tests.mock.remote import Remote
from contract_tests.mock.server import serve
from contract_tests.unit.vendor_clients.conftest import Converse, refusal

pytestmark = pytest.mark.takes(15)

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SECOND_PROFILE = "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
UNKNOWN = refusal("NotFoundError", 404, "10005")
Seen = dict[str, Any]


@pytest.fixture(scope="module")
def conversation(converse: Converse) -> Iterator[tuple[Seen, TelnyxMock]]:
    """What a library saw, and the mock that it spoke with."""
    with TelnyxMock(api_key="KEY_vendor") as mock:
        mock.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
        with serve(Remote(mock)) as address:
            yield converse("messaging", address), mock


@pytest.fixture
def seen(conversation: tuple[Seen, TelnyxMock]) -> Seen:
    """What the library saw."""
    return conversation[0]


def test_messages_are_sent_by_every_kind_of_sender_delivered_and_refused(seen: Seen) -> None:
    assert seen["messages"] == {
        "sent": ["outbound", "queued", 1, "+18005550001"],
        "senders": ["+12015550178", "12345", "+18005550001"],
        "group": ["+13125550100", "+13125550155"],
        "read": [True, "outbound", "delivered"],
        "unknown": UNKNOWN,
        "elsewhere": refusal("BadRequestError", 400, "40309"),
        "opted_out": refusal("BadRequestError", 400, "40300"),
        "of_nobody": refusal("BadRequestError", 400, "40305"),
    }


def test_a_message_waits_for_its_time(seen: Seen) -> None:
    assert seen["scheduled"] == {"waiting": "scheduled", "sent": "delivered"}


def test_short_codes_are_listed_page_by_page_and_move_between_profiles(seen: Seen) -> None:
    assert seen["short_codes"] == {
        "walked": ["54321", "12345"],
        "one": ["short_code", True, "US"],
        "moved": [SECOND_PROFILE, [True]],
        "unknown": UNKNOWN,
        "no_such_profile": refusal("UnprocessableEntityError", 422, "10017"),
    }


def test_who_writes_stop_is_listed_and_reached_no_more(seen: Seen) -> None:
    assert seen["optouts"] == {
        "more": 1,
        "walked": True,
        "newest": ["+13125550155"],
        "blocked": refusal("BadRequestError", 400, "40300"),
        "made": ["info", ["TABLE"], True, ["SEAT"]],
        "listed": True,
        "gone": '"OK"',
        "after": UNKNOWN,
    }


def test_a_number_is_hosted_from_eligible_to_successful(seen: Seen) -> None:
    assert seen["hosted"] == {
        "eligible": [True, False],
        "ordered": ["messaging_hosted_number_order", "pending", ["+13125550107"]],
        "codes": ["+13125550107"],
        "proved": ["verified"],
        "uploaded": True,
        "read": ["successful", ["successful"]],
        "walked": [3, True],
        "unknown": UNKNOWN,
        "no_such_profile": refusal("UnprocessableEntityError", 422, "10017"),
    }


def test_documents_arrive_as_they_were_uploaded(conversation: tuple[Seen, TelnyxMock]) -> None:
    uploads = [one for one in conversation[1].requests if one.operation_id == "uploadMessagingHostedNumberOrderFile"]
    assert [one.status for one in uploads] == [200]
    assert all(dict(one.headers)["content-type"].startswith("multipart/form-data; boundary=") for one in uploads)
    assert all(b"%PDF-1.7" in one.body and b'name="bill"' in one.body for one in uploads)


def test_a_tollfree_number_is_verified(seen: Seen) -> None:
    assert seen["tollfree"] == {
        "made": ["Vendor Bistro", "In Progress", "Verified", "Vendor Bistro & Bar"],
        "walked": [True, True, True],
        "named": [True],
        "not_rejected": refusal("BadRequestError", 400, "10015"),
        "unknown": UNKNOWN,
    }


def test_a_brand_and_its_campaign_are_registered_and_get_a_number(seen: Seen) -> None:
    registered = seen["registration"]
    assert registered.pop("campaigns")[-1] == "4b300178-131c-4902-854e-72d90ba1620e"
    assert registered == {
        "brand": ["Vendor Mobile", None, "VERIFIED", "OK"],
        "fits": "2FA",
        "campaign": ["2FA", "TCR_PENDING", "MNO_PROVISIONED"],
        "assigned": ["+12015550123", True, True],
        "vetting": ["CV", ["CV"]],
        "brands": [True, True],
        "ended": True,
        "words": True,
        "unknown": UNKNOWN,
        "in_use": refusal("UnprocessableEntityError", 422, "40332"),
    }


@pytest.mark.parametrize(
    ("operation", "name", "size"),
    [
        ("listShortCodes", "page[number]", "page[size]"),
        ("listMessagingOptouts", "page[number]", "page[size]"),
        ("listMessagingHostedNumberOrders", "page[number]", "page[size]"),
        ("listTollfreeVerificationRequests", "page", "page_size"),
        ("listBrands", "page", "recordsPerPage"),
        ("listCampaigns", "page", "recordsPerPage"),
        ("listPhoneNumberCampaigns", "page", "recordsPerPage"),
    ],
)
def test_lists_of_every_form_are_walked_from_page_to_page(
    conversation: tuple[Seen, TelnyxMock], operation: str, name: str, size: str
) -> None:
    asked = [one.parameters for one in conversation[1].requests if one.operation_id == operation]
    numbers = [int(str(one.get(name, 1)).strip("[]'")) for one in asked if str(one.get(size)).strip("[]'") == "1"]
    assert numbers[:2] == [1, 2] and max(numbers) >= 2
    assert all(after in (before + 1, 1) for before, after in itertools.pairwise(numbers))


def test_the_mock_was_asked_for_nothing_it_does_not_know(conversation: tuple[Seen, TelnyxMock]) -> None:
    requests = conversation[1].requests
    assert None not in {one.operation_id for one in requests}
    assert {one.status for one in requests} <= {200, 201, 204, 400, 404, 422}
