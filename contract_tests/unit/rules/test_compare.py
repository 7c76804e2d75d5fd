"""JSON values are compared strictly, and differences say where they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.rules.compare import (
    ABSENT,
    Difference,
    changed,
    differences,
    instant,
    missing_from,
    same,
    spelt_otherwise,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("", None, False),
        ("1", 1, False),
        ([1, 2], [2, 1], False),
        ({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}, True),
        ({"a": [1]}, {"a": [True]}, False),
        ({}, [], False),
    ],
)
def test_equality_is_strict(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


@settings(derandomize=True, max_examples=100, database=None, deadline=None)
@given(JSON)
def test_a_value_equals_itself_and_has_no_differences(value: Any) -> None:
    assert same(value, value)
    assert list(missing_from(value, value)) == []
    assert list(differences(value, value)) == []


def test_what_was_sent_may_come_back_with_more() -> None:
    sent, got = {"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}
    assert list(missing_from(sent, got)) == []
    assert list(missing_from(got, sent)) == [Difference("/a/c", 2, ABSENT), Difference("/d", 3, ABSENT)]


def test_lists_are_compared_as_a_whole() -> None:
    assert list(missing_from({"a": ["x", "y"]}, {"a": ["y", "x"]})) == [Difference("/a", ["x", "y"], ["y", "x"])]


def test_changes_leave_out_what_is_free_and_take_null_for_absent() -> None:
    before, after = {"a": 1, "b": 1, "c": None}, {"a": 2, "b": 2}
    assert list(changed(before, after, {"b"})) == [Difference("/a", 1, 2)]
    assert list(changed({}, {"x": 1})) == [Difference("/x", ABSENT, 1)]


def test_differences_go_into_lists_and_escape_names() -> None:
    found = list(differences({"a/b": [{"x": 1}, {"x": 2}]}, {"a/b": [{"x": 1}, {"x": 3}]}))
    assert found == [Difference("/a~1b/1/x", 2, 3)]
    assert list(differences([1], [1, 2])) == [Difference("", [1], [1, 2])]


def test_times_that_name_one_instant_do_not_differ() -> None:
    assert list(differences("2019-01-23T18:10:02.574Z", "2019-01-23T18:10:02.574000+00:00")) == []
    assert list(differences("2019-01-23T18:10:02.574Z", "2019-01-23T18:10:02.575Z")) != []
    assert not same("2019-01-23T18:10:02.574Z", "2019-01-23T18:10:02.574000+00:00")


def test_a_time_without_a_zone_is_taken_as_utc() -> None:
    assert instant("2021-03-08T17:57:48.801186") == instant("2021-03-08T17:57:48.801186Z") is not None
    assert list(differences("2021-03-08T17:57:48.801", "2021-03-08T18:57:48.801+01:00")) == []
    assert list(differences("2021-03-08T17:57:48.801", "2021-03-08T17:57:48.801+01:00")) != []


@pytest.mark.parametrize("text", ["2019-01-23", "2019-01-23T18:10", "20190123181002574", "", None, 5, "x" * 25])
def test_a_date_alone_and_what_is_no_time_are_no_instants(text: Any) -> None:
    assert instant(text) is None


ID = "0b6a7c1e-5a0f-4d7b-9c55-0f5a3a1b2c3d"


@pytest.mark.parametrize(
    ("one", "other", "otherwise"),
    [
        (ID.upper(), ID, True),
        (ID, f"{ID[:-1]}D", True),
        (ID, ID, False),
        (ID, f"{ID[:-1]}E", False),
        ("ABC", "abc", False),
        (ID.upper(), None, False),
        (None, ID, False),
    ],
)
def test_a_uuid_is_the_same_in_letters_of_another_case(one: Any, other: Any, otherwise: bool) -> None:
    assert spelt_otherwise(one, other) is otherwise
