"""Rich messages: an agent sends, the recipient gets and reads it as the mock's clock goes on.

They are not kept: no operation reads them back. Where the recipient has no RCS a fallback would be sent; here everybody
has it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from .. import errors
from ..clock import at_nanoseconds
from ..exchange import Record
from ..webhooks.event import moment
from ..world import Call, Check, Compute, Notice, World
from . import spending
from .destinations import E164, country_of
from .fates import FATES, NEVER_SENT, Fate
from .inbound import PROFILES
from .messages import FINAL, SECOND, SENT, VALID_FOR, audience, organization
from .sending import is_blocked

AGENTS = "rcs_agents"
READ = FINAL + SECOND  # ns after it was queued
READ_EVENT = "message.read"


def rules(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """The first thing that forbids a rich message; a profile or an agent that does not exist is told elsewhere."""
    agent, profile = _parties(call, world)
    if agent is None or profile is None:
        return
    to, content = call.body.get("to", ""), call.body.get("agent_message") or {}
    allowed = profile.get("whitelisted_destinations") or ["*"]
    refused = {
        "40310": not E164.fullmatch(to),
        "40305": not agent.get("enabled"),
        "40312": profile.get("enabled") is False,
        "40309": "*" not in allowed and country_of(to) not in allowed,
        "40300": is_blocked(profile, to, world),
        "40316": not content.get("content_message") and not content.get("event"),
        "40333": spending.is_spent(profile, world),
    }
    code = next((code for code, holds in refused.items() if holds), None)
    if code is not None:
        yield errors.CATALOGUE[code].status, errors.entry(code)


def send(_: Record | None, call: Call, world: World) -> Record:
    """A rich message, queued; its events follow."""
    agent, profile = _parties(call, world)
    if agent is None or profile is None:  # only a drift lets a request that names none come so far
        raise errors.refusal("10017", "There is no such agent, or no such profile.", status=422)
    to = call.body.get("to", "")
    record: Record = {
        "record_type": "message",
        "direction": "outbound",
        "id": world.identifiers.uuid("403"),
        "type": "RCS",
        "organization_id": organization(world),
        "messaging_profile_id": profile["id"],
        "from": {"agent_id": agent["agent_id"], "carrier": "Telnyx", "agent_name": agent["agent_name"]},
        "to": [_recipient(to, "queued")],
        "body": call.body["agent_message"],
        "encoding": "utf-8",
        "received_at": world.clock.stamp(),
    }
    reached = spending.spend(profile, spending.MMS.fee + spending.MMS.rate, world)
    if reached is not None:
        world.tell(reached)
    told = audience(profile, call.body)
    for event_type, at, report in _course(record, call.body, profile, world):
        world.tell(Notice(event_type, report, at, told.urls, told.withheld))
    return record


def _course(record: Record, body: Record, profile: Record, world: World) -> Iterator[tuple[str, int, Record]]:
    """Type, moment and payload of each event of a message that is queued now."""
    queued = world.clock.nanoseconds()
    to = record["to"][0]["phone_number"]
    fate: Fate = world.remembered(FATES).get(to, Fate())
    at = functools.partial(_told, queued)
    report = {
        **{name: value for name, value in record.items() if name not in {"encoding", "body"}},
        "body": {"text": (body["agent_message"].get("content_message") or {}).get("text", "")},
        "cost": None,
        "tags": [],
        "errors": [],
        "received_at": at(0),
        "sent_at": None,
        "completed_at": None,
        "valid_until": at(VALID_FOR),
        "webhook_url": body.get("webhook_url") or profile.get("webhook_url") or None,
        "webhook_failover_url": profile.get("webhook_failover_url") or None,
    }
    if fate.status != NEVER_SENT:
        report = {**report, "to": [_recipient(to, "sent")], "sent_at": at(SENT)}
        yield "message.sent", queued + SENT, report
    wrong = [] if fate.error is None else [fate.error]
    done = {**report, "to": [_recipient(to, fate.status)], "completed_at": at(FINAL), "errors": wrong}
    yield "message.finalized", queued + FINAL, done
    if fate.status == "delivered":
        yield READ_EVENT, queued + READ, {**done, "to": [_recipient(to, "read")]}


def _told(queued: int, after: int) -> str:
    return moment(at_nanoseconds(queued + after))


def _recipient(number: str, status: str) -> Record:
    return {"phone_number": number, "status": status, "carrier": "", "line_type": "Wireless"}


def _parties(call: Call, world: World) -> tuple[Record | None, Record | None]:
    return (
        world.store[AGENTS].get(call.body.get("agent_id", "")),
        world.store[PROFILES].get(call.body.get("messaging_profile_id", "")),
    )


COMPUTES: dict[str, Compute] = {"sendRcsMessage": send}
CHECKS: dict[str, Check] = {"sendRcsMessage": rules}
