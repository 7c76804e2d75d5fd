"""What a proof consists of: runs that have to find something, and runs that may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from contract_tests.description import Description
from contract_tests.mock import drift_catalogue
from contract_tests.mock.drifts.drift import Plant

# Traps that only take time.
WAITING = frozenset({"later-answers", "jittery-answers"})
# Into how many parts the API is dealt for runs that may find nothing.
PARTS = 4


class Aim(StrEnum):
    """What a run is to show."""

    DRIFT = "drift"  # a planted drift is found, and placed
    INTERMITTENT = "intermittent"  # the same drift in one answer of five
    TRAP = "trap"  # a change that is none is left alone
    CLEAN = "clean"  # nothing is planted, nothing is found


@dataclass(frozen=True, slots=True)
class Trial:
    """One run: ``plant`` is what the mock is told (empty for nothing), ``only`` the operations it is about (all).

    ``expected`` says what has to be found; it is None where nothing may be. ``unobservable`` is the reason why no
    client can see a drift; such a trial is listed, not run.
    """

    aim: Aim
    plant: str
    seed: int
    only: tuple[str, ...] = ()
    expected: Plant | None = None
    unobservable: str = ""

    @property
    def name(self) -> str:
        """What a person calls it: a drift is planted at several places."""
        if self.aim is Aim.DRIFT and self.only:
            return f"{self.plant} at {self.only[0]}"
        return self.plant or f"clean, seed {self.seed}"


def drifts(description: Description, *, seed: int, each: int = 1) -> Iterator[Trial]:
    """Every drift of the catalogue, up to ``each`` times; then every observable one as a drift that comes and goes."""
    for plant in drift_catalogue.instances(description, each=each):
        yield _trial(Aim.DRIFT, plant, seed)
    for plant in drift_catalogue.instances(description, intermittent=True):
        yield _trial(Aim.INTERMITTENT, plant, seed)


def peaceful(description: Description, *, seed: int, clean: int) -> Iterator[Trial]:
    """Runs that may find nothing: each trap, and ``clean`` runs of the sound mock with seeds of their own.

    A whole run takes a minute and more, so a trap is laid for a part of the API, another one each night, and only the
    first of the clean runs is a whole one.
    """
    parts = dealt(description)
    for turn, plant in enumerate(drift_catalogue.instances(description, harmless=True)):
        # Waiting for each of thousands of answers shows nothing that waiting for hundreds does not.
        waits = plant.drift.name in WAITING
        yield Trial(Aim.TRAP, plant.text, seed, plant.operations[:2] if waits else parts[(seed + turn) % PARTS])
    for number in range(clean):
        yield Trial(Aim.CLEAN, "", seed + number, parts[number % PARTS] if number else ())


def dealt(description: Description) -> tuple[tuple[str, ...], ...]:
    """``PARTS`` parts of the API: all have the collection that most is done with, the others are dealt out by size."""
    sizes: dict[str, list[str]] = {}
    for operation in description.operations:
        sizes.setdefault(operation.resource.collection if operation.resource else "", []).append(operation.operation_id)
    home = sizes.pop(drift_catalogue.fullest(description), [])
    parts: list[list[str]] = [[] for _ in range(PARTS)]
    for name in sorted(sizes, key=lambda one: (-len(sizes[one]), one)):
        min(parts, key=len).extend(sizes[name])
    return tuple((*home, *part) for part in parts)


def _trial(aim: Aim, plant: Plant, seed: int) -> Trial:
    return Trial(aim, plant.text, seed, tuple(plant.only), plant, plant.drift.unobservable or "")
