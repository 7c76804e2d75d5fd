"""Somebody writes to a number of the account: the message is kept, and keywords of opting in and out take effect."""

from __future__ import annotations

from collections.abc import Iterable

from scripts.errors import InputError

from ..exchange import Record
from ..webhooks.event import moment
from ..world import World
from . import inbound, keywords
from .messages import MESSAGES, organization


def receive(
    world: World, identifier: str, *, to: str, sender: str, text: str, media: Iterable[str]
) -> tuple[Record, Record | None]:
    """The message that arrived, as webhooks tell of it, and the profile of the number it came to (None: it has none).

    ``InputError`` for a number that the account does not have.
    """
    if not isinstance(text, str):  # what calls from another language is not held to types
        raise TypeError("the text of a message must be a text")
    number = inbound.receiver(world.store, to)
    if number is None:
        raise InputError(f"the account has no number {to!r}", fix="seed it, or take one of the seed records'")
    profile = world.store[inbound.PROFILES].get(number.get("messaging_profile_id") or "")
    found = keywords.reaction(text, sender, profile, world) if profile is not None else None
    record = inbound.payload(
        identifier,
        moment(world.clock.now()),
        to=to,
        sender=sender,
        text=text,
        media=media,
        profile=profile,
        organization=organization(world),
        autoresponse_type=found.type if found else None,
    )
    world.store[MESSAGES].insert(record)
    if found is not None and profile is not None:
        keywords.react(found, to, sender, profile, world)
    return record, profile
