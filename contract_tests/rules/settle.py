"""From a rule's end to a test's: passed with something checked, failed with findings, or skipped with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import pytest

from contract_tests.budget import Budget
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.session import Session

P = ParamSpec("P")
Hold = Callable[..., int]


def settler(session: Session, budget: Budget, seed: int) -> Hold:
    """What runs a rule as a test: see ``settle``."""

    def run(rule: Callable[Concatenate[Bench, P], None], /, *arguments: P.args, **named: P.kwargs) -> int:
        module = rule.__module__.rpartition(".")[2]
        check = f"{module}.{rule.__name__}"
        bench = Bench(session, check, seed=seed, samples=budget.samples, records=budget.records)
        return settle(bench, rule, *arguments, **named)

    return run


def settle(bench: Bench, rule: Callable[Concatenate[Bench, P], None], /, *arguments: P.args, **named: P.kwargs) -> int:
    """Run a rule, put everything back, and say how many judgements it made.

    Skips with the reason when there was nothing to check, and fails when the rule judged nothing without saying why.
    ``CannotContinue`` and ``Interrupted`` pass through. What a rule found is reported already, and fails the test
    by itself.
    """
    try:
        try:
            rule(bench, *arguments, **named)
        finally:
            bench.close()
    except NothingToCheck as reason:
        pytest.skip(str(reason))
    if not bench.checked:
        pytest.fail(f"{bench.check} judged nothing: it neither passed nor failed", pytrace=False)
    return bench.checked
