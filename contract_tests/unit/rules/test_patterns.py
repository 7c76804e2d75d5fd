"""Texts for patterns match or fail them, for sure; patterns that are not understood say so."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.rules.patterns import UnsupportedPattern, failing, matching

PATTERNS = [
    r"^[A-Z]{2}$",
    r"^([A-Z]{2}|\*)$",
    r"^[A-Za-z0-9 ]{1,11}$",
    r"^[0-9]+(?:\.[0-9]+)?$",
    r"^(https?://[!-~]+)?$",
    r"^\+[1-9]\d{1,14}$",
    r"^a|b|cd$",
    r"^[^a-z]+$",
    r"^x{2,}y*z??$",
    r"^.\w\s\.\-$",
    "",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_texts_match_their_pattern(pattern: str) -> None:
    found = matching(pattern, random.Random(3), extra=5)
    assert found
    assert all(re.search(pattern, text) for text in found)
    assert found == matching(pattern, random.Random(3), extra=5)


@pytest.mark.parametrize("pattern", [one for one in PATTERNS if one.startswith(("^[", "^("))])
def test_near_misses_fail_their_pattern(pattern: str) -> None:
    found = failing(pattern, random.Random(3))
    assert 1 <= len(found) <= 3
    assert not any(re.search(pattern, text) for text in found)


def test_every_branch_of_a_choice_occurs() -> None:
    assert "*" in matching(r"^([A-Z]{2}|\*)$", random.Random(1))


def test_shortest_and_longest_occur() -> None:
    lengths = {len(text) for text in matching(r"^[a-z]{1,11}$", random.Random(1))}
    assert {1, 11} <= lengths


@pytest.mark.parametrize(
    "pattern", [r"(?=a)a", r"(a)\1", r"\p{L}", "(", "[", "*a", "a)", r"^a$b", r"\bword\b", "[^ -~]"]
)
def test_what_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(UnsupportedPattern):
        matching(pattern, random.Random(1))


def test_a_pattern_that_takes_everything_has_no_failing_text() -> None:
    assert failing("x*", random.Random(1)) == []


ATOMS = st.sampled_from(["a", "[b-d]", r"\d", "(?:e|fg)", r"\+", "[^x-z]", "."])
QUANTIFIERS = st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{0,}"])


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(st.lists(st.tuples(ATOMS, QUANTIFIERS), min_size=1, max_size=5), st.integers(0, 99))
def test_any_pattern_of_the_known_parts_is_matched(parts: list[tuple[str, str]], seed: int) -> None:
    pattern = f"^{''.join(atom + quantifier for atom, quantifier in parts)}$"
    assert all(re.search(pattern, text) for text in matching(pattern, random.Random(seed)))
