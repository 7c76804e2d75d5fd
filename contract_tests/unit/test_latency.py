"""An operation that is far slower than the target usually is gets noticed; a slow target, a slow answer do not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from contract_tests.description import load
from contract_tests.exchange import Exchange
from contract_tests.latency import Latency

QUICK, SLOW = "listMessagingProfiles", "retrieveMessagingProfile"


def seen(*answers: tuple[str, Iterable[float]]) -> Latency:
    latency = Latency()
    for name, times in answers:
        for seconds in times:
            latency(load().by_id[name], Exchange(name, "GET", "http://x/", {}, b"", 200, {}, b"", seconds))
    return latency


def test_an_operation_whose_answers_are_late_is_a_finding_with_its_slowest_answer() -> None:
    (found,) = seen((QUICK, [0.002] * 40), (SLOW, [0.002, 0.7, 0.9, 0.6])).findings()
    assert (found.kind, found.operation, found.occurrences) == ("slow-answers", SLOW, 3)
    assert found.observed == "3 of 4 answers took longer, 0.9 s at worst"
    assert found.exchange is not None
    assert found.exchange.elapsed == 0.9


def test_one_answer_in_five_is_enough() -> None:
    assert list(seen((QUICK, [0.002] * 40), (SLOW, [0.002, 0.002, 0.002, 0.002, 0.8] * 4)).findings())


@pytest.mark.parametrize(
    "answers",
    [
        [(QUICK, [0.1] * 40), (SLOW, [0.6] * 4)],  # everything is slow
        [(QUICK, [0.002] * 40), (SLOW, [0.002] * 30 + [0.9] * 3)],  # now and then a hiccup
        [(QUICK, [0.002] * 40), (SLOW, [0.002, 9.0])],  # too few to tell
        [(QUICK, [0.002] * 10), (SLOW, [0.9] * 4)],  # no yardstick yet
        [(QUICK, [0.002] * 40), (SLOW, [0.102] * 40)],  # 100 ms more
    ],
)
def test_what_is_not_out_of_the_ordinary_is_not_said(answers: list[tuple[str, list[float]]]) -> None:
    assert list(seen(*answers).findings()) == []
