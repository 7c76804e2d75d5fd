"""Budgets are ordered, and known by name only."""

from __future__ import annotations

import pytest

from contract_tests.budget import BUDGETS, named
from scripts.errors import InputError


def test_a_larger_budget_is_larger_in_everything() -> None:
    quick, standard, nightly = BUDGETS.values()
    for name in (
        "max_examples",
        "stateful_examples",
        "stateful_steps",
        "samples",
        "records",
        "rounds",
        "limit",
        "patience",
    ):
        assert getattr(quick, name) < getattr(standard, name) < getattr(nightly, name), name


def test_another_name_is_bad_input() -> None:
    assert named("quick") is BUDGETS["quick"]
    with pytest.raises(InputError, match="no budget 'Quick'"):
        named("Quick")
