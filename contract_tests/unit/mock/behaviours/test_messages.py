"""Messages on their way: their statuses as time passes, who is told, what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract_tests.unit.mock.behaviours.account import (
    BUSY,
    LONG_CODE,
    SECOND,
    SOMEBODY,
    SOMEBODY_ELSE,
    TOLL_FREE,
    Account,
)
from scripts.errors import InputError


def test_a_message_is_queued_then_sending_then_sent_then_delivered(account: Account) -> None:
    sent = account.send(sender=TOLL_FREE).data
    assert sent["to"][0]["status"] == "queued" and sent["sent_at"] is None
    seen = []
    for _ in range(12):
        seen += account.status(sent["id"])
        account.mock.clock.advance(0.1)
    assert list(dict.fromkeys(seen)) == ["queued", "sending", "sent", "delivered"]
    final = account.call("GET", f"/messages/{sent['id']}").data
    assert sent["received_at"] < final["sent_at"] < final["completed_at"] and final["errors"] == []


def test_webhooks_tell_when_it_is_sent_and_when_it_is_final(account: Account) -> None:
    sent = account.send(sender=TOLL_FREE).data
    assert account.pass_time(0.2) == []
    assert account.pass_time(0.2) == ["message.sent"]
    assert account.pass_time(1) == ["message.finalized"]
    told = [(event.payload["id"], event.payload["to"][0]["status"], event.delivered_to) for event in account.events]
    hooks = "https://www.example.com/hooks"
    assert told == [(sent["id"], "sent", hooks), (sent["id"], "delivered", hooks)]


def test_nobody_asks_and_the_final_webhook_says_what_a_later_read_says(account: Account) -> None:
    sent = account.send(sender=TOLL_FREE).data
    account.pass_time(5)
    assert account.events[-1].payload == account.call("GET", f"/messages/{sent['id']}").data


@pytest.mark.parametrize(
    ("own", "tried"),
    [
        ({}, ["https://www.example.com/hooks"]),
        ({"webhook_url": "https://own.example.com/"}, ["https://own.example.com/"]),
        ({"webhook_url": "https://own.example.com/", "use_profile_webhooks": False}, ["https://own.example.com/"]),
        ({"use_profile_webhooks": False}, []),
    ],
)
def test_addresses_of_the_message_come_before_those_of_its_profile(
    account: Account, own: dict[str, object], tried: list[str]
) -> None:
    account.send(sender=TOLL_FREE, **own)
    account.pass_time(5)
    assert list(dict.fromkeys(event.delivered_to for event in account.events)) == tried


def test_a_fate_that_a_test_gave_a_recipient_is_told_with_its_error(account: Account) -> None:
    account.mock.deliveries_end(SOMEBODY, status="delivery_failed", code="40008")
    failed, fine = account.send(sender=TOLL_FREE).data, account.send(sender=TOLL_FREE, to=SOMEBODY_ELSE).data
    account.pass_time(5)
    assert account.status(failed["id"]) == ["delivery_failed"] and account.status(fine["id"]) == ["delivered"]
    errors = account.call("GET", f"/messages/{failed['id']}").data["errors"]
    assert [(error["code"], error["title"]) for error in errors] == [("40008", "Undeliverable")]


def test_what_is_never_sent_has_no_event_of_sending(account: Account) -> None:
    account.mock.deliveries_end(SOMEBODY, status="sending_failed", code="40002")
    sent = account.send(sender=TOLL_FREE).data
    assert account.pass_time(5) == ["message.finalized"]
    final = account.call("GET", f"/messages/{sent['id']}").data
    assert final["to"][0]["status"] == "sending_failed" and final["sent_at"] is None and final["completed_at"]


@pytest.mark.parametrize(("status", "code"), [("gone", None), ("expired", "40300")])
def test_only_ends_and_errors_that_exist_are_taken(account: Account, status: str, code: str | None) -> None:
    with pytest.raises(InputError, match="one of"):
        account.mock.deliveries_end(SOMEBODY, status=status, code=code)


def test_a_reset_forgets_fates_and_messages_on_their_way(account: Account) -> None:
    account.mock.deliveries_end(SOMEBODY, status="expired")
    old = account.send(sender=TOLL_FREE).data
    account.mock.reset()
    assert account.call("GET", f"/messages/{old['id']}").status == 404
    new = account.send(sender=TOLL_FREE).data
    account.mock.clock.advance(5)
    assert account.status(new["id"]) == ["delivered"]


def test_a_group_has_a_status_for_each_of_it(account: Account) -> None:
    account.mock.deliveries_end(SOMEBODY_ELSE, status="expired", code="40014")
    body = {"from": LONG_CODE, "to": [SOMEBODY, SOMEBODY_ELSE], "text": "hello"}
    sent = account.call("POST", "/messages/group_mms", body).data
    assert (sent["type"], [one["phone_number"] for one in sent["cc"]]) == ("MMS", [SOMEBODY_ELSE])
    account.mock.clock.advance(5)
    assert account.status(sent["id"]) == ["delivered", "expired"]


def test_a_scheduled_message_waits_for_its_moment(account: Account) -> None:
    when = account.mock.clock.now() + timedelta(minutes=10)
    sent = account.send(sender=TOLL_FREE, send_at=when.isoformat()).data
    assert account.pass_time(599) == [] and account.status(sent["id"]) == ["scheduled"]
    assert account.pass_time(1) == [] and account.status(sent["id"]) == ["queued"]
    assert account.pass_time(5) == ["message.sent", "message.finalized"]
    assert account.status(sent["id"]) == ["delivered"]


def test_a_scheduled_message_can_be_cancelled_until_a_minute_before(account: Account) -> None:
    when = (account.mock.clock.now() + timedelta(minutes=10)).isoformat()
    first, second = (account.send(sender=TOLL_FREE, send_at=when).data["id"] for _ in range(2))
    account.pass_time(539)
    assert [one["status"] for one in account.mock.cancel_message(first)["to"]] == ["cancelled"]
    account.pass_time(1)
    with pytest.raises(InputError, match="too late"):
        account.mock.cancel_message(second)
    assert account.pass_time(70) == ["message.sent", "message.finalized"]
    assert (account.status(first), account.status(second)) == (["cancelled"], ["delivered"])


def test_only_what_is_scheduled_can_be_cancelled(account: Account) -> None:
    when = (account.mock.clock.now() + timedelta(minutes=10)).isoformat()
    sent, cancelled = account.send(sender=TOLL_FREE).data["id"], account.send(sender=TOLL_FREE, send_at=when).data["id"]
    account.mock.cancel_message(cancelled)
    for one in (sent, cancelled, "none"):
        with pytest.raises(InputError, match="is scheduled"):
            account.mock.cancel_message(one)


@pytest.mark.parametrize("ahead", [timedelta(minutes=4, seconds=59), timedelta(days=5, seconds=1), -timedelta(days=1)])
def test_too_soon_and_too_late_cannot_be_scheduled(account: Account, ahead: timedelta) -> None:
    when = account.mock.clock.now() + ahead
    assert account.send(sender=TOLL_FREE, send_at=when.isoformat()).refusal == (422, ["10033"])


def test_each_part_to_each_recipient_costs(account: Account) -> None:
    one, three = account.send(sender=TOLL_FREE).data, account.send(sender=TOLL_FREE, text="x" * 400).data
    assert (one["parts"], one["cost"]["amount"]) == (1, "0.0040")
    assert (three["parts"], three["cost"]["amount"]) == (3, "0.0120")
    body = {"from": LONG_CODE, "to": [SOMEBODY, SOMEBODY_ELSE], "text": "hello"}
    group = account.call("POST", "/messages/group_mms", body).data
    assert group["cost"]["amount"] == "0.0300"
    parts = group["cost_breakdown"]
    assert (parts["carrier_fee"]["amount"], parts["rate"]["amount"]) == ("0.0200", "0.0100")


def test_the_daily_limit_stops_sending_until_midnight(account: Account) -> None:
    account.mock.clock.set(account.mock.clock.now().replace(hour=12, minute=0))
    limited = {"daily_spend_limit": "0.008", "daily_spend_limit_enabled": True}
    account.call("PATCH", f"/messaging_profiles/{BUSY}", limited)
    assert account.send(sender=TOLL_FREE).status == 200
    assert "messaging-profile.spend-limit-reached" not in account.pass_time(5)
    assert account.send(sender=TOLL_FREE).status == 200
    assert "messaging-profile.spend-limit-reached" in account.pass_time(5)
    told = next(event for event in account.events if event.event_type == "messaging-profile.spend-limit-reached")
    assert told.payload == {"configured_limit": "0.008", "current_cost": "0.01", "profile_id": BUSY}
    for _ in range(2):  # telling it once is enough
        assert account.send(sender=TOLL_FREE).refusal == (429, ["40333"])
    assert account.pass_time(5) == []
    account.call("PATCH", f"/messaging_profiles/{BUSY}", {"daily_spend_limit_enabled": False})
    assert account.send(sender=TOLL_FREE).status == 200
    account.call("PATCH", f"/messaging_profiles/{BUSY}", {"daily_spend_limit_enabled": True})
    assert account.send(sender=TOLL_FREE).refusal == (429, ["40333"])  # the sum was not forgotten
    assert account.send(sender=LONG_CODE).status == 200  # another profile's money
    account.mock.clock.advance(12 * 3600)
    assert account.send(sender=TOLL_FREE).status == 200


def test_smart_encoding_exchanges_typographic_characters(account: Account) -> None:
    text = "\u201chello\u201d \u2013 you\u2026"
    plain = account.send(sender=LONG_CODE, text=text).data
    assert (plain["encoding"], plain["smart_encoding_applied"], plain["text"]) == ("UCS-2", False, text)
    account.call("PATCH", f"/messaging_profiles/{SECOND}", {"smart_encoding": True})
    smart = account.send(sender=LONG_CODE, text=text).data
    assert (smart["encoding"], smart["smart_encoding_applied"], smart["text"]) == ("GSM-7", True, '"hello" - you...')
    assert account.send(sender=LONG_CODE, text=text, encoding="ucs2").data["text"] == text


def test_webhooks_follow_without_a_request_when_time_runs(account: Account) -> None:
    account.mock.clock.reset()  # it runs
    account.send(sender=TOLL_FREE)
    account.mock.clock.advance(5)
    account.mock.webhooks.settle()
    assert [event.event_type for event in account.events] == ["message.sent", "message.finalized"]


def test_a_message_that_was_received_can_be_read(account: Account) -> None:
    delivery = account.mock.receive_message("hello", to=TOLL_FREE, sender=SOMEBODY)
    account.pass_time(0)
    read = account.call("GET", f"/messages/{delivery.event.payload['id']}").data
    assert read == delivery.event.payload and read["direction"] == "inbound"
