"""The words and values of a comparison: differences as they are found, changes as they are told."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import attrs


class Effect(Enum):
    """What a change does to callers, the worst first.

    Breaking: code that worked fails, or does something else. Degraded: it goes on working, with less to rely on.
    Additive: there is more than before. Documentation: nothing that a program can notice.
    """

    BREAKING = "breaking"
    DEGRADED = "degraded"
    ADDITIVE = "additive"
    DOCUMENTATION = "documentation"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Effect).index(self)


class Verdict(Enum):
    """Which part of a version has to move (Semantic Versioning 2.0.0, items 6 to 8)."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Verdict).index(self)


class Direction(Enum):
    """Which way the data goes: callers send it, or they receive it. Headers of answers are handed on as text."""

    REQUEST = "request"
    RESPONSE = "response"
    HEADER = "response header"


class Cause(Enum):
    """Why the description says something else now."""

    API_CHANGED = "the API changed"
    WE_WERE_WRONG = "we were wrong"
    UNKNOWN = "not stated"


BOTH = frozenset({Direction.REQUEST, Direction.RESPONSE})
VERDICTS = {
    Effect.BREAKING: Verdict.MAJOR,
    Effect.DEGRADED: Verdict.MINOR,
    Effect.ADDITIVE: Verdict.MINOR,
    Effect.DOCUMENTATION: Verdict.PATCH,
}


@attrs.frozen
class Difference:
    """One thing that the two documents say differently.

    ``kind`` is a key of ``meaning.MEANINGS``; ``place`` names the part for people; the pointers lead into the document
    before and after (of the nearest part that exists there); ``only`` the directions that it can matter in.
    """

    kind: str
    place: str
    before: Any
    after: Any
    pointer_before: str
    pointer_after: str
    only: frozenset[Direction] = BOTH


@attrs.frozen
class Consequence:
    """What a change means for data that goes one way (``direction`` is ``None`` where there is no direction)."""

    direction: Direction | None
    effect: Effect
    wire: str
    callers: str


@attrs.frozen
class Evidence:
    """Why a change was made: its cause, and what the overlay or the evidence says about it, with places."""

    cause: Cause = Cause.UNKNOWN
    notes: tuple[str, ...] = ()


@attrs.frozen
class Change:
    """One change, however many operations it reaches: ``operations`` lists them by operationId, sorted.

    ``consequences`` has one entry for each direction that the data goes; ``effect`` is the worst of them.
    """

    kind: str
    place: str
    before: Any
    after: Any
    pointer_before: str
    pointer_after: str
    operations: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    evidence: Evidence = Evidence()

    @property
    def effect(self) -> Effect:
        """The worst that it does to any caller."""
        return worst(consequence.effect for consequence in self.consequences)

    @property
    def on_wire(self) -> bool:
        """Whether a request that is sent with the same arguments may differ from before."""
        return any(consequence.wire.startswith(SENT) for consequence in self.consequences)


# How the text about the wire begins where the requests of unchanged calls differ, and where they stay.
SENT = "requests differ: "
SAME = "same requests: "


def worst(effects: Iterable[Effect]) -> Effect:
    """The worst of some effects, ``DOCUMENTATION`` of none."""
    return min(effects, key=lambda effect: effect.rank, default=Effect.DOCUMENTATION)


def verdict(effects: Iterable[Effect]) -> Verdict:
    """What a version has to do after changes of these effects; ``NONE`` without any."""
    return max((VERDICTS[effect] for effect in effects), key=lambda one: one.rank, default=Verdict.NONE)
