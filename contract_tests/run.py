"""What one run of the contract suite shares: the values that the runner hands to the suites' fixtures."""

from __future__ import annotations

from dataclasses import dataclass

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.drift.observe import Observer
from contract_tests.exercised import Exercise
from contract_tests.session import Session
from contract_tests.sharding import Share
from contract_tests.webhooks.hooks import Hooks

# The name under which the suites' fixtures find the plugin that carries the run.
PLUGIN = "contract-run"


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``only`` holds the operationIds that it is restricted to, empty means all of them.

    ``share`` is its part of them, where other processes do the rest. ``hooks``: where it receives webhooks.
    """

    session: Session
    budget: Budget
    seed: int
    exercise: Exercise
    observer: Observer
    only: frozenset[str] = frozenset()
    share: Share | None = None
    hooks: Hooks | None = None

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that this run has to exercise, in the description's order."""
        return tuple(one for one in self.session.description.operations if self.includes(one.operation_id))

    @property
    def walked(self) -> tuple[Operation, ...]:
        """The operations of the whole run, all shares together: a walk along links needs them all."""
        return tuple(
            one for one in self.session.description.operations if not self.only or one.operation_id in self.only
        )

    @property
    def restricted(self) -> bool:
        """Whether it leaves out anything, so that a suite may have nothing to do."""
        return bool(self.only) or self.share is not None

    @property
    def whole(self) -> bool:
        """Whether the tests that belong to no single operation are part of it."""
        return self.share is None or self.share.whole

    def includes(self, operation_id: str) -> bool:
        """Whether this run has to exercise the operation."""
        if self.share is not None and operation_id not in self.share.operations:
            return False
        return not self.only or operation_id in self.only
