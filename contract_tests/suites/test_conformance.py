"""Every operation by itself: its examples, the edges of its parameters and fields, and random requests.

The requests come from Schemathesis, the verdicts from our checks (``contract_tests/checks``) and its own. A phase that
sent nothing has checked nothing, so it is skipped with the reason.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.generated_requests import drive
from contract_tests.generated_requests.addresses import addresses
from contract_tests.generated_requests.settings import Aim, Phase
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.session import Session

Send = Callable[[Operation, Phase], None]


@pytest.fixture
def send(session: Session, budget: Budget, seed: int) -> Send:
    """Runs one phase for one operation; the records that it works on and their offspring are taken away again."""

    def run(operation: Operation, phase: Phase) -> None:
        bench = Bench(session, "generated-requests", seed=seed)
        try:
            aim = Aim(phase, seed, budget.max_examples, addresses=addresses(bench, operation))
            tally = drive.run(bench, aim, (operation,))
        except NothingToCheck as nothing:
            pytest.skip(str(nothing))
        finally:
            bench.close()
        if not tally.sent:
            pytest.skip(f"the {phase} phase has nothing to send for {operation.operation_id}")

    return run


def test_examples(send: Send, operation: Operation) -> None:
    """The description's own examples, and once each without and with a wrong token."""
    send(operation, Phase.EXAMPLES)


def test_coverage(send: Send, operation: Operation) -> None:
    """Boundaries, types and absences of each parameter and field, and the methods that the path does not describe."""
    send(operation, Phase.COVERAGE)


def test_fuzzing(send: Send, operation: Operation) -> None:
    """Random requests, valid and invalid ones."""
    send(operation, Phase.FUZZING)
