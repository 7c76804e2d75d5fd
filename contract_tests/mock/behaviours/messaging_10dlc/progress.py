"""How far something is that takes its time at the registry: by the mock's clock, counted from when it began.

Real registrations take minutes to weeks; the mock's take seconds, so that a person at a laptop sees them, and a test
moves the clock.
"""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

from ...exchange import Json, Record
from ...world import World

BEGAN = "_began"  # when it began, in records
STEP = timedelta(seconds=10)  # between one state and the next
# What the registry's own ids are made of.
ALPHABET = string.ascii_uppercase + string.digits
REGISTRY_ID_LENGTH = 6
SERVICE_PROVIDER = "SXWTQ7L"  # the mock's own id at the registry


def moment(text: Json) -> datetime:
    """A time as records hold it; one without a zone is UTC."""
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def begin(record: Record, world: World) -> None:
    """Note when something began. Stamps won't do: where time stands still each is later than the one before."""
    record[BEGAN] = world.clock.now().isoformat()


def steps(record: Record, world: World, *, otherwise: str) -> int:
    """How many steps have passed since it began, or since the time in the member ``otherwise`` of a seed."""
    return max(0, (world.clock.now() - moment(record.get(BEGAN) or record[otherwise])) // STEP)


def registry_id(kind: str, identifier: str) -> str:
    """The id that the registry gives to the record with an id of ours: ``kind`` and six letters or digits."""
    digits = int(identifier.replace("-", "")[-12:], 16)
    letters = ""
    for _ in range(REGISTRY_ID_LENGTH):
        digits, rest = divmod(digits, len(ALPHABET))
        letters += ALPHABET[rest]
    return kind + letters


def changed(record: Record, changes: Record) -> Record:
    """The record with changes; the same object when there are none to make."""
    if all(record.get(name) == value for name, value in changes.items()):
        return record
    return {**record, **changes}


def public(record: Record) -> Record:
    """A record without what the mock keeps for itself."""
    return {name: value for name, value in record.items() if not name.startswith("_")}
