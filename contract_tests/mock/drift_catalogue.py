"""Every drift by name: to plant one, to list them, and to try them all on a suite that has to notice.

A drift is written ``name`` or ``name:argument``; ``sometimes:N:drift`` lets one request in N meet it, by seed.
``instances`` makes the catalogue concrete for a description: what to plant, what to run, which findings attribute it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from scripts.errors import InputError

from ..description import Description
from .drifts import (
    access,
    containers,
    creating,
    deleting,
    envelopes,
    fields,
    harmless,
    lists,
    pages,
    queries,
    reading,
    refusals,
    replacing,
    spelling,
    stamping,
    telling,
    updating,
    validation,
    writing,
)
from .drifts.drift import Drift, Plant, Shown
from .parts import Parts

SOMETIMES = "sometimes"
USUAL_SHARE = 5  # one request in so many meets an intermittent drift

CATALOGUE: tuple[Drift, ...] = (
    *fields.DRIFTS,
    *envelopes.DRIFTS,
    *containers.DRIFTS,
    *refusals.DRIFTS,
    *access.DRIFTS,
    *validation.DRIFTS,
    *queries.DRIFTS,
    *creating.DRIFTS,
    *updating.DRIFTS,
    *stamping.DRIFTS,
    *replacing.DRIFTS,
    *reading.DRIFTS,
    *spelling.DRIFTS,
    *deleting.DRIFTS,
    *lists.DRIFTS,
    *pages.DRIFTS,
    *telling.DRIFTS,
    *harmless.TRAPS,
    # Where a drift is planted goes by its position (``instances``): what comes last leaves the others where they were
    # proved.
    *writing.DRIFTS,
    *access.ALONE,
)
BY_NAME = {drift.name: drift for drift in CATALOGUE}


def plant(text: str, parts: Parts) -> Parts:
    """The parts with a drift in them; ``InputError`` for an unknown drift or an argument that could never bite."""
    name, _, argument = text.partition(":")
    if name == SOMETIMES:
        return _sometimes(argument, parts)
    drift = BY_NAME.get(name)
    if drift is None:
        raise InputError(f"there is no drift {name!r}", fix=f"choose one of\n{listing()}")
    if bool(argument) != bool(drift.argument):
        raise InputError(f"the drift {name!r} is written {drift.form}", fix=drift.summary)
    return drift.plant(argument, parts)


def plant_all(texts: Iterable[str], parts: Parts) -> Parts:
    """The parts with several drifts in them; an intermittent one comes last, so that it adds to the others."""
    for text in sorted(texts, key=lambda text: text.startswith(f"{SOMETIMES}:")):
        parts = plant(text, parts)
    return parts


def _sometimes(argument: str, parts: Parts) -> Parts:
    share, _, inner = argument.partition(":")
    if not (share.isascii() and share.isdigit() and int(share) >= 1 and inner):
        raise InputError(f"'{SOMETIMES}:{argument}' is no drift", fix=f"write {SOMETIMES}:N:DRIFT, 1 in N requests")
    if parts.now_and_then is not None or inner.partition(":")[0] == SOMETIMES:
        raise InputError("only one drift can be intermittent", fix="plant the others for good")
    return parts.sometimes(int(share), plant(inner, parts))


def listing() -> str:
    """All drifts, one a line, with what they do."""
    forms = {drift.form: drift.summary + (" (harmless)" if drift.harmless else "") for drift in CATALOGUE}
    forms[f"{SOMETIMES}:N:DRIFT"] = "lets one request in N meet a drift"
    width = min(40, max(map(len, forms)))
    return "\n".join(f"  {form:<{width}}  {summary}" for form, summary in forms.items())


def instances(
    description: Description, *, each: int = 1, intermittent: bool = False, harmless: bool = False
) -> tuple[Plant, ...]:
    """Up to ``each`` ways to plant every drift (or, with ``harmless``, every trap) in a description.

    The first is where most operations act on one collection, so that every drift is seen at home; the others go round
    the other collections, with another one to begin with for each drift.

    Drifts that no client can observe come too: their ``drift.unobservable`` says why. A drift that the description
    gives nothing to bite on has no instance. ``intermittent``: as 1 in ``USUAL_SHARE``, where that is observable.
    """
    made = []
    for turn, drift in enumerate(CATALOGUE):
        if drift.harmless is not harmless or (intermittent and (drift.unobservable or drift.for_good)):
            continue
        for shown in spread(list(drift.shown(description)), description, turn)[:each]:
            text = f"{drift.name}:{shown.argument}" if drift.argument else drift.name
            text = f"{SOMETIMES}:{USUAL_SHARE}:{text}" if intermittent else text
            made.append(Plant(text, drift, shown.operations, shown.only or shown.operations[:1], shown.place))
    return tuple(made)


def spread(options: Sequence[Shown], description: Description, turn: int) -> list[Shown]:
    """Ways to plant a drift in another order: one at home, one in each other collection from ``turn`` on, the rest."""

    def collection(one: Shown) -> str:
        # A webhook works on nothing itself; what it is sent after does.
        named = description.by_id.get(one.operations[0]) or description.by_id[one.only[0]]
        resource = named.resource
        return resource.collection if resource else ""

    home = fullest(description)
    at_home = [one for one in options if collection(one) == home]
    others = sorted({collection(one) for one in options} - {home})
    start = turn % len(others) if others else 0
    round_trip = [next(one for one in options if collection(one) == name) for name in others[start:] + others[:start]]
    first = (
        [*at_home[:1], *round_trip]
        if at_home
        else [*options[:1], *(one for one in round_trip if one is not options[0])]
    )
    return [*first, *(one for one in options if not any(one is other for other in first))]


@functools.lru_cache(maxsize=16)
def fullest(description: Description) -> str:
    """The collection that is worked on in most of the ways which every resource may have; the first of several."""
    ways = ("list", "create", "retrieve", "update", "delete")
    return max(
        description.collections,
        key=lambda name: sum(bool(description.with_action(name, way)) for way in ways),
        default="",
    )
