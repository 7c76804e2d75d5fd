"""A description made ready to be served: its plans and its seed records, made once however many mocks serve it.

A mock for each test of a service is usual, and the description the same for all of them. Nothing here changes once it
is made: plans are values, and a store takes copies of the records.
"""

from __future__ import annotations

import functools

from ..description import Description
from . import behaviours, seeding
from .exchange import Record
from .plan import OperationPlan
from .planner import Planner, id_field

# The description as it is, and some that drifts have changed.
KEPT = 8


class Prepared:
    """The plans of a description by operationId, and the ``planner`` that made them."""

    def __init__(self, description: Description) -> None:
        self.planner = Planner(description, behaviours.BEHAVIOURS)
        self.plans: dict[str, OperationPlan] = self.planner.plans()
        self.id_fields: dict[str, str] = {name: id_field(description, name) for name in description.collections}

    @functools.cached_property
    def records(self) -> dict[str, list[Record]]:
        """The seed records of each collection that has some; ``InputError`` for one that is not valid."""
        return seeding.load(self.planner, self.plans, self.id_fields)


@functools.lru_cache(maxsize=KEPT)
def prepared(description: Description) -> Prepared:
    """The description made ready; ``InputError`` when an operation of it cannot be served."""
    return Prepared(description)
