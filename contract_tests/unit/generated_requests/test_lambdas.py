"""A strategy names the lambdas in it without reading their files."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import strategies as st
from hypothesis.internal import lambda_sources

from contract_tests.generated_requests.lambdas import told_by_place


def test_a_strategy_tells_where_its_lambda_stands_and_no_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(function: object) -> None:
        raise AssertionError(f"the source of {function} was looked for")

    monkeypatch.setattr(inspect, "findsource", read)
    with told_by_place():
        one, other = (
            repr(st.integers().filter(lambda number: number > 1)),
            repr(st.integers().filter(lambda number: number > 2)),
        )
    assert __file__ in one
    assert one != other


def test_outside_of_the_block_hypothesis_tells_what_it_always_does() -> None:
    with pytest.raises(ZeroDivisionError), told_by_place():
        raise ZeroDivisionError
    assert repr(st.integers().filter(lambda number: number > 7)).endswith("lambda number: number > 7)")
    assert lambda_sources.lambda_description.__module__ == "hypothesis.internal.lambda_sources"
