"""Clicks on shortened links: told to the profile where it wants that."""

from __future__ import annotations

import pytest

from contract_tests.unit.mock.behaviours.account import BUSY, SOMEBODY, TOLL_FREE, Account
from scripts.errors import InputError

MENU = "https://www.example.com/menu"


def test_a_click_is_told_where_that_is_switched_on(account: Account) -> None:
    sent = account.send(sender=TOLL_FREE).data
    account.pass_time(5)
    assert "send_webhooks" in str(account.mock.follow_link(sent["id"], MENU).reason)
    shortener = {"domain": "example.ex", "prefix": "x", "replace_blacklist_only": True, "send_webhooks": True}
    account.call("PATCH", f"/messaging_profiles/{BUSY}", {"url_shortener_settings": shortener})
    account.mock.follow_link(sent["id"], MENU)
    assert account.pass_time(0) == ["link_clicked"]
    click = account.events[-1].record.data
    assert (click.url, click.to, str(click.message_id)) == (MENU, SOMEBODY, sent["id"])


def test_only_links_of_messages_that_were_sent_are_followed(account: Account) -> None:
    received = account.mock.receive_message("hello", to=TOLL_FREE).event.payload["id"]
    for identifier in (received, "nobody"):
        with pytest.raises(InputError, match="no message"):
            account.mock.follow_link(identifier, MENU)
