"""Telnyx's own libraries manage profiles and numbers on the mock as they do with the API."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.faults.fault import Fault
from contract_tests.mock.server import serve
from contract_tests.unit.vendor_clients.conftest import Converse, refusal

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
# Where this conversation stays; test_vendor_messaging.py has the rest.
ADDRESSES = ("/messaging_profile", "/phone_numbers")
Seen = dict[str, Any]


@pytest.fixture(scope="module")
def conversation(converse: Converse) -> Iterator[tuple[Seen, Mock]]:
    """What a library saw, and the mock that it spoke with."""
    ordinary = create_app(load(), api_key="KEY_vendor")
    limited = create_app(load(), rate_limit=1)
    limited.clock.set(datetime(2026, 1, 1, tzinfo=UTC))  # its minute lasts
    flaky = create_app(load(), faults=[Fault.of("error", status=503, count=1)])
    with contextlib.ExitStack() as served:
        yield converse("client", *(served.enter_context(serve(mock)) for mock in (ordinary, limited, flaky))), ordinary


@pytest.fixture
def seen(conversation: tuple[Seen, Mock]) -> Seen:
    """What the library saw."""
    return conversation[0]


def test_a_profile_lives_from_create_to_delete(seen: Seen) -> None:
    assert seen["lifecycle"] == {
        "made": ["messaging_profile", "Vendor", ["US", "CA"], "2", True],
        "moment": True,
        "read_is_made": True,
        "changed": ["Changed", False, True],
        "later": True,
        "cleared": None,
        "gone": True,
        "after": refusal("NotFoundError", 404, "10005"),
        "again": refusal("NotFoundError", 404, "10005"),
    }


def test_refusals_become_the_library_s_own_errors(seen: Seen) -> None:
    assert seen["errors"] == {
        "unauthenticated": refusal("AuthenticationError", 401, "10009"),
        "unknown": refusal("NotFoundError", 404, "10005"),
        "invalid": refusal("UnprocessableEntityError", 422, "10026"),
        "no_destinations": refusal("BadRequestError", 400, "40331"),
        "nothing_to_update": refusal("UnprocessableEntityError", 422, "10004"),
        "in_use": refusal("UnprocessableEntityError", 422, "40158"),
        "no_such_profile": refusal("UnprocessableEntityError", 422, "10017"),
        "page_size": refusal("UnprocessableEntityError", 422, "10015"),
    }


def test_the_library_walks_all_pages(seen: Seen) -> None:
    assert seen["pages"] == {
        "names": [f"Page {number}" for number in reversed(range(7))],
        "from_the_third": ["Page 0"],
        "equal": ["Page 4"],
        "by_object": ["Page 5"],
        "none": [],
        "meta": [1, 3, 3, True],
        "unfiltered": True,
    }


def test_pages_are_asked_for_one_by_one_and_no_more_than_there_are(conversation: tuple[Seen, Mock]) -> None:
    asked = [one.parameters for one in conversation[1].requests if one.operation_id == "listMessagingProfiles"]
    walked = [one for one in asked if "page" in str(one.get("filter[name][contains]", "")) and one.get("page[size]")]
    numbers = [str(one.get("page[number]", "1")).strip("[]'") for one in walked]
    assert numbers == ["1", "1", "2", "3", "3"]


def test_numbers_are_assigned_freed_and_listed(seen: Seen) -> None:
    numbers = seen["numbers"]
    assert numbers["before"] == ["+12015550123", None, "long-code"]
    assert (numbers["assigned"], numbers["freed"], numbers["product_kept"]) == (PROFILE, None, True)
    assert numbers["nested"] == ["+12015550123", "+18005550001"]
    assert numbers["features"] == [True, False]
    assert numbers["sorted"] == sorted(numbers["sorted"]) and len(numbers["sorted"]) > 2
    assert numbers["contains"] == ["+18005550001"]
    assert numbers["by_profile"] == ["1293384261075731499"]
    assert "1293384261075731499" in numbers["tollfree"] and "1293384261075731500" not in numbers["tollfree"]
    assert numbers["short_codes"] == [["54321", PROFILE], ["12345", PROFILE]]
    assert numbers["of_nobody"] == refusal("NotFoundError", 404, "10005")


def test_metrics_and_headers_arrive(seen: Seen) -> None:
    assert seen["metrics"] == {"one": True, "all": True}
    assert seen["raw"] == {"request_id": 36, "limit": "60"}


def test_throttling_is_an_error_of_its_own_and_an_outage_is_tried_again(seen: Seen) -> None:
    assert seen["throttled"] == refusal("RateLimitError", 429, "10011")
    assert seen["retried"] == "Once"


def test_the_mock_was_asked_for_all_of_it_and_for_nothing_it_does_not_know(conversation: tuple[Seen, Mock]) -> None:
    requests = conversation[1].requests
    theirs = {
        one.operation_id for one in load().operations if one.path.startswith(ADDRESSES) and "autoresp" not in one.path
    }
    assert {one.operation_id for one in requests} == theirs and len(theirs) == 12
    assert {one.status for one in requests} <= {200, 400, 401, 404, 422}
