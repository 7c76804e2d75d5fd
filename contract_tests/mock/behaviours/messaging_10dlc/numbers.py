"""Numbers and their campaigns: one is pending for a step; all numbers of a profile follow one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from ... import errors
from ...exchange import Json, Record
from ...world import Call, Check, Compute, Finish, Settle, World
from .progress import begin, changed, steps

CAMPAIGNS, SHARED, NUMBERS = "campaigns", "partner_campaigns", "phone_number_campaigns"
TASKS, OWNED = "phone_number_assignments", "phone_number_messaging_settings"
PENDING, ASSIGNED = "PENDING_ASSIGNMENT", "ASSIGNED"
STATES = ("pending", "processing", "completed")


def _campaign(identifier: str, world: World) -> Record | None:
    """A campaign of the account by its id, or one that was shared by its id at the registry."""
    return world.store[CAMPAIGNS].get(identifier) or world.store[SHARED].get(identifier)


def _assignable(identifier: str, pointer: str, world: World) -> Iterator[tuple[int, Record]]:
    campaign = _campaign(identifier, world)
    if campaign is None:
        yield 422, errors.entry("10017", "There is no such campaign.", pointer=pointer)
    elif campaign.get("status") == "EXPIRED":
        yield 422, errors.entry("10027", "The campaign has ended.", pointer=pointer)


def can_be_assigned(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """10017 for a number or a campaign that the account has not, 10027 for a campaign that has ended."""
    number = call.body.get("phoneNumber")
    if world.store[OWNED].find("phone_number", number) is None:
        yield 422, errors.entry("10017", "The account has no such number.", pointer="/phoneNumber")
    if call.path.get("phone_number", number) != number:
        yield 422, errors.entry("10027", "The path names another number.", pointer="/phoneNumber")
    yield from _assignable(call.body.get("campaignId", ""), "/campaignId", world)


def assigned(record: Record, call: Call, world: World) -> None:
    """An assignment knows its campaign's brand; a number that has a campaign is moved."""
    number = record["phoneNumber"]
    if call.path.get("phone_number") is None and world.store[NUMBERS].get(number) is not None:
        world.store[NUMBERS].remove(number)
    record.update(_assignment(record["campaignId"], world))
    begin(record, world)


def _assignment(campaign_id: str, world: World) -> Record:
    own = world.store[CAMPAIGNS].get(campaign_id)
    campaign = own or world.store[SHARED].get(campaign_id) or {}
    return {
        "campaignId": campaign_id,
        "brandId": own and own["brandId"],
        "tcrBrandId": campaign.get("tcrBrandId"),
        "tcrCampaignId": campaign.get("tcrCampaignId"),
        "telnyxCampaignId": own and campaign_id,
        "assignmentStatus": PENDING,
        "failureReasons": None,
    }


def number_settled(record: Record, world: World) -> Record:
    """The assignment as it is by now: accepted after a step; the registry may have named the campaign only since."""
    changes: Record = {}
    if record.get("assignmentStatus") == PENDING and steps(record, world, otherwise="createdAt") > 0:
        changes["assignmentStatus"] = ASSIGNED
    if record.get("tcrCampaignId") is None:
        changes["tcrCampaignId"] = (_campaign(record["campaignId"], world) or {}).get("tcrCampaignId")
    return changed(record, changes)


def sends_with(number: str, world: World) -> str | None:
    """The id at the registry of the campaign that a number sends with; None where none is assigned, or has ended."""
    assignment = world.store[NUMBERS].get(number)
    if assignment is None or number_settled(assignment, world).get("assignmentStatus") != ASSIGNED:
        return None
    campaign = _campaign(assignment["campaignId"], world) or {}
    return None if campaign.get("status") == "EXPIRED" else campaign.get("tcrCampaignId")


# All numbers of a messaging profile


def can_begin(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """The campaign has to exist; ``campaignId`` counts where both ids are given."""
    own, shared = call.body.get("campaignId"), call.body.get("tcrCampaignId")
    if own is not None:
        yield from _assignable(own, "/campaignId", world)
    if shared is not None and world.store[SHARED].get(shared) is None:
        yield 422, errors.entry("10017", "No such campaign was shared.", pointer="/tcrCampaignId")


def begun(record: Record, call: Call, world: World) -> None:
    """The numbers that the profile has when an assignment begins get the campaign, each pending for a step."""
    stamp = world.clock.stamp()
    profile = record.get("messagingProfileId")
    numbers = [one["phone_number"] for one in world.store[OWNED].having("messaging_profile_id", profile)]
    record |= {"status": STATES[0], "createdAt": stamp, "updatedAt": stamp}
    record["_numbers"] = numbers
    begin(record, world)
    campaign = _campaign_of(record)
    for number in numbers if campaign is not None else ():
        _assign(number, campaign, stamp, world)


def _campaign_of(task: Record) -> Json:
    return task.get("campaignId") or task.get("tcrCampaignId")


def _assign(number: str, campaign: str, stamp: str, world: World) -> None:
    numbers = world.store[NUMBERS]
    former = numbers.get(number)
    made: Record = {"phoneNumber": number, **_assignment(campaign, world)}
    made |= {"createdAt": former["createdAt"] if former else stamp, "updatedAt": stamp}
    begin(made, world)
    if former is None:
        numbers.insert(made)
    else:
        numbers.replace(made)


def task_settled(record: Record, world: World) -> Record:
    """The assignment as it is by now: two steps, after which its numbers have the campaign; without one it fails."""
    if record["status"] not in STATES[:-1]:
        return record
    stage = min(steps(record, world, otherwise="createdAt"), len(STATES) - 1)
    if record["status"] == STATES[stage]:
        return record
    status = "failed" if _campaign_of(record) is None else STATES[stage]
    return {**record, "status": status, "updatedAt": world.clock.stamp()}


def numbers_of(record: Record | None, call: Call, world: World) -> list[Record]:
    """Each number of the assignment is as far as the whole."""
    assert record is not None
    numbers: Json = record.get("_numbers", ())
    return [{"taskId": record["taskId"], "phoneNumber": one, "status": record["status"]} for one in numbers]


IDENTIFIER_KINDS = {TASKS: "667"}
COMPUTES: dict[str, Compute] = {"listAssignedPhoneNumbers": numbers_of}
CHECKS: dict[str, Check] = {
    "createPhoneNumberCampaign": can_be_assigned,
    "replacePhoneNumberCampaign": can_be_assigned,
    "createPhoneNumberAssignment": can_begin,
}
FINISHES: dict[str, Finish] = {
    "createPhoneNumberCampaign": assigned,
    "replacePhoneNumberCampaign": assigned,
    "createPhoneNumberAssignment": begun,
}
SETTLES: dict[str, Settle] = {NUMBERS: number_settled, TASKS: task_settled}
