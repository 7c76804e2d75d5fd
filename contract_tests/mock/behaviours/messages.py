"""Messages on their way: queued, sending, sent and delivered as the mock's clock goes on; who is told of it.

Nothing leaves this machine. Every message arrives, unless a test said of its recipient what is to become of messages to
it (``fates``). The times between the steps are made up; the API tells none.
"""

from __future__ import annotations

import copy
import functools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.errors import InputError

from ..clock import at_nanoseconds
from ..exchange import Json, Record
from ..world import Call, Compute, Notice, World
from . import senders, spending
from .fates import FATES, NEVER_SENT, Fate
from .inbound import listener
from .messaging_10dlc.numbers import sends_with
from .sending import WAYS, Draft, Way, draft

MESSAGES = "messages"
ORGANIZATION = "organization"  # in the world's memory: "id" → whose account it is
SECOND = 10**9  # ns
SENDING, SENT, FINAL = SECOND // 10, 3 * SECOND // 10, SECOND  # after it was queued
VALID_FOR = 3600 * SECOND
SCHEDULED = "scheduled"  # status, and in the world's memory: id → when it is queued (ns)
TOO_LATE = 60 * SECOND  # before it is queued a message cannot be cancelled any more
SENT_EVENT, FINAL_EVENT = "message.sent", "message.finalized"


@dataclass(frozen=True, slots=True)
class Stage:
    """A message from ``moment`` (ns) on, and the type of the event that tells of it."""

    moment: int
    record: Record
    event_type: str | None = None


def stamped(nanoseconds: int) -> str:
    """A moment as answers show it."""
    return f"{at_nanoseconds(nanoseconds).isoformat(timespec='milliseconds')[:-6]}Z"


def nanoseconds_of(moment: datetime) -> int:
    """Nanoseconds since 1970-01-01 UTC of a moment with a time zone."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def course(record: Record, queued: int, fates: Mapping[Any, Fate]) -> Iterator[Stage]:
    """The stages that a message goes through once it is ``queued`` (ns), by the fates of its recipients. Pure."""
    ends = [fates.get(one["phone_number"], Fate()) for one in record["to"]]
    yield Stage(queued + SENDING, _at(record, ["sending"] * len(ends)))
    now = record
    if any(end.status != NEVER_SENT for end in ends):
        sent = [NEVER_SENT if end.status == NEVER_SENT else "sent" for end in ends]
        now = {**_at(record, sent), "sent_at": stamped(queued + SENT)}
        yield Stage(queued + SENT, now, SENT_EVENT)
    wrong = [copy.deepcopy(end.error) for end in ends if end.error is not None]
    done = {**_at(now, [end.status for end in ends]), "completed_at": stamped(queued + FINAL), "errors": wrong}
    yield Stage(queued + FINAL, done, FINAL_EVENT)


def _at(record: Record, statuses: list[str]) -> Record:
    """The message with the statuses of its recipients, in the lists that hold them."""
    by_number = dict(zip((one["phone_number"] for one in record["to"]), statuses, strict=True))
    changed = dict(record)
    for name in ("to", "cc"):
        changed[name] = [{**one, "status": by_number[one["phone_number"]]} for one in record[name]]
    return changed


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told of a message: addresses in order, or why nobody is."""

    urls: tuple[str | None, ...]
    withheld: str | None


def audience(profile: Record, body: Record) -> Audience:
    """First the addresses of the message, then, unless it says no, those of its profile."""
    own = (body.get("webhook_url"), body.get("webhook_failover_url"))
    if not body.get("use_profile_webhooks", True):
        return Audience(own, None)
    told = listener(profile)
    return Audience((*own, *told.urls), told.withheld)


def launch(record: Record, queued: int, told: Audience, world: World) -> None:
    """Let a stored message take its course from ``queued`` (ns) on, and its events be told."""
    collection = world.store[MESSAGES]
    for stage in course(record, queued, world.remembered(FATES)):
        world.agenda.at(stage.moment, functools.partial(collection.replace, stage.record))
        if stage.event_type is not None:
            world.tell(Notice(stage.event_type, stage.record, stage.moment, told.urls, told.withheld))


def dispatch(made: Draft, body: Record, world: World) -> Record:
    """Store a message that nothing forbids, charge for it, and let it take its course."""
    identifier = world.identifiers.uuid("403")
    draw = random.Random(identifier)
    sender = made.sender or senders.choose(list(made.numbers), made.profile, made.recipients[0], world, draw)
    record = outbound(made, body, identifier, sender, world)
    world.store[MESSAGES].insert(record)
    reached = spending.spend(made.profile, made.price * made.count, world)
    if reached is not None:
        world.tell(reached)
    told = audience(made.profile, body)
    if made.send_at is None:
        launch(record, world.clock.nanoseconds(), told, world)
    else:
        queued = nanoseconds_of(made.send_at)
        world.remembered(SCHEDULED)[identifier] = queued
        world.agenda.at(queued, functools.partial(_queue, record, queued, told, world))
    return record


def _queue(record: Record, queued: int, told: Audience, world: World) -> None:
    """The moment of a scheduled message has come; a cancelled one is no longer remembered."""
    if world.remembered(SCHEDULED).pop(record["id"], None) is not None:
        ready = _at(record, ["queued"] * len(record["to"]))
        world.store[MESSAGES].replace(ready)
        launch(ready, queued, told, world)


def cancel(world: World, message_id: str) -> Record:
    """Take a scheduled message back, which nobody is told of; ``InputError`` when it is none, or too late."""
    queued = world.remembered(SCHEDULED).get(message_id)
    if queued is None:
        raise InputError(f"no message {message_id!r} is scheduled", fix="send it with send_at; a sent one is out")
    if queued - world.clock.nanoseconds() <= TOO_LATE:
        raise InputError(f"the message {message_id!r} is sent within a minute: too late to cancel it")
    del world.remembered(SCHEDULED)[message_id]
    message = world.store[MESSAGES].get(message_id)
    assert message is not None, "what is scheduled is stored"
    cancelled = _at(message, ["cancelled"] * len(message["to"]))
    world.store[MESSAGES].replace(cancelled)
    return cancelled


def send(way: Way, call: Call, world: World) -> Record:
    """The message that a request asks for."""
    made = draft(way, call.body, world)
    if made is None:  # only a drift lets a profile that does not exist come so far: it counts as none
        unnamed = {name: value for name, value in call.body.items() if name != "messaging_profile_id"}
        made = draft(way, unnamed, world)
        assert made is not None
    return dispatch(made, call.body, world)


def outbound(made: Draft, body: Record, identifier: str, sender: str, world: World) -> Record:
    """The message as the answer to the request shows it."""
    status = "queued" if made.send_at is None else SCHEDULED
    received = world.clock.stamp()
    begins = world.clock.nanoseconds() if made.send_at is None else nanoseconds_of(made.send_at)
    media = body.get("media_urls") or [] if made.is_mms else []
    campaign = sends_with(sender, world)
    to = [{"phone_number": one, "status": status, "carrier": "", "line_type": "Wireless"} for one in made.recipients]
    return {
        "record_type": "message",
        "direction": "outbound",
        "id": identifier,
        "type": "MMS" if made.is_mms else "SMS",
        "messaging_profile_id": made.profile["id"],
        "organization_id": organization(world),
        "from": {"phone_number": sender, "carrier": "Telnyx", "line_type": "VoIP"},
        "to": to,
        "cc": copy.deepcopy(to[1:]),
        "text": made.text,
        "subject": body.get("subject") if made.is_mms else None,
        "media": [{"url": url, "content_type": None, "sha256": None, "size": None} for url in media],
        "webhook_url": body.get("webhook_url") or made.profile.get("webhook_url") or None,
        "webhook_failover_url": body.get("webhook_failover_url") or made.profile.get("webhook_failover_url") or None,
        "encoding": made.encoding,
        "parts": made.parts,
        "tags": [],
        **spending.costs(spending.MMS if made.is_mms else spending.SMS, made.count),
        "tcr_campaign_id": campaign,
        "tcr_campaign_billable": campaign is not None,
        "tcr_campaign_registered": campaign and "REGISTERED",
        "received_at": received,
        "sent_at": None,
        "completed_at": None,
        "valid_until": stamped(begins + VALID_FOR),
        "errors": [],
        "smart_encoding_applied": made.changed,
    }


def organization(world: World) -> Json:
    """Whose account it is: as the first message that was there says."""
    known = world.remembered(ORGANIZATION)
    if "id" not in known:
        first = next((one["organization_id"] for one in world.store[MESSAGES] if one.get("organization_id")), None)
        known["id"] = first or world.identifiers.uuid()
    return known["id"]


def compute_of(way: Way) -> Compute:
    """The computation of the operation that sends in this way."""
    return lambda _, call, world: send(way, call, world)


COMPUTES: dict[str, Compute] = {operation_id: compute_of(way) for operation_id, way in WAYS.items()}
IDENTIFIER_KINDS = {MESSAGES: "403"}
