"""A deviation that many fields show is one cause: none of them is to blame for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from contract_tests.description import Description
from contract_tests.drift.cause import Cause
from contract_tests.drift.finding import effort

# Kinds that are about one value each: many of them have one reason only where they are in one schema.
BY_FIELD = ("response-", "field-")
# From so many fields of one collection on, a behaviour is that of the collection.
MANY = 4
# From so many fields of one schema on, it is the schema that is another one.
MANY_FIELDS = 6


def joined(description: Description, found: Iterable[Cause]) -> list[Cause]:
    """The causes with those as one that many fields show; ``parts`` names what each field would be called alone."""
    kept: list[Cause] = []
    alike: dict[tuple[str, str], list[Cause]] = {}
    for cause in found:
        owner = _owner(description, cause)
        if owner:
            alike.setdefault((cause.kind, owner), []).append(cause)
        else:
            kept.append(cause)
    for (kind, owner), group in alike.items():
        many = MANY_FIELDS if kind.startswith(BY_FIELD) else MANY
        kept += [_one(owner, group)] if len(group) >= many else group
    return kept


def _owner(description: Description, cause: Cause) -> str:
    """What many causes of this kind would have in common; empty for one that is about no field."""
    schema, _, name = cause.anchor.rpartition("/properties/")
    if cause.kind.startswith(BY_FIELD):
        return schema if schema and name else ""
    operation = description.by_id.get(cause.main.operation)
    about_a_field = bool(schema) or cause.main.pointer.startswith("request:")
    if operation is None or operation.resource is None or not about_a_field:
        return ""
    return operation.resource.collection


def _one(owner: str, group: list[Cause]) -> Cause:
    members = [one for each in group for one in each.findings]
    members.sort(key=lambda one: (one.severity.rank, effort(one)))
    places = tuple(place for each in group for place in each.places)
    schemas = Counter(each.anchor.rpartition("/properties/")[0] for each in group)
    anchor = max(sorted(schemas), key=lambda one: (bool(one), schemas[one]))
    spots = frozenset(spot for each in group for spot in each.spots)
    parts = tuple(each.fingerprint for each in group)
    return Cause(owner, anchor, members[0], tuple(members), places, spots=spots, parts=parts)
