"""Moving many numbers to a messaging profile: the order is answered at once and carried out a little later."""

from __future__ import annotations

from ..exchange import Record
from ..world import Call, Compute, World
from .senders import NUMBERS

ORDERS = "messaging_numbers_bulk_updates"
PROFILES = "messaging_profiles"
DELAY = 10**9  # ns between the order and its end; the API tells none


def order(_: Record | None, call: Call, world: World) -> Record:
    """A new order, in which every number is pending."""
    orders = world.store[ORDERS]
    record: Record = {
        "record_type": "messaging_numbers_bulk_update",
        orders.id_field: world.identifiers.uuid(),
        "success": [],
        "pending": list(dict.fromkeys(call.body.get("numbers", ()))),
        "failed": [],
    }
    orders.insert(record)
    target, spare = call.body.get("messaging_profile_id") or None, call.body.get("assign_only", False)
    world.agenda.at(world.clock.nanoseconds() + DELAY, lambda: _carry_out(record, target, spare, world))
    return record


def _carry_out(record: Record, target: str | None, spare: bool, world: World) -> None:
    moved: list[str] = []
    failed: list[str] = []
    for number in record["pending"]:
        (moved if _moves(number, target, spare, world) else failed).append(number)
    world.store[ORDERS].replace({**record, "success": moved, "pending": [], "failed": failed})


def _moves(address: str, target: str | None, spare: bool, world: World) -> bool:
    """Assign a number; False when there is none such, its new profile is gone, or it is to be spared."""
    number = world.store[NUMBERS].find("phone_number", address)
    if number is None or (target is not None and world.store[PROFILES].get(target) is None):
        return False
    if spare and number.get("messaging_profile_id") not in (None, target):
        return False
    world.store[NUMBERS].replace({**number, "messaging_profile_id": target, "updated_at": world.clock.stamp()})
    return True


COMPUTES: dict[str, Compute] = {"createMessagingNumbersBulkUpdate": order}
