"""From a rule's end to a test's: passed with something checked, failed with findings, or skipped with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import pytest

from contract_tests.budget import Budget
from contract_tests.drift.finding import Finding
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.session import Session

P = ParamSpec("P")
Hold = Callable[..., int]
# Seeds of runs lie close together: those of later rounds must not be the seed of another run.
FAR = 1_000_000_007


def settler(session: Session, budget: Budget, seed: int) -> Hold:
    """What runs a rule as a test, as often as the budget says or until it found something: see ``settle``."""

    def run(rule: Callable[Concatenate[Bench, P], None], /, *arguments: P.args, **named: P.kwargs) -> int:
        module = rule.__module__.rpartition(".")[2]
        check = f"{module}.{rule.__name__}"
        heard: list[Finding] = []
        stop = session.findings.listen(heard.append)
        checked = 0
        try:
            for number in range(budget.rounds):
                # The first round is that of the seed; the others try other values.
                own = seed + number * FAR
                bench = Bench(session, check, seed=own, samples=budget.samples, records=budget.records)
                try:
                    checked += settle(bench, rule, *arguments, **named)
                except pytest.skip.Exception:
                    # What the first round used up is not there for the next one; that it was held stays true.
                    if not checked:
                        raise
                    break
                if heard:
                    break
        finally:
            stop()
        return checked

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
