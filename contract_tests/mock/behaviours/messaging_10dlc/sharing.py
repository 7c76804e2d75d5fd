"""Campaigns that another provider registered and shared: waiting until they are accepted."""

from __future__ import annotations

from ...exchange import Record
from ...world import Call, Compute, Settle, World
from .campaigns import shared
from .progress import changed

SHARED, NUMBERS = "partner_campaigns", "phone_number_campaigns"
ACCEPTED, WAITING = "ACCEPTED", "PENDING"


def settled(record: Record, world: World) -> Record:
    """The campaign with how many numbers of the account it has."""
    count = len(world.store[NUMBERS].having("campaignId", record["tcrCampaignId"]))
    return changed(record, {"assignedPhoneNumbersCount": count})


def accepted(record: Record | None, call: Call, world: World) -> Record:
    """The campaign is accepted; accepting it twice changes nothing."""
    assert record is not None
    if record.get("_sharing") == WAITING:
        world.store[SHARED].replace({**record, "_sharing": ACCEPTED, "updatedAt": world.clock.stamp()})
    return {"campaignId": record["tcrCampaignId"], "sharingStatus": ACCEPTED}


def status(record: Record | None, call: Call, world: World) -> Record:
    """What Telnyx said to the sharing, under its own id."""
    assert record is not None
    return {"TELNYX": shared(record["createdAt"], record.get("_sharing", ACCEPTED))}


def shared_by_me(record: Record | None, call: Call, world: World) -> list[Record]:
    """Those that were accepted, oldest first."""
    return [
        {
            "brandId": one["tcrBrandId"],
            "campaignId": one["tcrCampaignId"],
            "createDate": one["createdAt"],
            "status": "ACTIVE",
            "usecase": one.get("usecase") or "MIXED",
        }
        for one in world.store[SHARED]
        if one.get("_sharing", ACCEPTED) == ACCEPTED
    ]


COMPUTES: dict[str, Compute] = {
    "acceptSharedCampaign": accepted,
    "listCampaignsSharedByMe": shared_by_me,
    "retrievePartnerCampaignSharing": status,
}
SETTLES: dict[str, Settle] = {SHARED: settled}
