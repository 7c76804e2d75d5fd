"""Hosted numbers: eligibility, codes that prove who owns them, documents, and activation as the mock's clock goes on.

An order moves on when all its numbers are proved to be owned and both documents are there. Real orders take days, a
step of the mock's an hour. The code of a number is its last five digits, so that a client in any language knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import errors
from ..exchange import Record
from ..world import Call, Check, Compute, Notice, World
from .destinations import E164, country_of
from .inbound import PROFILES, listener
from .messages import SECOND, organization
from .senders import NUMBERS

ORDERS, HOSTED = "messaging_hosted_number_orders", "messaging_hosted_numbers"
CODES = "verification codes"  # in the world's memory: (order, number) → id of the code that was sent
DOCUMENTS = "hosting documents"  # in the world's memory: order → names of those that came
WANTED = frozenset({"loa", "bill"})
STEP = 3600 * SECOND
EVENT = "messaging_hosted_numbers_orders"
OWNED = "ownership_successful"
DETAILS = {
    "ELIGIBLE": "The number can be hosted.",
    "NUMBER_IS_NOT_IN_E164_FORMAT": "The number is not in E.164.",
    "NUMBER_CAN_NOT_BE_REPEATED": "The number is asked for twice.",
    "NUMBER_IS_NOT_A_US_NUMBER": "Only numbers of the United States can be hosted.",
    "NUMBER_CAN_NOT_BE_ACTIVE_IN_YOUR_ACCOUNT": "The account has the number already.",
    "NUMBER_CAN_NOT_HOSTED_WITH_A_TELNYX_SUBSCRIBER": "Another order has the number.",
}


def code_of(number: str) -> str:
    """The code that is sent to a number."""
    return number[-5:]


def verdict(number: str, before: set[str], world: World) -> str:
    """Whether a number can be hosted; ``before`` are those that the same request named earlier."""
    if not E164.fullmatch(number):
        return "NUMBER_IS_NOT_IN_E164_FORMAT"
    if number in before:
        return "NUMBER_CAN_NOT_BE_REPEATED"
    if country_of(number) != "US":
        return "NUMBER_IS_NOT_A_US_NUMBER"
    if world.store[NUMBERS].find("phone_number", number) is not None:
        return "NUMBER_CAN_NOT_BE_ACTIVE_IN_YOUR_ACCOUNT"
    ordered = (one for order in world.store[ORDERS] for one in order["phone_numbers"])
    if any(one["phone_number"] == number and one["status"] != "deleted" for one in ordered):
        return "NUMBER_CAN_NOT_HOSTED_WITH_A_TELNYX_SUBSCRIBER"
    return "ELIGIBLE"


def check_eligibility(_: Record | None, call: Call, world: World) -> Record:
    """What is to be said of each number."""
    before: set[str] = set()
    found = []
    for number in call.body.get("phone_numbers", ()):
        status = verdict(number, before, world)
        before.add(number)
        told = {"phone_number": number, "eligible": status == "ELIGIBLE", "eligible_status": status}
        found.append({**told, "detail": DETAILS[status]})
    return {"phone_numbers": found}


def well_formed(call: Call, _: World) -> Iterator[tuple[int, Record]]:
    """10016 for each number of an order that is not in E.164."""
    for index, number in enumerate(call.body.get("phone_numbers", ())):
        if not E164.fullmatch(number):
            yield 422, errors.entry("10016", pointer=f"/phone_numbers/{index}")


def order(_: Record | None, call: Call, world: World) -> Record:
    """A new order, in which every number is pending."""
    numbers = [
        {
            "record_type": "messaging_hosted_number",
            "id": world.identifiers.uuid(),
            "phone_number": number,
            "status": "pending",
        }
        for number in dict.fromkeys(call.body.get("phone_numbers", ()))
    ]
    record: Record = {
        "record_type": "messaging_hosted_number_order",
        "id": world.identifiers.uuid(),
        "messaging_profile_id": call.body.get("messaging_profile_id") or None,
        "status": "pending",
        "phone_numbers": numbers,
    }
    world.store[ORDERS].insert(record)
    for one in numbers:
        world.store[HOSTED].insert({"id": one["id"], "order_id": record["id"]})
    _tell(record, "created", world)
    return record


def upload(record: Record | None, call: Call, world: World) -> Record:
    """Take documents; with both the order can go on."""
    assert record is not None
    come = world.remembered(DOCUMENTS).setdefault(record["id"], set())
    come |= {name for name in WANTED & call.body.keys() if call.body[name]}
    status = "loa_file_successful" if come >= WANTED else "incomplete_documentation"
    if record["status"] in {"pending", "incomplete_documentation"}:
        record = _put({**record, "status": status}, world)
    return _proceed(record, world)


def send_codes(record: Record | None, call: Call, world: World) -> list[Record]:
    """A code for each number of the order; of any other why there is none."""
    assert record is not None
    ours = {one["phone_number"] for one in record["phone_numbers"]}
    outcome: list[Record] = []
    for number in call.body.get("phone_numbers", ()):
        if number in ours:
            identifier = world.remembered(CODES)[record["id"], number] = world.identifiers.uuid()
            told = {"verification_code_id": identifier, "type": call.body.get("verification_method")}
            outcome.append({"phone_number": number, **told})
        else:
            outcome.append({"phone_number": number, "error": "The number is not part of the order."})
    return outcome


def validate_codes(record: Record | None, call: Call, world: World) -> Record:
    """Hold codes against those that were sent."""
    assert record is not None
    outcome, proved = [], set()
    states = {one["phone_number"]: one["status"] for one in record["phone_numbers"]}
    for entered in call.body.get("verification_codes", ()):
        number, status = entered.get("phone_number"), "rejected"
        if number in states and states[number] != "pending":
            status = "already_verified"
        elif (record["id"], number) in world.remembered(CODES) and entered.get("code") == code_of(number):
            status = "verified"
            proved.add(number)
            states[number] = OWNED
        outcome.append({"phone_number": number, "status": status})
    if proved:
        changed = [{**one, "status": states[one["phone_number"]]} for one in record["phone_numbers"]]
        _proceed(_put({**record, "phone_numbers": changed}, world), world)
    return {"order_id": record["id"], "phone_numbers": outcome}


def delete_number(hosted: Record | None, _: Call, world: World) -> Record:
    """Give a number back; the order that it belonged to. 404 10005 when it is gone already."""
    assert hosted is not None
    record = world.store[ORDERS].get(hosted["order_id"])
    if record is None:
        raise errors.refusal(errors.NOT_FOUND)
    world.store[HOSTED].remove(hosted["id"])
    gone = next(one for one in record["phone_numbers"] if one["id"] == hosted["id"])
    left = [{**one, "status": "deleted"} if one is gone else one for one in record["phone_numbers"]]
    ended = all(one["status"] == "deleted" for one in left)
    number = world.store[NUMBERS].find("phone_number", gone["phone_number"])
    if number is not None and gone["status"] == "successful":
        world.store[NUMBERS].remove(number["id"])
    status = "deleted" if ended else record["status"]
    return _put({**record, "phone_numbers": left, "status": status}, world, "deleted" if ended else "updated")


def _proceed(record: Record, world: World) -> Record:
    """Let an order be carried out once nothing is wanting."""
    ready = world.remembered(DOCUMENTS).get(record["id"], set()) >= WANTED
    live = [one for one in record["phone_numbers"] if one["status"] != "deleted"]
    if ready and live and all(one["status"] == OWNED for one in live):
        now = world.clock.nanoseconds()
        world.agenda.at(now + STEP, lambda: _advance(record["id"], OWNED, "provisioning", world))
        world.agenda.at(now + 2 * STEP, lambda: _advance(record["id"], "provisioning", "successful", world))
    return record


def _advance(identifier: str, former: str, status: str, world: World) -> None:
    """Bring an order and its numbers of a state to the next; those that are successful belong to the account."""
    record = world.store[ORDERS].get(identifier)
    if record is None or all(one["status"] != former for one in record["phone_numbers"]):
        return  # it was deleted, or came so far by documents that were sent earlier
    numbers = [{**one, "status": status} if one["status"] == former else one for one in record["phone_numbers"]]
    for one in numbers if status == "successful" else ():
        if one["status"] == status and world.store[NUMBERS].find("phone_number", one["phone_number"]) is None:
            world.store[NUMBERS].insert(_settings(one["phone_number"], record["messaging_profile_id"], world))
    _put({**record, "status": status, "phone_numbers": numbers}, world)


def _settings(number: str, profile_id: Any, world: World) -> Record:
    """The messaging settings of a number that is hosted from now on."""
    stamp = world.clock.stamp()
    able = {"domestic_two_way": True, "international_inbound": True, "international_outbound": True}
    return {
        "record_type": "messaging_settings",
        "id": world.identifiers.number(),
        "phone_number": number,
        "messaging_profile_id": profile_id,
        "created_at": stamp,
        "updated_at": stamp,
        "country_code": "US",
        "type": "long-code",
        "health": {"message_count": 0, "inbound_outbound_ratio": 0.0, "success_ratio": 0.0, "spam_ratio": 0.0},
        "eligible_messaging_products": ["A2P"],
        "traffic_type": "A2P",
        "messaging_product": "A2P",
        "features": {"sms": able, "mms": able},
    }


def _put(record: Record, world: World, event: str = "updated") -> Record:
    world.store[ORDERS].replace(record)
    _tell(record, event, world)
    return record


def _tell(record: Record, event: str, world: World) -> None:
    """Tell the addresses of the order's profile what has become of it."""
    profile = world.store[PROFILES].get(record["messaging_profile_id"] or "")
    payload = {
        "order_id": record["id"],
        "order_status": record["status"],
        "profile_id": record["messaging_profile_id"],
        "user_id": organization(world),
        "numbers": [{"value": one["phone_number"], "status": one["status"]} for one in record["phone_numbers"]],
        "decision": "pending",
        "approval_deadline": None,
    }
    now = world.clock.nanoseconds()
    if profile is None:
        world.tell(Notice(f"{EVENT}.{event}", payload, now, withheld="the order has no messaging profile"))
        return
    told = listener(profile)
    world.tell(Notice(f"{EVENT}.{event}", payload, now, told.urls, told.withheld))


COMPUTES: dict[str, Compute] = {
    "checkHostedNumberEligibility": check_eligibility,
    "createMessagingHostedNumberOrder": order,
    "uploadMessagingHostedNumberOrderFile": upload,
    "createMessagingHostedNumberOrderVerificationCodes": send_codes,
    "validateMessagingHostedNumberOrderCodes": validate_codes,
    "deleteMessagingHostedNumber": delete_number,
}
CHECKS: dict[str, Check] = {"createMessagingHostedNumberOrder": well_formed}
