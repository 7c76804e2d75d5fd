"""Where two descriptions of one API disagree, operation by operation; names, words and extensions don't count."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs

from scripts.comparison import description
from scripts.comparison.change import Change, Effect
from scripts.pipeline.load import JsonObject

Progress = Callable[[str], None]


class Relation(Enum):
    """Who says something about the point."""

    THEY_HAVE = "they have it, we lack it"
    WE_HAVE = "we have it, they lack it"
    DIFFERENT = "they say otherwise"


@attrs.frozen
class Backing:
    """What speaks about a point on our side: ``stance`` in a few words, and each source with its place."""

    stance: str = "nothing in our evidence is about it"
    sources: tuple[str, ...] = ()
    live: bool = False


@attrs.frozen
class Disagreement:
    """One point: where (pointers into both documents), what either says, and for which operations of ours.

    ``effect``: what adopting theirs would do to callers. ``proposal`` is the id of the Overlay that would adopt it, and
    ``unadopted`` why there is none.
    """

    relation: Relation
    kind: str
    place: str
    operations: tuple[str, ...]
    ours: Any
    theirs: Any
    pointer_ours: str
    pointer_theirs: str
    effect: Effect
    backing: Backing = Backing()
    proposal: str | None = None
    unadopted: str = ""


@attrs.frozen
class Disagreements:
    """All points, and how many operations both descriptions have."""

    points: tuple[Disagreement, ...]
    matched: int

    def of(self, relation: Relation) -> tuple[Disagreement, ...]:
        """The points of one relation."""
        return tuple(one for one in self.points if one.relation is relation)


def find(
    ours: JsonObject, theirs: JsonObject, only: frozenset[str] | None = None, progress: Progress = lambda text: None
) -> Disagreements:
    """Every point on which the two disagree; operations correspond by method and path alone."""
    options = description.Options(only=only, names=False, texts=False)
    compared = description.compare(ours, theirs, options, progress)
    points = [_point(one) for one in compared.changes if not one.kind.startswith("x-")]
    order = list(Relation)
    points.sort(key=lambda one: (order.index(one.relation), one.kind, one.place, one.pointer_theirs))
    return Disagreements(tuple(points), compared.operations)


def _point(change: Change) -> Disagreement:
    return Disagreement(
        relation=_relation(change),
        kind=change.kind,
        place=change.place,
        operations=change.operations,
        ours=change.before,
        theirs=change.after,
        pointer_ours=change.pointer_before,
        pointer_theirs=change.pointer_after,
        effect=change.effect,
    )


def _relation(change: Change) -> Relation:
    """What is added on the way from ours to theirs is what we lack."""
    if change.before is None and change.after is not None:
        return Relation.THEY_HAVE
    if change.after is None and change.before is not None:
        return Relation.WE_HAVE
    return Relation.DIFFERENT
