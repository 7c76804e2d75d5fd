"""Budget, pace, quote and account: what a run may spend, how fast, what it says first, what the account forbids."""

from __future__ import annotations

import contextlib
import json
import sys
from decimal import Decimal
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.live import account, quote, tidying
from contract_tests.live import policy as policies
from contract_tests.live.allowance import LOOKS_AT_END, MORE_PAGES, Allowance, Charge
from contract_tests.live.pace import LONGEST, MARGIN, UNTOLD, Pace
from contract_tests.live.policy import Limits, OptIn
from contract_tests.live.refusal import Exhausted
from contract_tests.live.traffic import Incoming
from contract_tests.live.verdict import Terms, is_read
from contract_tests.unit.live.stage import NUMBER, NUMBERS, PLENTY, policy, staged
from scripts.errors import InputError


class Clock:
    """A clock that moves when told, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(
    ("charge", "limit", "times"),
    [
        (Charge(), {"requests": 7}, 7),
        (Charge(writes=1), {"writes": 3}, 3),
        (Charge(creations=1), {"creations": 2}, 2),
        (Charge(people=1), {"people": 0}, 0),
        (Charge(usd=Decimal("0.10")), {"usd": Decimal("0.35")}, 3),
        (Charge(usd=Decimal("0.01")), {"usd": Decimal(0)}, 0),
    ],
)
def test_each_limit_holds_exactly(charge: Charge, limit: dict[str, Any], times: int) -> None:
    allowance = Allowance(Limits(100, 100, 100, Decimal(100), 100, 60.0).lowered(**limit))
    for _ in range(times):
        allowance.take(charge)
    counted = allowance.requests
    with pytest.raises(Exhausted):
        allowance.take(charge)
    assert allowance.requests == counted == times


def test_time_ends_work_first_and_tidying_at_last() -> None:
    clock = Clock()
    allowance = Allowance(PLENTY.lowered(minutes=10.0), clock)
    clock.now += 9.1 * 60
    with pytest.raises(Exhausted, match="10 minutes"):
        allowance.take(Charge())
    allowance.take(Charge(tidying=True))
    clock.now += 60
    with pytest.raises(Exhausted):
        allowance.take(Charge(tidying=True))


def test_what_a_creation_obliges_to_is_kept_for_it() -> None:
    allowance = Allowance(PLENTY.lowered(requests=4))
    creation = Charge(writes=1, creations=1, follow_ups=1, reserves=2)
    allowance.take(creation)
    with pytest.raises(Exhausted):
        allowance.take(creation)
    allowance.take(Charge())
    with pytest.raises(Exhausted):
        allowance.take(Charge())
    for _ in range(2):
        allowance.take(Charge(tidying=True))
    with pytest.raises(Exhausted):
        allowance.take(Charge(tidying=True))


def test_looking_through_the_lists_at_the_end_has_a_reserve_that_nothing_else_draws_on() -> None:
    pages, spare = 2, 5
    looks = LOOKS_AT_END * (pages + MORE_PAGES)
    allowance = Allowance(PLENTY.lowered(requests=looks + spare))
    allowance.set_aside_for_looking(NUMBERS, pages)
    for kind in [*[Charge()] * (spare - 1), Charge(tidying=True)]:
        allowance.take(kind)
    for kind in (Charge(), Charge(tidying=True)):
        with pytest.raises(Exhausted):
            allowance.take(kind)
    for _ in range(looks):
        allowance.take(Charge(tidying=True, looking=NUMBERS))
    with pytest.raises(Exhausted):
        allowance.take(Charge(tidying=True, looking=NUMBERS))


def test_what_was_looked_through_no_longer_keeps_others_from_tidying() -> None:
    looks = LOOKS_AT_END * (1 + MORE_PAGES)
    allowance = Allowance(PLENTY.lowered(requests=looks + 1))
    allowance.set_aside_for_looking(NUMBERS, 1)
    allowance.take(Charge(tidying=True, looking=NUMBERS))
    allowance.take(Charge(tidying=True))
    with pytest.raises(Exhausted):
        allowance.take(Charge(tidying=True))


@pytest.mark.parametrize("requests", range(8, 24))
def test_a_spent_budget_never_leaves_it_unknown_what_was_left(requests: int) -> None:
    """All records are gone already when reading alone uses up what is left of the budget."""
    with staged(limits=PLENTY.lowered(requests=requests)) as stage:
        with contextlib.suppress(Exhausted):
            stage.send("DELETE", f"/messaging_profiles/{stage.new()}")
        with pytest.raises(Exhausted):
            while True:
                stage.send("GET", "/messaging_profiles")
        done = tidying.tidy(stage.gate)
        assert done.left == []
        assert len(stage.sent) <= requests


@pytest.mark.parametrize(
    ("status", "headers", "waits", "elsewhere"),
    [
        (200, {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "30"}, 0, 0),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30 + MARGIN, 0),
        (200, {"x-ratelimit-remaining": "0"}, 0, 0),
        (429, {"x-ratelimit-reset": "7"}, 7 + MARGIN, 7 + MARGIN),
        (429, {"retry-after": "9"}, 9 + MARGIN, 9 + MARGIN),
        (429, {}, UNTOLD + MARGIN, UNTOLD + MARGIN),
        (429, {"x-ratelimit-reset": "99999999"}, LONGEST + MARGIN, LONGEST + MARGIN),
        (429, {"x-ratelimit-reset": "soon"}, UNTOLD + MARGIN, UNTOLD + MARGIN),
    ],
)
def test_pace_follows_what_answers_say(status: int, headers: dict[str, str], waits: float, elsewhere: float) -> None:
    clock, said = Clock(), list[str]()
    pace = Pace(said.append, clock, clock.sleep)
    pace.learn("one", headers, throttled=status == 429)
    assert pace.due("one") == pytest.approx(waits)
    assert pace.due("other") == pytest.approx(elsewhere)
    pace.wait("one")
    assert sum(clock.slept) == pytest.approx(waits)
    assert bool(said) is (waits > 2)
    assert pace.due("one") == 0


def test_a_quota_that_opens_after_the_budgets_time_ends_the_run_at_once() -> None:
    clock = Clock()
    with staged(limits=PLENTY.lowered(minutes=0.5)) as stage:
        stage.gate.pace = Pace(None, clock, clock.sleep)
        stage.gate.pace.learn("listMessagingProfiles", {"x-ratelimit-reset": "50"}, throttled=True)
        with pytest.raises(Exhausted, match="opens again in 50 s"):
            stage.send("GET", "/messaging_profiles")
        assert (stage.sent, clock.slept) == ([], [])


def test_the_gates_own_requests_come_again_after_429() -> None:
    clock = Clock()
    busy = [429, 429]

    with staged() as stage:
        stage.gate.pace = Pace(None, clock, clock.sleep)
        mine = stage.new()
        headers = {"x-ratelimit-reset": "3"}
        stage.lie = lambda sent, answer: Incoming(busy.pop(), headers, b"") if busy else answer
        assert stage.gate.confirm("messaging_profiles", mine, f"{stage.gate.ledger.prefix}one")
        assert clock.slept == [pytest.approx(3 + MARGIN)] * 2


@pytest.mark.parametrize(
    ("name", "codes", "throttled"),
    [
        ("sendMessage", ("40333",), False),
        ("sendMessage", ("10011",), True),
        ("sendMessage", ("40333", "10011"), True),
        ("sendMessage", (), True),
        # By its operation's description this is no refusal, by the catalogue of codes it is one everywhere.
        ("listMessagingProfiles", ("40333",), False),
        ("listMessagingProfiles", ("10039",), False),
        ("listMessagingProfiles", ("77777",), True),
    ],
)
def test_a_refusal_that_has_the_status_of_a_quota_is_told_from_it(
    name: str, codes: tuple[str, ...], throttled: bool
) -> None:
    operation = load().by_id[name]
    assert account.throttles(operation, refusal(429, *codes)) is throttled
    assert not account.throttles(operation, refusal(422, *codes))


@pytest.mark.parametrize(("code", "asked", "waited"), [("40333", 1, 0.0), ("10011", 3, UNTOLD + MARGIN)])
def test_only_a_quota_is_waited_for_and_asked_again(code: str, asked: int, waited: float) -> None:
    clock = Clock()
    with staged() as stage:
        stage.gate.pace = Pace(None, clock, clock.sleep)
        stage.lie = lambda sent, answer: refusal(429, code)
        answer = stage.gate.ask(load().by_id["listMessagingProfiles"])
        assert answer is not None and answer.status == 429
        assert len(stage.sent) == asked
        assert sum(clock.slept) == pytest.approx(waited * (asked - 1))


def refusal(status: int, *codes: str) -> Incoming:
    body = json.dumps({"errors": [{"code": code} for code in codes]}).encode()
    return Incoming(status, {}, body)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refusal(403, "10038"), "plan does not permit"),
        (refusal(403, "10039"), "plan limits"),
        (refusal(401, "20006"), "expired"),
        (refusal(403, "20999"), "not allowed"),
        (refusal(402, "20100"), "no funds"),
        (refusal(403, "40333"), "spending limit"),
        (refusal(422, "10004", "10039"), "plan limits"),
        (refusal(401, "10009"), None),
        (refusal(404, "10005"), None),
        (refusal(200, "10039"), None),
        (refusal(403, "21000"), None),
        (Incoming(403, {}, b"<html>"), None),
        (Incoming(403, {}, b'{"errors": {"code": "10039"}}'), None),
    ],
)
def test_limits_of_the_account_are_told_from_drift(answer: Incoming, said: str | None) -> None:
    found = account.limit(answer)
    assert (found is None) if said is None else (said in str(found) and str(answer.status) in str(found))


def test_the_quote_is_the_worst_case_in_one_line() -> None:
    made = policy(owned={NUMBERS: frozenset({NUMBER})})
    allowed = quote.limits(made.limits, "quick", {"requests": 240}, writes=True)
    text = "\n".join(quote.lines(Terms(load(), made, writes=True), allowed, "https://api.example.com/v2"))
    assert "live run against https://api.example.com/v2" in text
    assert (
        "at most 240 requests, 500 of them writes; 200 records created and deleted (messaging_profiles); 1 of" in text
    )
    assert "$0.00; 0 messages or calls; 35 minutes" in text


def test_the_quote_of_a_run_that_only_reads_promises_that_nothing_is_written() -> None:
    allowed = quote.limits(PLENTY, "nightly", {}, writes=False)
    assert (allowed.writes, allowed.creations, allowed.usd, allowed.people) == (0, 0, Decimal(0), 0)
    text = "\n".join(quote.lines(Terms(load(), policy(), writes=False), allowed, "x"))
    assert "no record created" in text
    (withheld,) = [line for line in text.splitlines() if line.startswith("not sent, since writes need --writes: ")]
    writes = [one.operation_id for one in load().operations if not is_read(one)]
    assert withheld.partition(": ")[2].split(", ") == writes


def test_what_the_policy_does_not_allow_is_said_before() -> None:
    text = "\n".join(quote.lines(Terms(load(), policy(opt_ins={}), writes=True), PLENTY, "x"))
    told = dict(
        line.removeprefix("not sent, since ").split(": ", 1) for line in text.splitlines() if "not sent" in line
    )
    assert "deleteMessagingProfile" in told["the policy does not opt in to irreversible"].split(", ")
    # What can't be deleted is not created either.
    assert "createMessagingProfile" in text.partition("not sent")[2]


@pytest.mark.parametrize(("answer", "agrees"), [("y", True), ("Yes ", True), ("", False), ("n", False), ("yep", False)])
def test_a_person_is_asked_on_a_terminal(answer: str, agrees: bool) -> None:
    said: list[str] = []
    if agrees:
        quote.agree(said.append, yes=False, terminal=True, ask=lambda _: answer)
    else:
        with pytest.raises(InputError, match="not agreed"):
            quote.agree(said.append, yes=False, terminal=True, ask=lambda _: answer)
    assert said == ["go on? [y/N]"]
    quote.agree(said.append, yes=True, terminal=False)
    with pytest.raises(InputError, match="--yes"):
        quote.agree(said.append, yes=False, terminal=False)


def test_a_terminal_that_closes_does_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: str) -> str:
        raise EOFError

    with pytest.raises(InputError, match="not agreed"):
        quote.agree(lambda _: None, yes=False, terminal=True, ask=closed)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="--yes"):
        quote.agree(lambda _: None, yes=False)


def test_every_budget_has_a_worst_case_within_the_committed_policy() -> None:
    assert set(quote.BY_BUDGET) == {"quick", "standard", "nightly"}
    sums = [tuple(one.values()) for one in quote.BY_BUDGET.values()]
    assert sums == sorted(sums)
    # A lower limit of the policy would end a budget that all is well with.
    allowed = policies.load(load()).limits
    for budget in quote.BY_BUDGET.values():
        lowered = allowed.lowered(**budget)
        assert {name: getattr(lowered, name) for name in budget} == budget


def test_an_opt_in_is_for_one_operation_and_one_effect() -> None:
    made = policy(opt_ins={"a": OptIn(frozenset({"costs"}), Decimal("0.01"))})
    assert made.opted_in("a", "costs")
    assert not made.opted_in("a", "irreversible")
    assert not made.opted_in("b", "costs")
    assert (made.price("a"), made.price("b")) == (Decimal("0.01"), Decimal(0))
