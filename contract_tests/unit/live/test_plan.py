"""Which tests a live run holds: each one is classified, those that provoke are confined, an unknown one is left out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from contract_tests.budget import BUDGETS
from contract_tests.description import load
from contract_tests.live import plan
from contract_tests.live.plan import TESTS, Suits, unsuited

SUITES = Path(__file__).resolve().parents[2] / "suites"
READ, WRITE = load().by_id["listMessagingProfiles"], load().by_id["updateMessagingProfile"]


def written() -> set[str]:
    """``module::function`` of every test of the suites."""
    return {
        f"{path.stem}::{node.name}"
        for path in SUITES.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_of_the_suites_is_classified_and_none_that_is_gone() -> None:
    assert len(written()) > 40
    assert written() == set(TESTS)


def test_what_nobody_classified_does_not_run() -> None:
    assert "does not say" in unsuited("test_new::test_anything", READ, writes=True, negative=True)


def first(suits: Suits) -> str:
    return next(name for name, one in TESTS.items() if one is suits)


@pytest.mark.parametrize(
    ("suits", "operation", "writes", "negative", "runs"),
    [
        (Suits.ALL, READ, False, False, True),
        (Suits.ALL, WRITE, True, False, True),
        (Suits.READS, READ, True, True, True),
        (Suits.READS, WRITE, True, True, False),
        (Suits.NEGATIVE, READ, False, False, True),
        (Suits.NEGATIVE, WRITE, True, False, False),
        (Suits.NEGATIVE, WRITE, True, True, True),
        (Suits.NONE, READ, True, True, False),
        (Suits.WRITES, READ, False, False, False),
        (Suits.WRITES, READ, True, False, True),
    ],
)
def test_a_test_runs_where_it_suits(suits: Suits, operation: object, writes: bool, negative: bool, runs: bool) -> None:
    reason = unsuited(first(suits), operation, writes=writes, negative=negative)  # type: ignore[arg-type]
    assert (reason == "") is runs


def test_every_budget_has_a_live_size_that_waits_for_quotas() -> None:
    for budget in BUDGETS.values():
        sized = plan.sized(budget, 30.0)
        assert sized.patience > 60
        assert sized.limit == 1800
        assert sized.records <= budget.records
        assert sized.max_examples <= budget.max_examples
