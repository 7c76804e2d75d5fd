"""How much a run may spend: the three budgets, from a look before a commit to a whole night.

The numbers were chosen by measurement on two cores against the own mock: with all 84 operations ``quick`` takes some 80
seconds of processor time and ``standard`` some 165, the mock's included, which is how long one process needs where
nothing else runs, and two workers half of it; twelve operations take ``quick`` 15 seconds and ``standard`` 60.
``limit`` is the point at which a run stops by itself; it lies well above those times,
so that a slow machine ends late, not with "budget spent".
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts.errors import InputError


@dataclass(frozen=True, slots=True)
class Budget:
    """What the suites and phases may use.

    ``max_examples``: random requests per operation in the fuzzing phase; ``stateful_examples`` walks of at most
    ``stateful_steps`` linked calls; ``samples``: sampled values per field in the lifecycle suites; ``records``: how
    many records a pagination test may create; ``rounds``: how often each rule of the documented semantics is held, as
    a target that breaks it one time in five keeps it four times; ``limit`` and ``patience``: seconds until the run
    stops, and seconds that it waits for a rate limit to open again before it gives up.
    """

    name: str
    max_examples: int
    stateful_examples: int
    stateful_steps: int
    samples: int
    records: int
    rounds: int
    limit: float
    patience: float


BUDGETS = {
    budget.name: budget
    for budget in (
        Budget("quick", 8, 6, 5, samples=2, records=7, rounds=1, limit=300, patience=0),
        Budget("standard", 120, 40, 8, samples=6, records=25, rounds=2, limit=900, patience=5),
        Budget("nightly", 500, 300, 12, samples=25, records=120, rounds=5, limit=7200, patience=65),
    )
}


def named(name: str) -> Budget:
    """The budget of that name; ``InputError`` for any other name."""
    if name not in BUDGETS:
        raise InputError(f"there is no budget {name!r}", fix=f"choose one of {', '.join(BUDGETS)}")
    return BUDGETS[name]
