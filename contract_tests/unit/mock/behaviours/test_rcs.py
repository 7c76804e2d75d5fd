"""Rich messages: what is refused, and the events up to the one that it was read."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.unit.mock.behaviours.account import BUSY, SOMEBODY, Account

AGENT, DISABLED = "e4448a5c0670c2a9", "bistro_by_the_lake"


def send(account: Account, **changes: Any) -> Any:
    """The answer to a rich message."""
    said = {"content_message": {"text": "hello"}}
    named = {"agent_id": AGENT, "to": SOMEBODY, "messaging_profile_id": BUSY, "agent_message": said}
    return account.call("POST", "/messages/rcs", {**named, **changes})


def test_it_is_sent_delivered_and_read(account: Account) -> None:
    made = send(account).data
    assert (made["type"], made["to"][0]["status"], made["from"]["agent_id"]) == ("RCS", "queued", AGENT)
    assert account.pass_time(5) == ["message.sent", "message.finalized", "message.read"]
    told = [(one.payload["id"], one.payload["to"][0]["status"], one.payload["body"]["text"]) for one in account.events]
    assert told == [(made["id"], status, "hello") for status in ("sent", "delivered", "read")]
    assert {type(one.record.data.payload).__name__ for one in account.events} == {"RcsMessageReport"}


def test_what_fails_is_never_read(account: Account) -> None:
    account.mock.deliveries_end(SOMEBODY, status="delivery_failed", code="40008")
    send(account)
    assert account.pass_time(5) == ["message.sent", "message.finalized"]
    assert account.events[-1].payload["errors"][0]["code"] == "40008"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"agent_id": "nobody"}, (422, ["10017"])),
        ({"messaging_profile_id": "nobody"}, (422, ["10017"])),
        ({"agent_id": DISABLED}, (400, ["40305"])),
        ({"to": "nobody"}, (400, ["40310"])),
        ({"to": "+442075550100"}, (400, ["40309"])),
        ({"to": "+12015550123"}, (400, ["40300"])),
        ({"agent_message": {}}, (400, ["40316"])),
    ],
)
def test_what_is_refused(account: Account, changes: dict[str, Any], refusal: tuple[int, list[str]]) -> None:
    assert send(account, **changes).refusal == refusal
    assert account.pass_time(5) == []


def test_an_event_such_as_typing_is_no_empty_message(account: Account) -> None:
    assert send(account, agent_message={"event": {"event_type": "IS_TYPING"}}).status == 200


def test_agents_are_updated_but_their_names_are_not(account: Account) -> None:
    path = f"/messaging/rcs/agents/{AGENT}"
    before = account.call("GET", path).data
    after = account.call("PATCH", path, {"webhook_url": "https://own.example.com/", "agent_name": "Other"}).data
    assert (after["webhook_url"], after["agent_name"]) == ("https://own.example.com/", before["agent_name"])
    assert account.call("PATCH", path, {"profile_id": None}).data["profile_id"] is None
    assert account.call("PATCH", path, {"profile_id": before["agent_id"]}).refusal == (422, ["10017"])
