"""What a request to send comes to: who sends what to whom, or the first rule that forbids it.

Codes and titles are the API's catalogue; only 40305 and 40310 were captured, with 400, so the rest of the family has
that status too (``openapi/evidence/messages.yaml``). One rule is told at a time, as captured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .. import errors
from ..exchange import Json, Record, Refusal
from ..world import Call, Check, World
from . import senders, spending
from .destinations import E164, country_of
from .inbound import PROFILES, receiver
from .texts import PLAIN, encoding_of, is_gsm

OPTOUTS = "messaging_optouts"
ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
NO_ALPHANUMERIC = frozenset({"US", "CA", "PR"})  # where no alphanumeric sender is allowed (guide on them)
MOST_PARTS, MOST_MEDIA = 10, 10
SOONEST, LATEST = timedelta(minutes=5), timedelta(days=5)  # of a scheduled message


@dataclass(frozen=True, slots=True)
class Way:
    """Who may send with an operation: ``short`` codes only (True), none of them (False), or any sender (None)."""

    short: bool | None = None
    group: bool = False
    pool: bool = False  # the pool alone chooses


WAYS = {
    "sendMessage": Way(),
    "sendLongCodeMessage": Way(short=False),
    "sendShortCodeMessage": Way(short=True),
    "sendNumberPoolMessage": Way(pool=True),
    "sendGroupMmsMessage": Way(short=False, group=True),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that nothing forbids. ``sender``: None while the pool has still to choose among ``numbers``."""

    profile: Record
    sender: str | None
    numbers: tuple[Record, ...]
    recipients: tuple[str, ...]
    is_mms: bool
    text: str
    encoding: str
    parts: int
    changed: bool  # by smart encoding
    send_at: datetime | None

    @property
    def count(self) -> int:
        """How often the price of a part is due."""
        return self.parts * len(self.recipients)

    @property
    def price(self) -> Decimal:
        """US dollars for a part to one recipient."""
        price = spending.MMS if self.is_mms else spending.SMS
        return price.fee + price.rate


def draft(way: Way, body: Record, world: World) -> Draft | None:
    """The message that a body asks for; None when its profile does not exist, ``Refusal`` when a rule forbids it."""
    named = body.get("messaging_profile_id")
    if named is not None and world.store[PROFILES].get(named) is None:
        return None
    recipients = tuple(body.get("to", ()) if way.group else [body.get("to", "")])
    for recipient in recipients or ("",):
        if not E164.fullmatch(recipient):
            raise errors.refusal("40310", "There is no recipient, or one that is no number in E.164.", pointer="/to")
    media = way.group or bool(body.get("media_urls") or body.get("subject") or body.get("type") == "MMS")
    sender, profile = _sender(way, body, recipients, world)
    if profile.get("enabled") is False:
        raise errors.refusal("40312")
    _check_recipients(profile, sender, recipients, world)
    is_mms = media and not _falls_back(profile, sender, world)
    numbers = () if sender else tuple(senders.candidates(world.store, profile, media=is_mms))
    if sender is None and not numbers:
        raise errors.refusal("40321")
    text, encoding, parts, changed = _text(body, profile)
    if spending.is_spent(profile, world):
        raise errors.refusal("40333")
    when = _moment(body, world)
    return Draft(profile, sender, numbers, recipients, is_mms, text, encoding, parts, changed, when)


def _sender(way: Way, body: Record, recipients: tuple[str, ...], world: World) -> tuple[str | None, Record]:
    """Who sends, None for the pool, and with which profile."""
    sender = body.get("from")
    given = world.store[PROFILES].get(body.get("messaging_profile_id", ""))
    if sender is None:
        if given is None:
            raise errors.refusal(
                errors.MISSING, "Either 'from' or 'messaging_profile_id' is required.", pointer="/from"
            )
        alpha = given.get("alpha_sender")
        abroad = all(country_of(one) not in NO_ALPHANUMERIC for one in recipients)
        return (alpha if alpha and abroad and not way.pool else None), given
    number = receiver(world.store, sender)
    if number is None and way.short is None and ALPHANUMERIC.fullmatch(sender):
        return sender, _alphanumeric(sender, given)
    owner = world.store[PROFILES].get((number or {}).get("messaging_profile_id") or "")
    unfit = number is None or way.short not in (None, "short_code" in number)
    if unfit or owner is None or (given and given is not owner):
        raise errors.refusal("40305", pointer="/from")
    return sender, owner


def _alphanumeric(sender: str, profile: Record | None) -> Record:
    if profile is None or not profile.get("alpha_sender"):
        raise errors.refusal("40306", pointer="/from")
    if profile["alpha_sender"] != sender:
        raise errors.refusal("40307", pointer="/from")
    return profile


def is_blocked(profile: Record, recipient: str, world: World) -> bool:
    """Whether a recipient wants no more messages of a profile, whichever of its numbers was told so."""
    return any(one["messaging_profile_id"] == profile["id"] for one in world.store[OPTOUTS].having("to", recipient))


def _check_recipients(profile: Record, sender: str | None, recipients: tuple[str, ...], world: World) -> None:
    allowed = profile.get("whitelisted_destinations") or ["*"]
    for recipient in recipients:
        if "*" not in allowed and country_of(recipient) not in allowed:
            raise errors.refusal("40309", pointer="/to")
        if is_blocked(profile, recipient, world):
            raise errors.refusal("40300")
    if sender and ALPHANUMERIC.fullmatch(sender) and any(country_of(one) in NO_ALPHANUMERIC for one in recipients):
        raise errors.refusal("40301", pointer="/from")


def _falls_back(profile: Record, sender: str | None, world: World) -> bool:
    """Whether an MMS becomes an SMS because its sender takes none; ``Refusal`` where the profile does not want that."""
    if sender is None:
        able = senders.candidates(world.store, profile, media=True)
        return bool(profile.get("mms_fall_back_to_sms")) and not able
    number = receiver(world.store, sender)
    if number is not None and senders.can_send_media(number):
        return False
    if not profile.get("mms_fall_back_to_sms"):
        raise errors.refusal("40308", pointer="/from")
    return True


def _text(body: Record, profile: Record) -> tuple[str, str, int, bool]:
    """The text as it is sent, its encoding, its parts, and whether smart encoding changed it."""
    asked, media, wanted = body.get("text") or "", body.get("media_urls") or [], body.get("encoding", "auto")
    if not asked and not media:
        raise errors.refusal("40316")
    if len(media) > MOST_MEDIA:
        raise errors.refusal("40317", pointer="/media_urls")
    if body.get("type") == "SMS" and (media or body.get("subject")):
        raise errors.refusal("40304", "An SMS has neither media nor a subject.", pointer="/type")
    text = asked.translate(PLAIN) if profile.get("smart_encoding") and wanted != "ucs2" else asked
    if wanted == "gsm7" and not is_gsm(text):
        raise errors.refusal("40304", "The text has characters that GSM-7 lacks.", pointer="/encoding")
    encoding, parts = encoding_of(text, wide=wanted == "ucs2")
    if parts > MOST_PARTS:
        raise errors.refusal("40302", f"The text takes {parts} parts; at most {MOST_PARTS} are sent.", pointer="/text")
    return text, encoding, parts, text != asked


def _moment(body: Record, world: World) -> datetime | None:
    """When a message is to be sent; None for at once."""
    told: Json = body.get("send_at")
    if told is None:
        return None
    try:
        when = datetime.fromisoformat(told.upper())
    except ValueError:  # a leap second, say, is a date-time all the same
        raise errors.refusal(errors.OUT_OF_RANGE, "That moment cannot be scheduled.", pointer="/send_at") from None
    if not SOONEST <= when - world.clock.now() <= LATEST:
        detail = "A message can be scheduled from 5 minutes to 5 days ahead."
        raise errors.refusal(errors.OUT_OF_RANGE, detail, pointer="/send_at")
    return when


def check_of(way: Way) -> Check:
    """The check of the operation that sends in this way."""

    def check(call: Call, world: World) -> Iterator[tuple[int, Record]]:
        try:
            draft(way, call.body, world)
        except Refusal as refusal:
            yield from ((refusal.status, dict(entry)) for entry in refusal.errors)

    return check


CHECKS: dict[str, Check] = {operation_id: check_of(way) for operation_id, way in WAYS.items()}
