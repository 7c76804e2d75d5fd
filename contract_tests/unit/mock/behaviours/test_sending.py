"""What is refused: each rule of sending, one at a time, with its status and code."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.unit.mock.behaviours.account import (
    BUSY,
    LONG_CODE,
    SECOND,
    SHORT_CODE,
    SOMEBODY,
    TOLL_FREE,
    UNASSIGNED,
    Account,
)

LONDON = "+442075550100"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (422, "10004")),
        ({"messaging_profile_id": "nobody"}, (422, "10017")),
        ({"from": LONG_CODE, "to": "12015550100"}, (400, "40310")),
        ({"from": LONG_CODE, "to": "+1201555010x"}, (400, "40310")),
        ({"from": "+19995550100"}, (400, "40305")),
        ({"from": UNASSIGNED}, (400, "40305")),
        ({"from": LONG_CODE, "messaging_profile_id": BUSY}, (400, "40305")),
        ({"from": "Bistro"}, (400, "40306")),
        ({"from": "Bistro", "messaging_profile_id": BUSY}, (400, "40306")),
        ({"from": TOLL_FREE, "to": LONDON}, (400, "40309")),
        ({"from": TOLL_FREE, "to": "+12045550100"}, (400, "40309")),  # Manitoba
        ({"from": TOLL_FREE, "to": "+12015550123"}, (400, "40300")),
        ({"from": TOLL_FREE, "media_urls": ["https://www.example.com/a.png"]}, (400, "40308")),
        ({"from": LONG_CODE, "text": ""}, (400, "40316")),
        ({"from": LONG_CODE, "media_urls": ["https://www.example.com/a.png"] * 11}, (400, "40317")),
        ({"from": LONG_CODE, "type": "SMS", "subject": "hello"}, (400, "40304")),
        ({"from": LONG_CODE, "encoding": "gsm7", "text": "\u201chello\u201d"}, (400, "40304")),
        ({"from": LONG_CODE, "text": "x" * 1531}, (400, "40302")),
        ({"from": LONG_CODE, "text": "\u4e16" * 671}, (400, "40302")),
        ({"messaging_profile_id": "400198eb-b746-43f8-9d0b-51a0c3f7e2b4"}, (400, "40321")),
    ],
)
def test_a_message_that_breaks_one_rule(account: Account, body: dict[str, Any], refusal: tuple[int, str]) -> None:
    before = account.mock.records("messages")
    answer = account.call("POST", "/messages", {"to": SOMEBODY, "text": "hello", **body})
    assert answer.refusal == (refusal[0], [refusal[1]])
    assert account.mock.records("messages") == before and account.pass_time(5) == []


@pytest.mark.parametrize(
    "body",
    [
        {"from": LONG_CODE, "to": LONDON},  # its profile allows all countries
        {"from": LONG_CODE, "to": "+12015550123"},  # who opted out of the other profile
        {"from": LONG_CODE, "messaging_profile_id": SECOND},
        {"from": SHORT_CODE},
        {"from": LONG_CODE, "text": "", "media_urls": ["https://www.example.com/a.png"]},
        {"from": LONG_CODE, "text": "x" * 1530},
        {"from": LONG_CODE, "text": "\u4e16" * 670},
    ],
)
def test_a_message_that_just_keeps_the_rules(account: Account, body: dict[str, Any]) -> None:
    assert account.call("POST", "/messages", {"to": SOMEBODY, "text": "hello", **body}).status == 200


@pytest.mark.parametrize(
    ("path", "sender", "status"),
    [
        ("long_code", LONG_CODE, 200),
        ("long_code", TOLL_FREE, 200),
        ("long_code", SHORT_CODE, 400),
        ("short_code", SHORT_CODE, 200),
        ("short_code", LONG_CODE, 400),
        ("long_code", "Bistro", 400),
    ],
)
def test_each_way_takes_its_own_kind_of_sender(account: Account, path: str, sender: str, status: int) -> None:
    answer = account.call("POST", f"/messages/{path}", {"from": sender, "to": SOMEBODY, "text": "hello"})
    assert answer.status == status
    if status == 400:
        assert answer.refusal == (400, ["40305"])


def test_a_disabled_profile_sends_nothing(account: Account) -> None:
    account.call("PATCH", f"/messaging_profiles/{BUSY}", {"enabled": False})
    assert account.send(sender=TOLL_FREE).refusal == (400, ["40312"])
    assert account.send(messaging_profile_id=BUSY).refusal == (400, ["40312"])


def test_an_alphanumeric_sender_has_to_be_that_of_the_profile(account: Account) -> None:
    changes = {"alpha_sender": "Bistro", "whitelisted_destinations": ["US", "GB"]}
    account.call("PATCH", f"/messaging_profiles/{BUSY}", changes)
    named = {"messaging_profile_id": BUSY}
    assert account.send(sender="Diner", to=LONDON, **named).refusal == (400, ["40307"])
    assert account.send(sender="Bistro", **named).refusal == (400, ["40301"])  # not to the United States
    assert account.send(sender="Bistro", to=LONDON, **named).data["from"]["phone_number"] == "Bistro"
    assert account.send(to=LONDON, **named).data["from"]["phone_number"] == "Bistro"
    assert account.send(**named).data["from"]["phone_number"] == TOLL_FREE  # the pool
    pool = account.call("POST", "/messages/number_pool", {"to": LONDON, "text": "hello", **named})
    assert pool.data["from"]["phone_number"] == TOLL_FREE


def test_a_sender_without_mms_falls_back_where_the_profile_wants_it(account: Account) -> None:
    account.call("PATCH", f"/messaging_profiles/{BUSY}", {"mms_fall_back_to_sms": True})
    media = {"media_urls": ["https://www.example.com/a.png"], "subject": "hello"}
    sent = account.send(sender=TOLL_FREE, **media).data
    assert (sent["type"], sent["media"], sent["subject"]) == ("SMS", [], None)
    assert account.send(sender=LONG_CODE, **media).data["type"] == "MMS"


def test_a_group_takes_eight_and_no_bad_number(account: Account) -> None:
    def group(*to: str) -> tuple[int, list[str]]:
        return account.call("POST", "/messages/group_mms", {"from": LONG_CODE, "to": to, "text": "hello"}).refusal

    people = [f"+1312555010{digit}" for digit in range(9)]
    assert group(*people[:8])[0] == 200
    assert group(*people) == (422, ["10015"])
    assert group(people[0], "nobody") == (400, ["40310"])
    assert group() == (400, ["40310"])


@pytest.mark.parametrize("moment", ["2026-12-31T23:59:60Z", "2026-12-31t23:59:59z"])
def test_a_moment_that_no_clock_has_is_refused_in_order(account: Account, moment: str) -> None:
    status, codes = account.send(sender=LONG_CODE, send_at=moment).refusal
    assert status == 422 and codes in (["10033"], ["10015"])
