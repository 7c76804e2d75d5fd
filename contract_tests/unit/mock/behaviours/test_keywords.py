"""Keywords of opting in and out: whom they block, what the webhook says, what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.unit.mock.behaviours.account import (
    BUSY,
    SECOND,
    SHORT_CODE,
    SOMEBODY,
    TOLL_FREE,
    UNASSIGNED,
    Account,
)

GB = "+442075550100"


def receive(account: Account, text: str, to: str = TOLL_FREE, sender: str = SOMEBODY) -> Any:
    """Somebody writes; the payload of the webhook."""
    return account.mock.receive_message(text, to=to, sender=sender).event.payload


def setting(account: Account, **body: Any) -> None:
    """What the profile does with some keywords, besides what everybody's does."""
    path = f"/messaging_profiles/{BUSY}/autoresp_configs"
    assert account.call("POST", path, {"op": "start", "keywords": ["JOIN"], "country_code": "*", **body}).status == 200


@pytest.mark.parametrize(
    "text", ["STOP", "stop", " Stop ", "STOPALL", "stop  all", "Unsubscribe", "CANCEL", "end", "QUIT"]
)
def test_words_that_opt_out_block_the_whole_profile(account: Account, text: str) -> None:
    assert receive(account, text)["autoresponse_type"] == "STOP"
    assert account.send(sender=TOLL_FREE).refusal == (400, ["40300"])
    assert account.send(sender=SHORT_CODE).refusal == (400, ["40300"])  # of the same profile
    newest = account.call("GET", "/messaging_optouts").json["data"][0]
    assert (newest["from"], newest["to"], newest["messaging_profile_id"]) == (TOLL_FREE, SOMEBODY, BUSY)
    assert "id" not in newest


@pytest.mark.parametrize("text", ["please stop", "STOP!", "hello", "", "STOP IT"])
def test_a_word_among_others_is_no_keyword(account: Account, text: str) -> None:
    assert receive(account, text)["autoresponse_type"] is None
    assert account.send(sender=TOLL_FREE).status == 200


def test_start_lifts_the_block_and_help_does_neither(account: Account) -> None:
    receive(account, "STOP")
    assert receive(account, "HELP")["autoresponse_type"] == "HELP"
    assert account.send(sender=TOLL_FREE).refusal == (400, ["40300"])
    assert receive(account, "unstop")["autoresponse_type"] == "START"
    assert account.send(sender=TOLL_FREE).status == 200


def test_opting_out_twice_is_one_opt_out(account: Account) -> None:
    before = account.call("GET", "/messaging_optouts").json["meta"]["total_results"]
    receive(account, "STOP")
    receive(account, "QUIT")
    assert account.call("GET", "/messaging_optouts").json["meta"]["total_results"] == before + 1


def test_another_profile_is_not_concerned(account: Account) -> None:
    receive(account, "STOP")
    assert account.send(messaging_profile_id=SECOND).status == 200


def test_a_setting_answers_with_its_text(account: Account) -> None:
    setting(account, resp_text="Welcome.")
    assert receive(account, "join")["autoresponse_type"] == "START"
    assert account.pass_time(5) == ["message.received", "message.sent", "message.finalized"]
    answer = account.events[-1].payload
    assert (answer["text"], answer["from"]["phone_number"]) == ("Welcome.", TOLL_FREE)
    assert answer["to"][0]["phone_number"] == SOMEBODY


def test_who_opts_out_is_told_so_all_the_same(account: Account) -> None:
    setting(account, op="stop", keywords=["ENOUGH"], resp_text="Goodbye.")
    receive(account, "enough")
    assert account.pass_time(5)[1:] == ["message.sent", "message.finalized"]
    assert account.send(sender=TOLL_FREE).refusal == (400, ["40300"])


def test_a_setting_for_the_country_comes_before_one_for_all(account: Account) -> None:
    setting(account, resp_text="Everybody.")
    setting(account, resp_text="Britain.", country_code="GB")
    receive(account, "JOIN", sender=GB)
    receive(account, "JOIN")
    account.pass_time(5)
    told = [one.payload for one in account.events if one.event_type == "message.finalized"]
    assert {(one["to"][0]["phone_number"], one["text"]) for one in told} == {(GB, "Britain."), (SOMEBODY, "Everybody.")}


def test_a_number_without_profile_has_no_keywords(account: Account) -> None:
    assert receive(account, "STOP", to=UNASSIGNED)["autoresponse_type"] is None
