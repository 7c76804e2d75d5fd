"""Retries are decided by pure functions: what may be repeated, how long to wait, when to stop."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telnyx_bindings.runtime.call import Operation
from telnyx_bindings.runtime.retry import DEADLINE, NEVER_SENT, UNKNOWN, RetryPolicy, deadline, repeatable, wait

READ, WRITE = Operation("readThing", "GET", "/t"), Operation("createThing", "POST", "/t")
CHANGE, REMOVE = Operation("updateThing", "PATCH", "/t"), Operation("deleteThing", "DELETE", "/t")
OPERATIONS = st.sampled_from([READ, WRITE, CHANGE, REMOVE])
OUTCOMES = st.integers(100, 999) | st.sampled_from([NEVER_SENT, UNKNOWN])
POLICY = RetryPolicy()


def decided(outcome: int | str, operation: Operation = READ, policy: RetryPolicy = POLICY, **more: Any) -> float | None:
    """The wait after the first attempt, in the middle of what chance allows."""
    usual = {"attempt": 1, "elapsed": 0.0, "deadline": deadline(policy, 10, 60), "chance": lambda: 0.5}
    return wait(policy, operation, outcome, **{**usual, **more})


@pytest.mark.parametrize("outcome", [NEVER_SENT, UNKNOWN, 408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_reading_is_repeated_after_whatever_may_pass(outcome: int | str) -> None:
    assert decided(outcome) is not None


@pytest.mark.parametrize("outcome", [100, 200, 204, 301, 400, 401, 403, 404, 409, 422, 499, 501, 505])
def test_nothing_is_repeated_that_will_be_the_same_again(outcome: int) -> None:
    assert decided(outcome) is None


@pytest.mark.parametrize("operation", [WRITE, CHANGE, REMOVE])
def test_changes_are_repeated_only_when_nothing_was_processed(operation: Operation) -> None:
    repeated = [
        outcome for outcome in (NEVER_SENT, UNKNOWN, *range(100, 600)) if repeatable(POLICY, operation, outcome)
    ]
    assert repeated == [NEVER_SENT, 429]


def test_idempotent_changes_are_repeated_when_the_policy_says_so() -> None:
    willing = RetryPolicy(idempotent=True)
    assert repeatable(willing, REMOVE, UNKNOWN)
    assert repeatable(willing, REMOVE, 503)
    assert not repeatable(willing, WRITE, UNKNOWN)
    assert not repeatable(willing, CHANGE, 503)


def test_the_spend_limit_is_never_waited_for() -> None:
    assert decided(429, asked=1.0) is not None
    assert decided(429, asked=1.0, spend_limit=True) is None


def test_the_wait_doubles_up_to_its_cap_and_is_half_chance() -> None:
    policy = RetryPolicy(attempts=20, deadline=1e9)
    least = [decided(500, policy=policy, attempt=n, chance=lambda: 0.0) for n in range(1, 8)]
    assert least == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    most = [decided(500, policy=policy, attempt=n, chance=lambda: 1.0) for n in range(1, 8)]
    assert most == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_the_server_says_how_long_to_wait_and_chance_only_adds() -> None:
    assert decided(429, asked=17.0, chance=lambda: 0.0) == 17.0
    assert decided(429, asked=17.0) == 17.25
    assert decided(429, asked=60.0, policy=RetryPolicy(longest_asked_wait=60)) is not None


def test_a_wait_that_is_too_long_is_left_to_the_caller() -> None:
    assert decided(429, asked=60.1, policy=RetryPolicy(longest_asked_wait=60)) is None


def test_attempts_are_counted_with_the_first() -> None:
    assert decided(500, policy=RetryPolicy(attempts=1)) is None
    assert decided(500, policy=RetryPolicy(attempts=3), attempt=2) is not None
    assert decided(500, policy=RetryPolicy(attempts=3), attempt=3) is None


def test_no_wait_goes_beyond_the_deadline() -> None:
    policy = RetryPolicy(deadline=10)
    assert decided(429, policy=policy, asked=5.0, elapsed=4.0) == 5.25
    assert decided(429, policy=policy, asked=5.0, elapsed=4.75) is None


@pytest.mark.parametrize(
    ("connect", "read", "whole"),
    [(10, 60, DEADLINE), (10, 140, DEADLINE), (10, 300, 310), (None, 60, math.inf), (10, None, math.inf)],
)
def test_a_timeout_that_is_longer_than_the_usual_deadline_is_what_it_says(
    connect: float | None, read: float | None, whole: float
) -> None:
    assert deadline(POLICY, connect, read) == whole
    assert deadline(RetryPolicy(deadline=5), connect, read) == 5


@pytest.mark.parametrize(
    "options", [{"attempts": 0}, {"first_wait": -1}, {"longest_wait": -1}, {"deadline": 0}], ids=str
)
def test_a_policy_that_makes_no_sense_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        RetryPolicy(**options)


@given(
    operation=OPERATIONS,
    outcome=OUTCOMES,
    attempt=st.integers(1, 2000),
    elapsed=st.floats(0, 1e6),
    asked=st.none() | st.floats(0, 1e8),
    chance=st.floats(0, 1, exclude_max=True),
    policy=st.builds(
        RetryPolicy,
        attempts=st.integers(1, 3000),
        first_wait=st.floats(0, 100),
        longest_wait=st.floats(0, 1000),
        deadline=st.none() | st.floats(1, 1e4),
    ),
)
@settings(deadline=None)
def test_every_wait_is_finite_within_the_deadline_and_never_for_a_finished_call(
    operation: Operation,
    outcome: int | str,
    attempt: int,
    elapsed: float,
    asked: float | None,
    chance: float,
    policy: RetryPolicy,
) -> None:
    whole = deadline(policy, 10, 60)
    seconds = wait(
        policy,
        operation,
        outcome,
        attempt=attempt,
        elapsed=elapsed,
        deadline=whole,
        asked=asked,
        chance=lambda: chance,
    )
    if seconds is None:
        return
    assert attempt < policy.attempts
    assert math.isfinite(seconds)
    assert seconds >= (asked or 0)
    assert elapsed + seconds < whole
    assert operation.safe or outcome in (NEVER_SENT, 429)
