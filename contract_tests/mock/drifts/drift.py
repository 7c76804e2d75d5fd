"""What a drift is: a named mutation of the mock, how to plant it, where it shows, what a finding has to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ...description import Description
from ..parts import Parts

Planter = Callable[[str, Parts], Parts]  # the argument (may be "") and the parts to change


@dataclass(frozen=True, slots=True)
class Shown:
    """One way to plant a drift in a description.

    ``argument`` after the drift's name ("" for none); ``operations``: where it shows, the plainest first, at least one
    of them in an attributing finding; ``place``: pattern (``fnmatch``) of that finding's pointer, list positions as
    ``*``, several of them with ``|`` between; ``only``: what a run has to be restricted to, if that is not the first
    of ``operations``.
    """

    argument: str
    operations: tuple[str, ...]
    place: str = "*"
    only: tuple[str, ...] = ()


Finder = Callable[[Description], Iterator[Shown]]


def nowhere(_: Description) -> Iterator[Shown]:
    """For drifts that are planted on purpose only."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Drift:
    """A mutation by name. ``argument``: form of what stands behind the name and a colon, "" for nothing.

    ``kinds``: the findings of any of these kinds attribute it; ``unobservable``: why no client can tell, "" when one
    can; ``harmless``: a trap, no drift: a run that finds anything has failed. ``for_good``: what comes and goes is
    no drift, as a member that only some events have.
    """

    name: str
    summary: str
    plant: Planter
    kinds: tuple[str, ...] = ()
    shown: Finder = nowhere
    argument: str = ""
    unobservable: str = ""
    harmless: bool = False
    for_good: bool = False

    @property
    def form(self) -> str:
        """How it is written: ``name`` or ``name:ARGUMENT``."""
        return f"{self.name}:{self.argument}" if self.argument else self.name


@dataclass(frozen=True, slots=True)
class Plant:
    """A drift made concrete for a description: ``text`` is what ``--plant`` takes."""

    text: str
    drift: Drift = field(repr=False)
    operations: tuple[str, ...]
    only: tuple[str, ...]
    place: str

    def attributed_by(self, kind: str, operation: str, pointer: str) -> bool:
        """Whether a finding (its pointer with ``*`` for list positions) names this drift: kind, operation and place."""
        return kind in self.drift.kinds and operation in self.operations and self.stands_at(pointer)

    def stands_at(self, pointer: str) -> bool:
        """Whether a pointer (with ``*`` for list positions) is at the place."""
        return any(fnmatchcase(pointer, pattern) for pattern in self.place.split("|"))
