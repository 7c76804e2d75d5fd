"""What one run of the contract suite shares: the values that the runner hands to the suites' fixtures."""

from __future__ import annotations

from dataclasses import dataclass

from contract_tests.budget import Budget
from contract_tests.session import Session

PLUGIN = "contract-run"


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``only`` holds the operationIds that it is restricted to, empty means all of them."""

    session: Session
    budget: Budget
    seed: int
    only: frozenset[str] = frozenset()

    def includes(self, operation_id: str) -> bool:
        """Whether this run has to exercise the operation."""
        return not self.only or operation_id in self.only
