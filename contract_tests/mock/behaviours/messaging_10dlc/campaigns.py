"""Campaigns: reviewed by the registry, by Telnyx and by the networks, one step after the other on the mock's clock.

One whose ``termsAndConditions`` is false fails when Telnyx looks at it, so that a failure can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ... import errors
from ...exchange import Json, Record, Refusal
from ...world import Call, Check, Compute, Finish, Settle, World
from . import notices
from .progress import SERVICE_PROVIDER, begin, changed, moment, registry_id, steps
from .usecases import LEAST_SUB_USECASES, MOST_SUB_USECASES, NETWORKS, UP_FRONT, USECASES, mno_metadata

BRANDS, CAMPAIGNS, NUMBERS = "brands", "campaigns", "phone_number_campaigns"
REVIEW = ("TCR_PENDING", "TCR_ACCEPTED", "TELNYX_ACCEPTED", "MNO_PENDING", "MNO_ACCEPTED", "MNO_PROVISIONED")
TELNYX_LOOKS = REVIEW.index("TELNYX_ACCEPTED")
REFUSED, ENDED = "TELNYX_FAILED", "TCR_EXPIRED"
TERMS_REFUSED = "The terms and conditions are not accepted."
BILLED_EVERY = timedelta(days=90)
FINAL = frozenset({REVIEW[-1], REFUSED, ENDED})
# The registry's operation status of a campaign, by whether its review is over.
REGISTERED, UNDER_REVIEW = "REGISTERED", "REVIEW"


def is_submittable(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """10032 for use cases that the registry has not."""
    if call.body.get("usecase") not in USECASES:
        yield 422, _unknown("usecase", "/usecase")
    for index, name in enumerate(call.body.get("subUsecases", ())):
        if name not in USECASES:
            yield 422, _unknown("sub-usecase", f"/subUsecases/{index}")


def _unknown(what: str, pointer: str) -> Record:
    return errors.entry("10032", f"The registry has no such {what}.", pointer=pointer)


def submitted(record: Record, call: Call, world: World) -> None:
    """A new campaign has what its brand says of itself."""
    brand = world.store[BRANDS].get(record.get("brandId", "")) or {}
    record["brandDisplayName"] = brand.get("displayName")
    record["tcrBrandId"] = brand.get("tcrBrandId")
    record["vertical"] = brand.get("vertical")
    record["mock"] = bool(brand.get("mock"))
    record["cspId"] = SERVICE_PROVIDER
    record.setdefault("subUsecases", [])
    record.setdefault("termsAndConditions", True)
    record["nextRenewalOrExpirationDate"] = f"{(moment(record['createDate']) + BILLED_EVERY).date()}T00:00:00.000Z"
    record["assignedPhoneNumbersCount"] = 0
    # Lists are sorted by createdAt, which no record shows.
    record["createdAt"] = record["createDate"]
    begin(record, world)
    notices.plan(record, world)


def settled(record: Record, world: World) -> Record:
    """The campaign as it is by now: its review, and how many numbers it has."""
    changes: Record = {
        "assignedPhoneNumbersCount": len(world.store[NUMBERS].having("campaignId", record["campaignId"]))
    }
    if "createdAt" not in record:
        changes["createdAt"] = record["createDate"]
    if record.get("campaignStatus") not in FINAL:
        changes |= _review(record, steps(record, world, otherwise="createDate"))
    return changed(record, changes)


def _review(record: Record, passed: int) -> Record:
    stage = min(passed, len(REVIEW) - 1)
    made: Record = {"campaignStatus": REVIEW[stage], "submissionStatus": "CREATED" if stage else "PENDING"}
    if stage:
        made["tcrCampaignId"] = registry_id("C", record["campaignId"])
    if stage >= TELNYX_LOOKS and record.get("termsAndConditions") is False:
        return {**made, "campaignStatus": REFUSED, "failureReasons": TERMS_REFUSED}
    done = stage == len(REVIEW) - 1
    return {**made, "isTMobileRegistered": done, "isTMobileSuspended": False, "isTMobileNumberPoolingEnabled": False}


def deactivated(record: Record | None, call: Call, world: World) -> Record:
    """The campaign ends; it can still be read."""
    assert record is not None
    ended = {**record, "status": "EXPIRED", "campaignStatus": ENDED, "isTMobileRegistered": False}
    world.store[CAMPAIGNS].replace(ended)
    message = "The campaign has been deactivated."
    return {"time": world.clock.now().timestamp(), "record_type": "campaign_deactivation", "message": message}


def metadata(record: Record | None, call: Call, world: World) -> Record:
    """Every network takes every campaign."""
    return mno_metadata()


def operation_status(record: Record | None, call: Call, world: World) -> Record:
    """How far each network is."""
    assert record is not None
    done = record.get("campaignStatus") == REVIEW[-1]
    return dict.fromkeys(NETWORKS, REGISTERED if done else UNDER_REVIEW)


def osr_attributes(record: Record | None, call: Call, world: World) -> Record:
    """What is published about a campaign; nothing of one that has ended."""
    assert record is not None
    if record.get("status") == "EXPIRED":
        return {}
    return {name: record.get(name) for name in ("tcrCampaignId", "tcrBrandId", "usecase", "status")}


def sharing(record: Record | None, call: Call, world: World) -> Record:
    """Campaigns are shared with Telnyx as soon as the registry has them; a reseller's were shared with the account."""
    assert record is not None
    if not record.get("tcrCampaignId"):
        return {}
    made = {"sharedByMe": shared(record["createDate"], "ACCEPTED")}
    if record.get("resellerId"):
        made["sharedWithMe"] = shared(record["createDate"], "ACCEPTED", record["resellerId"], SERVICE_PROVIDER)
    return made


def shared(date: Json, status: str, by: str = SERVICE_PROVIDER, upstream: str = "TELNYX") -> Record:
    """One sharing: ``by`` whom, and ``upstream`` with whom."""
    return {
        "downstreamCnpId": by,
        "sharedDate": date,
        "sharingStatus": status,
        "statusDate": date,
        "upstreamCnpId": upstream,
    }


def cost(record: Record | None, call: Call, world: World) -> Record:
    """The price of a use case; 10032 for one that the registry has not."""
    name = call.query["usecase"]
    if name not in USECASES:
        raise Refusal(422, [errors.entry("10032", "The registry has no such usecase.", parameter="usecase")])
    usecase = USECASES[name]
    return {
        "campaignUsecase": name,
        "monthlyCost": str(usecase.monthly),
        "upFrontCost": str(UP_FRONT),
        "description": f"{usecase.shown}: {usecase.monthly} USD a month.",
    }


def qualification(record: Record | None, call: Call, world: World) -> Record:
    """What a use case would cost the brand; every brand qualifies for those that the registry has."""
    name = call.path["usecase"]
    if name not in USECASES:
        raise errors.refusal(errors.NOT_FOUND)
    usecase = USECASES[name]
    return {
        "annualFee": float(usecase.monthly * 12),
        "maxSubUsecases": MOST_SUB_USECASES if usecase.mixed else 0,
        "minSubUsecases": LEAST_SUB_USECASES if usecase.mixed else 0,
        "mnoMetadata": mno_metadata(),
        "monthlyFee": float(usecase.monthly),
        "quarterlyFee": float(usecase.monthly * 3),
        "usecase": name,
    }


IDENTIFIER_KINDS = {CAMPAIGNS: "4b3"}
COMPUTES: dict[str, Compute] = {
    "deactivateCampaign": deactivated,
    "retrieveCampaignMnoMetadata": metadata,
    "retrieveCampaignOperationStatus": operation_status,
    "retrieveCampaignOsrAttributes": osr_attributes,
    "retrieveCampaignSharingStatus": sharing,
    "retrieveCampaignCost": cost,
    "retrieveUsecaseQualification": qualification,
}
CHECKS: dict[str, Check] = {"createCampaign": is_submittable}
FINISHES: dict[str, Finish] = {"createCampaign": submitted}
SETTLES: dict[str, Settle] = {CAMPAIGNS: settled}
