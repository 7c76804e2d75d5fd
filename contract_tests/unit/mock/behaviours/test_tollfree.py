"""Requests to verify toll-free numbers: decided as time passes, told anew, taken back after a rejection."""

from __future__ import annotations

from typing import Any

from contract_tests.mock.behaviours.tollfree import STEP
from contract_tests.unit.mock.behaviours.account import Account

PATH = "/messaging_tollfree/verification/requests"
HOUR = STEP / 10**9


def body(account: Account, **changes: Any) -> dict[str, Any]:
    """What a request has to tell: as the description's example does."""
    operation = account.mock.description.by_id["createTollfreeVerificationRequest"]
    examples = account.mock.description.resolve(operation.raw["requestBody"])["content"]["application/json"]["examples"]
    return {**account.mock.description.resolve(examples["codes"])["value"], **changes}


def submit(account: Account, *numbers: str, **changes: Any) -> Any:
    """A new request, for toll-free numbers where nothing else is said."""
    named = [{"phoneNumber": one} for one in numbers or ("+18005550001",)]
    answer = account.call("POST", PATH, body(account, phoneNumbers=named, **changes))
    assert answer.status == 200, answer.json
    return answer.json


def state(account: Account, made: Any) -> str:
    """How far a request has come."""
    status: str = account.call("GET", f"{PATH}/{made['id']}").json["verificationStatus"]
    return status


def test_toll_free_numbers_are_verified(account: Account) -> None:
    made = submit(account, "+18335550001", "+18885550001")
    seen = [state(account, made)]
    for _ in range(3):
        account.mock.clock.advance(HOUR)
        seen.append(state(account, made))
    assert seen == ["In Progress", "Waiting For Vendor", "Verified", "Verified"]


def test_one_number_that_is_none_makes_it_rejected_with_a_reason(account: Account) -> None:
    made = submit(account, "+18005550001", "+13125550100")
    account.mock.clock.advance(2 * HOUR)
    found = account.call("GET", f"{PATH}/{made['id']}").json
    assert found["verificationStatus"] == "Rejected" and found["reason"]


def test_a_request_that_is_told_anew_begins_again(account: Account) -> None:
    made = submit(account, "+13125550100")
    account.mock.clock.advance(1.5 * HOUR)
    named = [{"phoneNumber": "+18005550001"}]
    again = account.call("PATCH", f"{PATH}/{made['id']}", body(account, phoneNumbers=named)).json
    assert again["verificationStatus"] == "In Progress"
    account.mock.clock.advance(0.9 * HOUR)  # the old course would be at its end
    assert state(account, made) == "In Progress"
    account.mock.clock.advance(1.1 * HOUR)
    assert state(account, made) == "Verified"


def test_the_reason_goes_with_the_rejection(account: Account) -> None:
    made = submit(account, "+13125550100")
    account.mock.clock.advance(2 * HOUR)
    account.call("PATCH", f"{PATH}/{made['id']}", body(account))
    assert "reason" not in account.call("GET", f"{PATH}/{made['id']}").json


def test_only_a_rejected_request_can_be_taken_away(account: Account) -> None:
    made = submit(account, "+13125550100")
    assert account.call("DELETE", f"{PATH}/{made['id']}").refusal == (400, ["10015"])
    account.mock.clock.advance(2 * HOUR)
    answer = account.call("DELETE", f"{PATH}/{made['id']}")
    assert (answer.status, answer.json) == (200, None)
    assert account.call("DELETE", f"{PATH}/{made['id']}").refusal == (404, ["10005"])


def test_answers_show_what_each_of_them_is_described_with(account: Account) -> None:
    made = submit(account)
    assert made["verificationRequestId"] and "createdAt" not in made
    read = account.call("GET", f"{PATH}/{made['id']}").json
    assert read["createdAt"] and "verificationRequestId" not in read
    assert not any(name.startswith("_") for name in (*made, *read))


def test_lists_tell_the_total_and_need_page_and_size(account: Account) -> None:
    assert account.call("GET", PATH).refusal == (422, ["10004", "10004"])
    for _ in range(3):
        submit(account)
    page = account.call("GET", f"{PATH}?page=2&page_size=4").json
    assert (page["total_records"], len(page["records"]), set(page)) == (6, 2, {"records", "total_records"})


def test_lists_are_filtered_by_number_business_status_and_time(account: Account) -> None:
    other = submit(account, "+18445550001", "+18445550002", businessName="Diner LLC")

    def found(query: str) -> list[str]:
        listed = account.call("GET", f"{PATH}?page=1&page_size=50&{query}").json["records"]
        return [one["id"] for one in listed]

    assert found("phone_number=%2B18445550002") == [other["id"]]
    assert found("phone_number=%2B1844555000") == []  # the whole number
    assert found("business_name=Diner%20LLC") == [other["id"]]
    assert found("status=In%20Progress") == [other["id"]]
    assert other["id"] not in found("date_end=2024-12-31T00:00:00Z")
    assert found("date_start=2025-01-01T00:00:00Z") == [other["id"]]
