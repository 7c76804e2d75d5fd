"""What an action works on: the store, the clock, the identifiers; and what it is asked: values ready to use."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from .agenda import Agenda
from .clock import Clock
from .derived import Derived
from .exchange import Json, Record
from .ids import Identifiers
from .plan import OperationPlan
from .store import Collection, Store


@dataclass(frozen=True, slots=True)
class Call:
    """One valid request: path values as text, query values by type, the writable members of the body."""

    path: dict[str, str]
    query: dict[str, Json]
    body: Record


@dataclass(frozen=True, slots=True)
class Notice:
    """An event that webhooks tell of: at ``moment`` (ns of the mock's clock) to the addresses in their order.

    ``event_type``: None for a notice that is not in the usual envelope, whose body is ``payload`` itself. ``withheld``
    says why nobody is told.
    """

    event_type: str | None
    payload: Json
    moment: int
    urls: tuple[str | None, ...] = ()
    withheld: str | None = None


def untold(_: Notice) -> None:
    """Where nobody listens, nothing is told."""


# Collection, id and what is stored there → a record that is not stored yet, None for a malformed id.
Invent = Callable[[str, str, Collection], Record | None]


@dataclass(frozen=True, slots=True)
class World:
    """Everything an action may read or change."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    behaviours: Behaviours
    invent: Invent | None = None  # makes the record of an unknown id; None: what is unknown is not found
    agenda: Agenda = field(default_factory=Agenda)  # what time will bring
    tell: Callable[[Notice], object] = untold  # lets webhooks be sent
    # What behaviour code remembers beside the records, each under its own name; a reset forgets it.
    memory: dict[str, dict[Hashable, Json]] = field(default_factory=dict)

    def remembered(self, name: str) -> dict[Hashable, Json]:
        """What is kept in ``memory`` under a name."""
        return self.memory.setdefault(name, {})


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
Compute = Callable[[Record | None, Call, World], Record | list[Record] | Derived]


# What is wrong with a request that satisfies its schema: status and ``errors[]`` entry of each fault.
Check = Callable[[Call, World], Iterable[tuple[int, Record]]]
# Finishes a record before it is stored, new or changed; what the description does not name, no answer shows.
Finish = Callable[[Record, Call, World], None]
# A record as it is by now: time may have moved it on since it was stored. The same object when nothing moved.
Settle = Callable[[Record, World], Record]


@dataclass(frozen=True, slots=True)
class Behaviours:
    """What the description cannot say.

    By operationId: computed answers, checks of requests, what finishes a record that was created or changed. By
    collection: how records move on with time, the kind digits of ids.
    """

    computes: Mapping[str, Compute] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    finishes: Mapping[str, Finish] = field(default_factory=dict)
    settles: Mapping[str, Settle] = field(default_factory=dict)
    private: frozenset[str] = frozenset()  # collections whose records hold members that no answer shows
    identifier_kinds: Mapping[str, str] = field(default_factory=dict)
