"""What a run really exercised: an operation counts only with a 2xx that passed every check and a checked refusal.

A suite that is green because it met nothing but 404s has said nothing; ``missing`` names what is left open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.outlet import Excuse, Outlet, Sight
from contract_tests.session import Session

SHOWN_ERRORS = (401, 404, 422, 429)


@dataclass(slots=True)
class Tally:
    """One operation: requests by status (0 is no answer), and those whose answer passed every check.

    ``records`` counts the records that its list answers held.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    verified: Counter[int] = field(default_factory=Counter)
    records: int = 0

    @property
    def requests(self) -> int:
        """All requests, answered or not."""
        return self.statuses.total()

    @property
    def accepted(self) -> int:
        """2xx answers that passed every check."""
        return sum(count for status, count in self.verified.items() if 200 <= status < 300)

    @property
    def refused(self) -> int:
        """4xx answers that passed every check."""
        return sum(count for status, count in self.verified.items() if 400 <= status < 500)


class Exercise:
    """Counts each recorded exchange; give it to ``Session.observers`` after the session's checks are known."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.tallies: dict[str, Tally] = defaultdict(Tally)

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Count an exchange that was just recorded."""
        tally = self.tallies[operation.operation_id]
        if not self._session.faults(exchange):
            tally.verified[exchange.status] += 1
        records = exchange.content if exchange.ok else None
        if isinstance(records, list):
            tally.records += len(records)

    def tally(self, operation_id: str) -> Tally:
        """The counts of an operation, complete with its unanswered requests."""
        found = self.tallies[operation_id]
        found.statuses = Counter(self._session.counts[operation_id])
        return found


def excuses(exercise: Exercise, operations: Iterable[Operation], outlet: Outlet) -> tuple[Excuse, ...]:
    """What the target gives nothing to exercise with, of these operations; none as long as nothing was exercised."""

    def looked(operation_id: str) -> Sight:
        tally = exercise.tally(operation_id)
        return Sight(tally.accepted, tally.records)

    wanted = {one.operation_id for one in operations}
    if not any(exercise.tally(one).accepted for one in wanted):
        return ()
    return tuple(one for one in outlet.excuses(looked) if not one.operations or wanted & {*one.operations})


def missing(
    exercise: Exercise,
    operations: Iterable[Operation],
    exempt: Callable[[Operation], bool] = lambda one: False,
    excused: Collection[str] = (),
) -> Iterator[str]:
    """What was not exercised enough, one sentence each; ``exempt`` ones need no refusal, ``excused`` no record."""
    for operation in operations:
        tally = exercise.tally(operation.operation_id)
        if operation.operation_id in excused:
            pass
        elif not tally.accepted:
            yield f"{operation.operation_id} never gave a 2xx answer that passed the checks"
        elif is_list(operation) and not tally.records:
            yield f"{operation.operation_id} never listed a record, so no record in it was checked"
        if not tally.refused and not exempt(operation):
            yield f"{operation.operation_id} never gave a refusal that passed the checks"


def is_list(operation: Operation) -> bool:
    """Whether ``x-resource`` calls the operation a list of records."""
    return operation.resource is not None and operation.resource.action == "list"
