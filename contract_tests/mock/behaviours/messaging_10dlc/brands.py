"""Brands: pending for ten seconds, then registered, unless the tax number is one that the registry does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ... import errors
from ...exchange import Record
from ...world import Call, Check, Compute, Finish, Settle, World
from .progress import SERVICE_PROVIDER, begin, changed, moment, public, registry_id, steps

BRANDS, CAMPAIGNS, VETTINGS = "brands", "campaigns", "brand_external_vettings"
PENDING, REGISTERED, FAILED = "REGISTRATION_PENDING", "OK", "REGISTRATION_FAILED"
UNKNOWN_TAX_NUMBER = "000000000"  # a brand with it is not registered
UNKNOWN_REASON = "The tax number does not belong to the company."
BETWEEN_REVETTINGS = timedelta(days=90)
VETTING_LASTS = timedelta(days=180)
# Reasons by id: what people read, what is wrong, the fields that are meant.
CATEGORIES: dict[str, tuple[str, str, list[str]]] = {
    "TAX_ID": ("Tax Id", "The tax number does not fit the company.", ["ein", "companyName", "entityType"]),
    "STOCK_SYMBOL": ("Stock symbol", "The share is not known.", ["stockSymbol", "stockExchange", "entityType"]),
    "NONPROFIT": ("Non-profit", "The organisation is not known as exempt.", ["entityType", "ein"]),
}


def registered(record: Record, call: Call, world: World) -> None:
    """A new brand is pending; the registry knows it by our id."""
    record["referenceId"] = record["brandId"]
    record["cspId"] = SERVICE_PROVIDER
    record["assignedCampaignsCount"] = 0
    begin(record, world)
    _tell_tax_number(record)


def replaced(record: Record, call: Call, world: World) -> None:
    """A brand that was changed keeps its registration."""
    _tell_tax_number(record)


def _tell_tax_number(record: Record) -> None:
    ein = record.get("ein")
    record["universalEin"] = f"{record.get('country')}_{ein}" if ein else None


def settled(record: Record, world: World) -> Record:
    """The brand as it is by now: its registration, and how many campaigns it has."""
    count = len(world.store[CAMPAIGNS].having("brandId", record["brandId"]))
    # Lists spell the member in their own way.
    changes: Record = {"assignedCampaignsCount": count, "assignedCampaingsCount": count}
    if record.get("status") == PENDING and steps(record, world, otherwise="createdAt") > 0:
        changes |= _registration(record)
    return changed(record, changes)


def _registration(record: Record) -> Record:
    if record.get("ein") == UNKNOWN_TAX_NUMBER:
        return {"status": FAILED, "failureReasons": UNKNOWN_REASON, "identityStatus": "UNVERIFIED"}
    known = "VERIFIED" if record.get("ein") else "SELF_DECLARED"
    return {
        "status": REGISTERED,
        "failureReasons": None,
        "tcrBrandId": record.get("tcrBrandId") or registry_id("B", record["brandId"]),
        "identityStatus": record.get("identityStatus") or known,
    }


def is_decided(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """400 10015 for deleting a mock brand whose registration is pending, as was seen; nobody saw it of another."""
    record = world.store[BRANDS].get(call.path["brand_id"].lower()) or {}
    if record.get("mock") and record.get("status") == PENDING:
        yield 400, errors.entry(errors.BAD_REQUEST, "The registration of the brand is still pending.")


def feedback(record: Record | None, call: Call, world: World) -> Record:
    """Why the brand is not verified, as far as its own fields tell."""
    assert record is not None
    found = []
    if record.get("ein") == UNKNOWN_TAX_NUMBER:
        found.append("TAX_ID")
    if record.get("entityType") == "PUBLIC_PROFIT" and not record.get("stockSymbol"):
        found.append("STOCK_SYMBOL")
    if record.get("entityType") == "NON_PROFIT" and not record.get("ein"):
        found.append("NONPROFIT")
    return {"brandId": record["brandId"], "category": [_category(name) for name in found]}


def _category(name: str) -> Record:
    shown, wrong, fields = CATEGORIES[name]
    return {"id": name, "displayName": shown, "description": wrong, "fields": list(fields)}


def resent(record: Record | None, call: Call, world: World) -> Record:
    """The answer has no body, and no e-mail leaves the mock."""
    return {}


def revetted(record: Record | None, call: Call, world: World) -> Record:
    """The brand is looked at again; refused within three months of the last time."""
    assert record is not None
    last = record.get("_revetted")
    if last is not None and world.clock.now() - moment(last) < BETWEEN_REVETTINGS:
        raise errors.refusal("10027", "The brand was verified again less than three months ago.")
    stamp = world.clock.stamp()
    again = {**record, "status": PENDING, "identityStatus": None, "failureReasons": None}
    again |= {"updatedAt": stamp, "_revetted": world.clock.now().isoformat()}
    begin(again, world)
    world.store[BRANDS].replace(again)
    return {name: value for name, value in public(again).items() if name != "assignedCampaingsCount"}


# External vetting


def ordered(record: Record, call: Call, world: World) -> None:
    """A vetting is ordered; refused as a repetition of one that counts."""
    for other in world.store[VETTINGS].having("brandId", record["brandId"]):
        alike = all(other.get(name) == record.get(name) for name in ("evpId", "vettingClass"))
        if alike and world.clock.now() - moment(other["createDate"]) < VETTING_LASTS:
            raise errors.refusal("10012", "The provider has this order already.", status=400, pointer="/evpId")
    begin(record, world)


def vetting_settled(record: Record, world: World) -> Record:
    """The vetting as it is by now: the provider is done after a step, with a score that its id decides."""
    if record.get("vettedDate") is not None or steps(record, world, otherwise="createDate") == 0:
        return record
    score = 50 + sum(map(ord, record["vettingId"])) % 51
    return {**record, "vettedDate": world.clock.stamp(), "vettingScore": score}


def imported(record: Record | None, call: Call, world: World) -> Record:
    """A vetting that exists becomes one of the brand; the provider vouches for its result."""
    assert record is not None
    vettings = world.store[VETTINGS]
    stamp = world.clock.stamp()
    vetting: Record = {
        "evpId": call.body.get("evpId"),
        "vettingId": call.body.get("vettingId") or world.identifiers.uuid(),
        "vettingToken": call.body.get("vettingToken"),
        "vettingScore": 80,
        "vettingClass": "STANDARD",
        "vettedDate": stamp,
        "createDate": stamp,
        "brandId": record["brandId"],
    }
    if vettings.get(vetting["vettingId"]) is None:
        vettings.insert(vetting)
    else:
        vettings.replace(vetting)
    world.store[BRANDS].replace({**record, "identityStatus": "VETTED_VERIFIED"})
    return {name: value for name, value in vetting.items() if name != "brandId"}


IDENTIFIER_KINDS = {BRANDS: "4b2", VETTINGS: "4b5"}
COMPUTES: dict[str, Compute] = {
    "retrieveBrandFeedback": feedback,
    "resendBrandTwoFactorEmail": resent,
    "revetBrand": revetted,
    "importBrandExternalVetting": imported,
}
CHECKS: dict[str, Check] = {"deleteBrand": is_decided}
FINISHES: dict[str, Finish] = {
    "createBrand": registered,
    "replaceBrand": replaced,
    "createBrandExternalVetting": ordered,
}
SETTLES: dict[str, Settle] = {BRANDS: settled, VETTINGS: vetting_settled}
