"""Requests to verify toll-free numbers: looked at, passed on and decided as the mock's clock goes on.

Real ones take days; here a step takes an hour. Verified is who asks for toll-free numbers of the United States alone,
as the documents' example of a rejection says. A request that a test put in stays as it is until it is told anew.
"""

from __future__ import annotations

from .. import errors
from ..exchange import Record
from ..world import Call, Compute, Finish, World

REQUESTS = "tollfree_verification_requests"
STEP = 3600 * 10**9  # ns between one state and the next
BEGUN, PASSED_ON, VERIFIED, REJECTED = "In Progress", "Waiting For Vendor", "Verified", "Rejected"
TOLL_FREE = tuple(f"+1{code}" for code in ("800", "833", "844", "855", "866", "877", "888"))
REASON = "Only toll-free numbers of the United States can be verified."


def submitted(record: Record, _: Call, world: World) -> None:
    """A request was made, or told anew: it begins."""
    stamp = record["_begun"] = world.clock.stamp()  # stamps never repeat, so it tells one submission from the next
    record.pop("reason", None)
    record["createdAt"] = record.get("createdAt", stamp)
    record["verificationStatus"], record["updatedAt"] = BEGUN, stamp
    record["verificationRequestId"] = record["id"]
    now = world.clock.nanoseconds()
    world.agenda.at(now + STEP, lambda: _move(record["id"], stamp, PASSED_ON, world))
    world.agenda.at(now + 2 * STEP, lambda: _move(record["id"], stamp, VERIFIED, world))


def _move(identifier: str, begun: str, status: str, world: World) -> None:
    """Bring a request on, unless it was told anew, or taken away, since it was ``begun``."""
    record = world.store[REQUESTS].get(identifier)
    if record is None or record.get("_begun") != begun:
        return
    numbers = [one.get("phoneNumber", "") for one in record.get("phoneNumbers") or ()]
    changed = {**record, "verificationStatus": status, "updatedAt": world.clock.stamp()}
    if status == VERIFIED and not all(number.startswith(TOLL_FREE) for number in numbers):
        changed |= {"verificationStatus": REJECTED, "reason": REASON}
    world.store[REQUESTS].replace(changed)


def delete(record: Record | None, _: Call, world: World) -> Record:
    """Take a rejected request away; refused with 400 10015 in any other state."""
    assert record is not None
    if record["verificationStatus"] != REJECTED:
        raise errors.refusal(errors.BAD_REQUEST, "Only a request that was rejected can be deleted.", status=400)
    return world.store[REQUESTS].remove(record["id"])


COMPUTES: dict[str, Compute] = {"deleteTollfreeVerificationRequest": delete}
FINISHES: dict[str, Finish] = {
    "createTollfreeVerificationRequest": submitted,
    "updateTollfreeVerificationRequest": submitted,
}
PRIVATE = frozenset({REQUESTS})
