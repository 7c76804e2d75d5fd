"""Hosted numbers: from the check to the number that sends, and back to its carrier."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.mock.behaviours.hosted import STEP
from contract_tests.unit.mock.behaviours.account import BUSY, TOLL_FREE, Account

PATH = "/messaging_hosted_number_orders"
FIRST, SECOND = "+13125550110", "+13125550111"
PREFIX = "messaging_hosted_numbers_orders."
HOUR = STEP / 10**9
FILES = {"loa": ("loa.pdf", b"%PDF-1.7 a\r\n--b", "application/pdf"), "bill": ("bill.pdf", b"%PDF", "application/pdf")}


def order(account: Account, *numbers: str, profile: str | None = BUSY) -> Any:
    """A new order."""
    named = {"messaging_profile_id": profile} if profile else {}
    return account.call("POST", PATH, {"phone_numbers": list(numbers), **named}).data


def prove(account: Account, made: Any, *numbers: str, code: str | None = None) -> list[str]:
    """Send codes to numbers and enter them; the outcome of each."""
    path = f"{PATH}/{made['id']}"
    account.call("POST", f"{path}/verification_codes", {"phone_numbers": numbers, "verification_method": "sms"})
    entered = [{"phone_number": one, "code": code or one[-5:]} for one in numbers]
    outcome = account.call("POST", f"{path}/validation_codes", {"verification_codes": entered}).data
    assert outcome["order_id"] == made["id"]
    return [one["status"] for one in outcome["phone_numbers"]]


def upload(account: Account, made: Any, *names: str) -> str:
    """Send documents; the status of the order after that."""
    files = {name: FILES[name] for name in names or FILES}
    status: str = account.call("POST", f"{PATH}/{made['id']}/actions/file_upload", files=files).data["status"]
    return status


def state(account: Account, made: Any) -> tuple[str, list[str]]:
    """The status of an order and those of its numbers."""
    found = account.call("GET", f"{PATH}/{made['id']}").data
    return found["status"], [one["status"] for one in found["phone_numbers"]]


def test_an_order_with_proof_and_documents_makes_numbers_that_send(account: Account) -> None:
    made = order(account, FIRST, SECOND)
    assert state(account, made) == ("pending", ["pending"] * 2)
    assert prove(account, made, FIRST, SECOND) == ["verified", "verified"]
    assert state(account, made) == ("pending", ["ownership_successful"] * 2)
    assert upload(account, made) == "loa_file_successful"
    assert account.send(sender=FIRST).refusal == (400, ["40305"])
    account.mock.clock.advance(HOUR)
    assert state(account, made) == ("provisioning", ["provisioning"] * 2)
    account.mock.clock.advance(HOUR)
    assert state(account, made) == ("successful", ["successful"] * 2)
    assert account.send(sender=FIRST).data["messaging_profile_id"] == BUSY


def test_documents_may_come_before_the_proof_and_one_by_one(account: Account) -> None:
    made = order(account, FIRST)
    assert upload(account, made, "loa") == "incomplete_documentation"
    assert upload(account, made, "bill") == "loa_file_successful"
    account.mock.clock.advance(3 * HOUR)
    assert state(account, made) == ("loa_file_successful", ["pending"])
    prove(account, made, FIRST)
    account.mock.clock.advance(2 * HOUR)
    assert state(account, made) == ("successful", ["successful"])


def test_one_number_without_proof_holds_up_the_order(account: Account) -> None:
    made = order(account, FIRST, SECOND)
    prove(account, made, FIRST)
    upload(account, made)
    account.mock.clock.advance(3 * HOUR)
    assert state(account, made) == ("loa_file_successful", ["ownership_successful", "pending"])


def test_codes_are_right_wrong_or_not_needed_any_more(account: Account) -> None:
    made = order(account, FIRST)
    assert prove(account, made, FIRST, code="00000") == ["rejected"]
    assert prove(account, made, FIRST) == ["verified"]
    assert prove(account, made, FIRST) == ["already_verified"]
    assert prove(account, made, "+13125550119") == ["rejected"]  # not of the order


def test_a_code_that_was_never_sent_proves_nothing(account: Account) -> None:
    made = order(account, FIRST)
    entered = {"verification_codes": [{"phone_number": FIRST, "code": FIRST[-5:]}]}
    outcome = account.call("POST", f"{PATH}/{made['id']}/validation_codes", entered).data
    assert outcome["phone_numbers"] == [{"phone_number": FIRST, "status": "rejected"}]


def test_codes_go_to_numbers_of_the_order_alone(account: Account) -> None:
    made = order(account, FIRST)
    body = {"phone_numbers": [FIRST, SECOND], "verification_method": "call"}
    sent = account.call("POST", f"{PATH}/{made['id']}/verification_codes", body).data
    assert [(one["phone_number"], one.get("type")) for one in sent] == [(FIRST, "call"), (SECOND, None)]
    assert sent[0]["verification_code_id"] and sent[1]["error"]


def test_each_step_is_told_to_the_profile(account: Account) -> None:
    made = order(account, FIRST)
    prove(account, made, FIRST)
    upload(account, made)
    assert sorted(account.pass_time(2 * HOUR)) == [f"{PREFIX}created", *[f"{PREFIX}updated"] * 4]
    # Events of one moment are sent side by side, and may come in any order.
    told = sorted(account.events, key=lambda event: str(event.occurred_at))
    statuses = [event.payload["order_status"] for event in told]
    assert statuses == ["pending", "pending", "loa_file_successful", "provisioning", "successful"]


def test_documents_that_come_twice_change_nothing_and_are_told_once(account: Account) -> None:
    made = order(account, FIRST)
    prove(account, made, FIRST)
    upload(account, made)
    account.mock.clock.advance(HOUR / 2)
    assert upload(account, made) == "loa_file_successful"
    account.pass_time(3 * HOUR)
    told = [event.payload["order_status"] for event in account.events]
    assert told.count("provisioning") == told.count("successful") == 1


def test_a_number_goes_back_and_the_last_one_ends_the_order(account: Account) -> None:
    made = order(account, FIRST, SECOND)
    prove(account, made, FIRST, SECOND)
    upload(account, made)
    account.mock.clock.advance(2 * HOUR)
    first, second = (one["id"] for one in made["phone_numbers"])
    assert account.call("DELETE", f"/messaging_hosted_numbers/{first}").data["status"] == "successful"
    assert account.send(sender=FIRST).refusal == (400, ["40305"]) and account.send(sender=SECOND).status == 200
    assert account.call("DELETE", f"/messaging_hosted_numbers/{first}").refusal == (404, ["10005"])
    assert account.call("DELETE", f"/messaging_hosted_numbers/{second}").data["status"] == "deleted"
    assert account.pass_time(0)[-1] == f"{PREFIX}deleted"
    assert state(account, made) == ("deleted", ["deleted", "deleted"])


def test_a_deleted_order_is_not_carried_out(account: Account) -> None:
    made = order(account, FIRST)
    prove(account, made, FIRST)
    upload(account, made)
    account.call("DELETE", f"/messaging_hosted_numbers/{made['phone_numbers'][0]['id']}")
    account.mock.clock.advance(3 * HOUR)
    assert state(account, made) == ("deleted", ["deleted"])
    assert account.send(sender=FIRST).refusal == (400, ["40305"])


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([FIRST], ["ELIGIBLE"]),
        (["13125550110", "hello"], ["NUMBER_IS_NOT_IN_E164_FORMAT"] * 2),
        ([FIRST, FIRST], ["ELIGIBLE", "NUMBER_CAN_NOT_BE_REPEATED"]),
        (["+442075550100", "+12045550100"], ["NUMBER_IS_NOT_A_US_NUMBER"] * 2),
        ([TOLL_FREE], ["NUMBER_CAN_NOT_BE_ACTIVE_IN_YOUR_ACCOUNT"]),
        (["+13125550102"], ["NUMBER_CAN_NOT_HOSTED_WITH_A_TELNYX_SUBSCRIBER"]),
    ],
)
def test_what_can_be_hosted(account: Account, numbers: list[str], found: list[str]) -> None:
    answer = account.call("POST", f"{PATH}/eligibility_numbers_check", {"phone_numbers": numbers})
    assert [one["eligible_status"] for one in answer.json["phone_numbers"]] == found
    assert [one["eligible"] for one in answer.json["phone_numbers"]] == [one == "ELIGIBLE" for one in found]


def test_an_order_names_numbers_in_e164_and_a_profile_that_exists(account: Account) -> None:
    assert account.call("POST", PATH, {"phone_numbers": [FIRST, "x"]}).refusal == (422, ["10016"])
    assert account.call("POST", PATH, {"messaging_profile_id": "nobody"}).refusal == (422, ["10017"])


def test_an_order_without_profile_tells_nobody(account: Account) -> None:
    made = order(account, FIRST, profile=None)
    assert made["messaging_profile_id"] is None and account.pass_time(1) == []
    assert "no messaging profile" in str(account.mock.webhooks.deliveries[-1].reason)


@pytest.mark.parametrize(
    ("content", "kind", "refusal"),
    [
        (b"{}", "application/json", (400, ["10024"])),
        (b"hello", "multipart/form-data; boundary=b", (400, ["10015"])),
        (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", (400, ["10015"])),
        (b"--b--", "multipart/form-data", (400, ["10015"])),
    ],
)
def test_a_body_that_is_no_form(account: Account, content: bytes, kind: str, refusal: tuple[int, list[str]]) -> None:
    made = order(account, FIRST)
    path = f"{PATH}/{made['id']}/actions/file_upload"
    answer = account.call("POST", path, content=content, headers={"content-type": kind})
    assert answer.refusal == refusal
