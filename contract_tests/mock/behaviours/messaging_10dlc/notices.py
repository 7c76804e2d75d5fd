"""Who is told how far the review of a campaign has come: the addresses that the campaign names, at each verdict.

Which of the event types of ``campaignStatusUpdate`` belongs to which step stands in no document; their names say it.
"""

from __future__ import annotations

import functools

from ...exchange import Record
from ...world import Notice, World
from .progress import STEP, moment

CAMPAIGNS = "campaigns"
# After how many steps somebody has decided: the type of the event, and who it was.
VERDICTS = ((1, "REGISTRATION", "registry"), (2, "TELNYX_REVIEW", "service provider"), (4, "MNO_REVIEW", "carriers"))
SECOND = 10**9  # ns


def plan(record: Record, world: World) -> None:
    """Let the events of a campaign that was submitted just now be told when their time comes."""
    now = world.clock.nanoseconds()
    for steps, kind, who in VERDICTS:
        at = now + steps * round(STEP.total_seconds()) * SECOND
        world.agenda.at(at, functools.partial(_tell, record["campaignId"], kind, who, world))


def _tell(campaign_id: str, kind: str, who: str, world: World) -> None:
    """Tell of a verdict; not when the campaign has ended, or failed before it came to that."""
    former = world.store[CAMPAIGNS].get(campaign_id)
    if former is None or former.get("status") == "EXPIRED" or former.get("campaignStatus") == "TELNYX_FAILED":
        return
    record = world.behaviours.settles[CAMPAIGNS](former, world)
    world.store[CAMPAIGNS].replace(record)
    refused = record["campaignStatus"] == "TELNYX_FAILED"
    payload = {
        "brandId": record.get("brandId"),
        "campaignId": campaign_id,
        "createDate": str(int(moment(record["createDate"]).timestamp())),
        "cspId": record["cspId"],
        "isTMobileRegistered": bool(record.get("isTMobileRegistered")),
        "type": kind,
        "status": "REJECTED" if refused else "ACCEPTED",
        "description": f"The campaign was {'rejected' if refused else 'accepted'} by the {who}.",
    }
    urls = (record.get("webhookURL"), record.get("webhookFailoverURL"))
    world.tell(Notice(None, payload, world.clock.nanoseconds(), urls))
