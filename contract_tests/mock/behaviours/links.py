"""Shortened links: who is told when a recipient follows one. The mock leaves links in texts as they are."""

from __future__ import annotations

from scripts.errors import InputError

from ..world import Notice, World
from .inbound import PROFILES
from .messages import MESSAGES, audience, stamped


def followed(world: World, message_id: str, url: str) -> Notice:
    """The click on a link in a message that was sent; ``InputError`` when there is none with this id."""
    message = world.store[MESSAGES].get(message_id)
    if message is None or message["direction"] != "outbound":
        raise InputError(f"the account has sent no message {message_id!r}")
    now = world.clock.nanoseconds()
    click = {
        "record_type": "link_clicked",
        "url": url,
        "to": message["to"][0]["phone_number"],
        "message_id": message_id,
        "time_clicked": stamped(now),
    }
    profile = world.store[PROFILES].get(message["messaging_profile_id"] or "") or {}
    if not (profile.get("url_shortener_settings") or {}).get("send_webhooks"):
        return Notice(None, {"data": click}, now, withheld="send_webhooks of the URL shortener is off")
    told = audience(profile, {})
    return Notice(None, {"data": click}, now, told.urls, told.withheld)
