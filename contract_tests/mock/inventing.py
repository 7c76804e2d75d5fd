"""``--any-id``: an unknown, well-formed id comes into being with the description's example values.

For suites that were not written for a double with a memory, and invent the ids they ask for. Off by default, since a
mock that finds everything hides every mistake about ids.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice

from .exchange import Json, Record
from .plan import OperationPlan, blank
from .planner import Planner, id_field
from .seeding import shown_and_made
from .shape import ABSENT
from .store import Collection

JSON = "application/json"
# What stays as in the example, and with it the kind of number: country and area, or what may stand for them.
AMERICAN = re.compile(r"(\+1\d{3})\d{7}")
ATTEMPTS = 1000  # at a number that nobody has yet
OTHER = re.compile(r"(\+\d{3,5})\d{6,9}")


class Inventor:
    """Makes records for ids. What is well-formed says the schema of the path parameter that takes the id."""

    def __init__(self, planner: Planner, plans: Mapping[str, OperationPlan]) -> None:
        self._planner = planner
        self._plans = plans

    def __call__(self, collection: str, identifier: str, stored: Collection) -> Record | None:
        """A record of a collection with this id, not ``stored`` yet; None when the id is malformed.

        A text that cannot be an id of the collection's kind becomes the first ``lookup`` field, where there is one.
        """
        shown, _ = shown_and_made(self._plans, collection)
        addressing = next((plan for plan in self._plans.values() if plan.collection == collection and _key(plan)), None)
        if shown is None or addressing is None or not self._well_formed(addressing, identifier):
            return None
        members = self._planner.description.properties(self._planner.description.record_schema(shown.operation) or {})
        own = (name for name, member in members.items() if self._planner.description.resolve(member).get("readOnly"))
        record = _renumbered({**blank(shown.record), **self._example(shown)}, own, identifier, stored)
        key = id_field(self._planner.description, collection)
        kind = next((field.identifier_kind for field in shown.record if field.name == key), "uuid")
        lookup = addressing.operation.resource.lookup if addressing.operation.resource else ()
        if lookup and kind == "number" and not identifier.isdecimal():
            record[lookup[0]] = identifier
            # The example's own id may be taken: another one, always the same for the same text.
            digest = hashlib.sha256(identifier.encode()).digest()
            identifier = f"9{int.from_bytes(digest) % 10**18:018}"
        record[key] = identifier
        if key in members and not self._planner.validator(members[key]).is_valid(identifier):
            return None
        return {field.name: record[field.name] for field in shown.record if field.name in record}

    def _well_formed(self, plan: OperationPlan, identifier: str) -> bool:
        name = _key(plan)
        schema: Json = next((raw.get("schema", {}) for raw in plan.operation.parameters if raw["name"] == name), {})
        return self._planner.validator(schema).is_valid(identifier)

    def _example(self, plan: OperationPlan) -> Record:
        """The record of the first example answer, else the examples of the single fields."""
        description = self._planner.description
        response = description.response(plan.operation, plan.success) or {}
        for node in response.get("content", {}).get(JSON, {}).get("examples", {}).values():
            data = plan.envelope.content(description.resolve(node).get("value"))
            found = data[0] if isinstance(data, list) and data else data
            if isinstance(found, dict):
                return copy.deepcopy(found)
        members = description.properties(description.record_schema(plan.operation) or {})
        shown = {name: _first(member) for name, member in members.items()}
        return {name: copy.deepcopy(value) for name, value in shown.items() if value is not ABSENT}


def _renumbered(record: Record, fields: Iterable[str], identifier: str, stored: Collection) -> Record:
    """The record with telephone numbers of its own: no two have the same in ``fields``, those that nobody can set."""
    own = dict(record)
    for name in record.keys() & set(fields):
        candidates = islice(_numbers(record[name], identifier), ATTEMPTS)
        own[name] = next((one for one in candidates if stored.find(name, one) is None), record[name])
    return own


def _numbers(example: Json, identifier: str) -> Iterator[str]:
    """Telephone numbers that look like the example, the same for the same id; none for what is no such number."""
    shape = AMERICAN.fullmatch(str(example)) or OTHER.fullmatch(str(example))
    for attempt in count() if shape else ():
        assert shape is not None
        digest = int.from_bytes(hashlib.sha256(f"{identifier}/{attempt}".encode()).digest())
        length = len(str(example)) - len(shape[1])
        # An exchange begins with 2 to 9 (North American Numbering Plan).
        yield f"{shape[1]}{2 + digest % 8}{digest // 8 % 10 ** (length - 1):0{length - 1}}"


def _key(plan: OperationPlan) -> str | None:
    resource = plan.operation.resource
    return resource.key if resource else None


def _first(member: Mapping[str, object]) -> object:
    """The first example of a field, its first allowed value, its default."""
    for keyword in ("examples", "enum"):
        values = member.get(keyword)
        if isinstance(values, list) and values:
            return values[0]
    return member.get("default", ABSENT)
