"""Each finding says whose calls it touches and what happens to them."""

from __future__ import annotations

import pytest

from contract_tests.description import load
from contract_tests.drift.advice import ADVICE
from contract_tests.drift.causes import causes
from contract_tests.drift.effect import GENERAL, effect
from contract_tests.unit.drift.reports import finding


def said(kind: str, *operations: str, pointer: str = "") -> str:
    (cause,) = causes(load(), [finding(kind, one, pointer) for one in operations])
    return effect(load(), cause)


def test_it_names_the_methods_and_the_field() -> None:
    text = said("response-type", "retrieveMessagingProfile", "updateMessagingProfile", pointer="/data/name")
    assert text.startswith("callers of messaging_profiles.retrieve and 1 more: `name` holds another type")


def test_without_an_operation_there_are_no_callers() -> None:
    assert not said("suite-problem", "test_x::test_y").startswith("callers of")


@pytest.mark.parametrize("kind", sorted(ADVICE))
def test_most_kinds_have_an_effect_of_their_own(kind: str) -> None:
    assert "{" not in said(kind, "listMessagingProfiles", pointer="/data/name")
    assert GENERAL not in said(kind, "listMessagingProfiles", pointer="/data/name")
