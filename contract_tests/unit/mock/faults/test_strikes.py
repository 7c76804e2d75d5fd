"""Which requests are struck: conditions, counting, chance by seed, what lasts and what a reset takes away."""

from __future__ import annotations

import pytest

from contract_tests.mock.faults import Fault, Faults

LIST, CREATE = (
    ("listMessagingProfiles", "GET", "/messaging_profiles"),
    ("createMessagingProfile", "POST", "/messaging_profiles"),
)
OTHER, NOTHING = ("retrieveMessagingProfile", "GET", "/messaging_profiles/1"), (None, "GET", "/rooms")


def struck(faults: Faults, *requests: tuple[str | None, str, str]) -> list[str]:
    """The kind that strikes each request, "" for none."""
    found = [faults.strike(*request) for request in requests]
    return [one.fault.kind if one else "" for one in found]


@pytest.mark.parametrize(
    ("conditions", "hits"),
    [
        ({}, [True, True, True, True]),
        ({"operation": "listMessagingProfiles"}, [True, False, False, False]),
        ({"method": "post"}, [False, True, False, False]),
        ({"path": "/messaging_profiles"}, [True, True, False, False]),
        ({"path": "/messaging_profiles/*"}, [False, False, True, False]),
        ({"path": "/messaging_profiles", "method": "GET"}, [True, False, False, False]),
    ],
)
def test_conditions_choose_the_requests(conditions: dict[str, str], hits: list[bool]) -> None:
    found = struck(Faults([Fault.of("reset", **conditions)]), LIST, CREATE, OTHER, NOTHING)
    assert [bool(one) for one in found] == hits


def test_after_every_and_count_are_about_fitting_requests_alone() -> None:
    faults = Faults([Fault.of("reset", method="GET", after=1, every=2, count=2)])
    found = struck(faults, LIST, CREATE, LIST, LIST, CREATE, LIST, LIST, LIST, LIST)
    assert [index for index, one in enumerate(found) if one] == [3, 6]


def test_a_spent_fault_is_gone_and_the_mock_is_free_of_faults_again() -> None:
    faults = Faults([Fault.of("reset", count=1)])
    assert faults
    assert struck(faults, LIST, LIST) == ["reset", ""]
    assert not faults and len(faults) == 0


def test_the_first_fault_that_strikes_wins_and_the_others_wait() -> None:
    faults = Faults([Fault.of("reset", count=1), Fault.of("close", count=1)])
    assert struck(faults, LIST, LIST, LIST) == ["reset", "close", ""]


def test_chance_is_repeatable_by_seed_and_about_as_often_as_told() -> None:
    def run(seed: int) -> list[str]:
        return struck(Faults([Fault.of("reset", probability=0.25)], seed), *[LIST] * 400)

    assert run(3) == run(3) != run(4)
    assert 60 <= sum(map(bool, run(3))) <= 140
    assert not any(struck(Faults([Fault.of("reset", probability=0)]), *[LIST] * 50))


def test_two_faults_of_a_kind_do_not_share_their_chance() -> None:
    faults = Faults(
        [Fault.of("latency", probability=0.5, method="GET"), Fault.of("latency", probability=0.5, method="POST")]
    )
    gets = [bool(one) for one in struck(faults, *[LIST] * 60)]
    posts = [bool(one) for one in struck(faults, *[CREATE] * 60)]
    assert gets != posts


def test_injected_faults_come_first_and_end_with_a_reset() -> None:
    faults = Faults([Fault.of("reset", count=1)])
    faults.inject(Fault.of("close"))
    assert struck(faults, LIST, LIST) == ["close", "close"]
    faults.reset()
    assert struck(faults, LIST, LIST) == ["reset", ""]


def test_clear_ends_all_until_the_reset_brings_the_first_ones_back() -> None:
    faults = Faults([Fault.of("reset")])
    faults.clear()
    assert struck(faults, LIST) == [""]
    faults.reset()
    assert struck(faults, LIST) == ["reset"]
