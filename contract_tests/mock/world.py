"""What an action works on: the store, the clock, the identifiers; and what it is asked: values ready to use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .clock import Clock
from .exchange import Json, Record
from .ids import Identifiers
from .plan import OperationPlan
from .store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """One valid request: path values as text, query values by type, the writable members of the body."""

    path: dict[str, str]
    query: dict[str, Json]
    body: Record


# Collection and id → a record that is not stored yet, None for a malformed id.
Invent = Callable[[str, str], Record | None]


@dataclass(frozen=True, slots=True)
class World:
    """Everything an action may read or change."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    behaviours: Behaviours
    invent: Invent | None = None  # makes the record of an unknown id; None: what is unknown is not found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list and what ``meta`` says of the whole."""

    records: list[Record]
    number: int
    size: int
    total: int

    def told(self, what: str) -> int:
        """The ``number`` or ``size`` of the page, or how many ``pages`` or records in ``total`` there are."""
        match what:
            case "number":
                return self.number
            case "size":
                return self.size
            case "total":
                return self.total
            case _:
                # No results are no pages.
                return -(-self.total // self.size) if self.size else 0


Result = Record | Page | None
Action = Callable[[OperationPlan, Call, World], Result]
# A computation gives one record, or all records of a list, which is then filtered, sorted and cut into pages.
Compute = Callable[[Record | None, Call, World], Record | list[Record]]


# What is wrong with the writable members of a body that the schema allows: status and ``errors[]`` entry of each fault.
Check = Callable[[Record], Iterable[tuple[int, Record]]]


@dataclass(frozen=True, slots=True)
class Behaviours:
    """What the description cannot say.

    Computed answers by operationId, checks of bodies by operationId, the kind digits of ids by collection.
    """

    computes: Mapping[str, Compute] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    identifier_kinds: Mapping[str, str] = field(default_factory=dict)
