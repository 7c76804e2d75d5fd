"""Enums that a server may extend: unknown members keep their value and behave like it."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telnyx_bindings.models import WebhookApiVersion
from telnyx_bindings.runtime.enums import OpenIntEnum, OpenStrEnum


class Level(OpenIntEnum):
    LOW = 1
    HIGH = 2


class Empty(OpenStrEnum):
    NOTHING = ""


MEMBERS: list[tuple[Any, Any]] = [(WebhookApiVersion, "2"), (WebhookApiVersion, "3"), (Level, 2), (Level, -7)]


def test_known_value_is_the_declared_member() -> None:
    assert WebhookApiVersion("2") is WebhookApiVersion.VERSION_2
    assert Level(2) is Level.HIGH
    assert Empty("") is Empty.NOTHING
    assert WebhookApiVersion("2").is_known


@pytest.mark.parametrize(("enum", "value"), MEMBERS)
def test_members_behave_like_their_value(enum: Any, value: Any) -> None:
    member = enum(value)
    assert isinstance(member, enum)
    assert member == value
    assert hash(member) == hash(value)
    assert {value: "found"}[member] == "found"
    assert member.value == value
    assert (str(member), f"{member}") == (str(value), str(value))
    assert json.loads(json.dumps([member])) == [value]
    assert sorted([member, value]) == [value, value]


@given(st.text())
def test_any_text_is_a_member(text: str) -> None:
    member = WebhookApiVersion(text)
    assert member == text
    assert member.is_known == (text in {"1", "2", "2010-04-01"})
    assert WebhookApiVersion(text) == member


@given(st.integers())
def test_any_integer_is_a_member(number: int) -> None:
    assert Level(number) == number
    assert Level(number).is_known == (number in {1, 2})


@pytest.mark.parametrize(("enum", "value"), MEMBERS)
def test_members_survive_pickle_and_copies(enum: Any, value: Any) -> None:
    member = enum(value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(member, protocol))
        assert again == member
        assert type(again) is enum
        assert (again is member) == member.is_known
    assert copy.copy(member) is member
    assert copy.deepcopy([member])[0] is member


def test_unknown_members_do_not_join_the_enum() -> None:
    WebhookApiVersion("3")
    assert [member.value for member in WebhookApiVersion] == ["1", "2", "2010-04-01"]
    assert len(WebhookApiVersion) == 3


def test_unknown_member_says_so() -> None:
    assert repr(WebhookApiVersion("3")) == "<WebhookApiVersion.UNKNOWN: '3'>"
    assert repr(WebhookApiVersion.VERSION_2) == "<WebhookApiVersion.VERSION_2: '2'>"


@pytest.mark.parametrize(
    ("enum", "value"), [(WebhookApiVersion, 2), (WebhookApiVersion, None), (Level, "2"), (Level, 1.5)]
)
def test_value_of_another_type_is_no_member(enum: Any, value: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        enum(value)


def test_unknown_member_falls_through_a_match() -> None:
    match WebhookApiVersion("3"):
        case WebhookApiVersion.VERSION_2:
            found = "second"
        case _:
            found = "later"
    assert found == "later"
