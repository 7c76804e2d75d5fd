"""What one run of the contract suite shares: the values that the runner hands to the suites' fixtures."""

from __future__ import annotations

from dataclasses import dataclass

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.drift.observe import Observer
from contract_tests.exercised import Exercise
from contract_tests.session import Session

# The name under which the suites' fixtures find the plugin that carries the run.
PLUGIN = "contract-run"


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``only`` holds the operationIds that it is restricted to, empty means all of them."""

    session: Session
    budget: Budget
    seed: int
    exercise: Exercise
    observer: Observer
    only: frozenset[str] = frozenset()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that this run has to exercise, in the description's order."""
        return tuple(one for one in self.session.description.operations if self.includes(one.operation_id))

    def includes(self, operation_id: str) -> bool:
        """Whether this run has to exercise the operation."""
        return not self.only or operation_id in self.only
