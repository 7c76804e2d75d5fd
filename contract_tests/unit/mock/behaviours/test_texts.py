"""Where numbers belong, and how texts travel."""

from __future__ import annotations

import pytest

from contract_tests.mock.behaviours.destinations import AREAS, COUNTRIES, E164, area_of, country_of
from contract_tests.mock.behaviours.texts import encoding_of


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+12025550100", "US"),
        ("+18005550100", "US"),
        ("+14165550100", "CA"),
        ("+18095550100", "DO"),
        ("+17875550100", "PR"),
        ("+442075550100", "GB"),
        ("+4915155501000", "DE"),
        ("+79005550100", "RU"),
        ("+77015550100", "KZ"),
        ("+35315550100", "IE"),
        ("+8525550100", "HK"),
        ("+2105550100", None),  # no country has 210
    ],
)
def test_the_country_of_a_number(number: str, country: str | None) -> None:
    assert country_of(number) == country


def test_codes_are_codes_and_countries_are_countries() -> None:
    assert all(code.isdigit() and not code.startswith(("0", "1")) and len(code) <= 3 for code in COUNTRIES)
    assert all(len(code) == 3 and code.isdigit() for code in AREAS)
    assert all(len(name) == 2 and name.isupper() for name in (*COUNTRIES.values(), *AREAS.values()))
    # No code begins with another one, but for the Kazakh part of +7.
    doubles = {(one, two) for one in COUNTRIES for two in COUNTRIES if one != two and two.startswith(one)}
    assert doubles == {("7", "76"), ("7", "77")}


def test_area_codes_are_of_the_north_american_plan() -> None:
    assert (area_of("+12025550100"), area_of("+442075550100"), area_of("+1202555010")) == ("202", None, None)


@pytest.mark.parametrize("number", ["12025550100", "+02025550100", "+1202", "+1 202 555 0100", "+1202555010012345", ""])
def test_what_is_no_number(number: str) -> None:
    assert not E164.fullmatch(number)


def test_a_text_can_be_made_wide() -> None:
    assert encoding_of("x" * 71) == ("GSM-7", 1) and encoding_of("x" * 71, wide=True) == ("UCS-2", 2)
