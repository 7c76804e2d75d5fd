"""A root cause as a value: what kind, where in the description, which operations show it, and what follows from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from contract_tests.drift.finding import Finding, Severity, generalise
from contract_tests.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cause showed: operation, pointer, place in the description, how often, with which statuses."""

    operation: str
    pointer: str
    anchor: str
    occurrences: int
    observed: str
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One root cause; ``main`` is the finding that tells it best, ``also`` are those that follow from it.

    ``spots`` are the fields that it is about, where ``anchor`` is a type that several may share. ``parts`` are the
    fingerprints of the causes that were joined because many fields showed the same behaviour.
    """

    key: str
    anchor: str
    main: Finding
    findings: tuple[Finding, ...]
    places: tuple[Place, ...]
    also: tuple[Cause, ...] = field(default=())
    spots: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name this cause in every run, whichever operations show it."""
        return hashlib.sha256(f"{self.main.kind}\n{self.key}".encode()).hexdigest()[:12]

    @property
    def kind(self) -> str:
        """The kind of deviation."""
        return self.main.kind

    @property
    def severity(self) -> Severity:
        """That of the gravest finding."""
        return min((one.severity for one in self._all()), key=lambda one: one.rank)

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that show it, sorted."""
        return tuple(sorted({one.operation for one in self._all()}))

    @property
    def occurrences(self) -> int:
        """How often it was seen."""
        return sum(one.occurrences for one in self._all())

    @property
    def first_seen(self) -> float:
        """Unix time."""
        return min(one.first_seen for one in self._all())

    @property
    def last_seen(self) -> float:
        """Unix time."""
        return max(one.last_seen for one in self._all())

    @property
    def replays(self) -> tuple[int, int]:
        """Repetitions that were tried, and those that showed it again."""
        return sum(one.replays for one in self.findings), sum(one.replays_shown for one in self.findings)

    @property
    def pointer(self) -> str:
        """The pointer of ``main``; that of the object around, where several fields show it."""
        return common_pointer(self.places)

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that is easiest to repeat."""
        return self.main.exchange

    def _all(self) -> list[Finding]:
        return [*self.findings, *(one for cause in self.also for one in cause.findings)]


def common_pointer(places: Iterable[Place]) -> str:
    """The pointer that all places have in common, list positions as ``*``."""
    tokens = [generalise(place.pointer).split("/") for place in places]
    if all(each == tokens[0] for each in tokens):
        return "/".join(tokens[0])
    # ``/data/name`` of a record and ``/data/*/name`` of a list are one field.
    shortest = min(tokens, key=len)
    if len({each[-1] for each in tokens}) == 1:
        return "/".join(shortest)
    together = []
    for step in zip(*tokens, strict=False):
        if len(set(step)) > 1:
            break
        together.append(step[0])
    return "/".join(together)
