"""What ends a run early, and what is only a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from contract_tests.budget import Budget, named
from contract_tests.exit_codes import ExitCode
from contract_tests.interruption import Guard, Interruption
from contract_tests.operation_rules import RuleError
from contract_tests.session import Session

Wired = Callable[[Callable[[httpx.Request], httpx.Response]], Session]


class World:
    """A target that answers its probe and everything else as it is told, and a clock that sleeping moves."""

    def __init__(self, wired: Wired, budget: Budget | None = None) -> None:
        self.probe: int | None = 200
        self.other: int | None = 200
        # What the first probe is answered with, where that differs from the others.
        self.first_probe: int | None = None
        # What the next requests other than the probes are answered with, before ``other`` comes.
        self.script: list[int | None] = []
        self.headers: dict[str, str] = {}
        self.errors: list[str] = []
        self.problem: Exception = httpx.ConnectError("refused")
        self.now = 0.0
        self.slept: list[float] = []
        self.sent: list[str] = []
        self.session = wired(self.answer)
        probes = [self.session.description.by_id[name] for name in ("listThings", "computeSums")]
        self.guard = self.session.guard = Guard(
            self.session, budget or named("quick"), probes, sleep=self.sleep, clock=lambda: self.now
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.url.path)
        status = self.probe if request.url.path in {"/v2/things", "/v2/sums"} else self.other
        if self.first_probe is not None and request.url.path == "/v2/things":
            status = self.first_probe
        if self.script and request.url.path == "/v2/things/1":
            status = self.script.pop(0)
        if status is None:
            raise self.problem
        body = {"json": {"errors": [{"code": code, "title": "No."} for code in self.errors]}} if self.errors else {}
        return httpx.Response(status, headers=self.headers, **body)  # type: ignore[arg-type]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def call(self, **request: object) -> None:
        self.session.call("retrieveThing", path={"id": "1"}, **request)  # type: ignore[arg-type]

    def kinds(self) -> list[tuple[str, str]]:
        return [(finding.kind, finding.operation) for finding in self.session.findings.all()]


def stopped(world: World) -> Interruption:
    with pytest.raises(Interruption) as caught:
        world.call()
    return caught.value


def test_an_ordinary_answer_goes_on_without_asking_anything(wired: Wired) -> None:
    world = World(wired)
    world.call()
    assert (world.sent, world.kinds()) == (["/v2/things/1"], [])


def test_a_dead_target_is_exit_3(wired: Wired) -> None:
    world = World(wired)
    world.probe = world.other = None
    assert stopped(world).code is ExitCode.UNREACHABLE


def test_a_target_that_only_times_out_is_called_slow(wired: Wired) -> None:
    world = World(wired)
    world.probe = world.other = None
    world.problem = httpx.ReadTimeout("timed out")
    assert stopped(world).reason == "the target answers too slowly since retrieveThing: ReadTimeout: timed out"


def test_a_request_that_only_this_operation_swallows_is_a_finding(wired: Wired) -> None:
    world = World(wired)
    world.other = None
    world.call()
    assert world.kinds() == [("no-answer", "retrieveThing")]
    assert world.sent.count("/v2/things/1") == 3
    world.call()
    assert world.sent.count("/v2/things/1") == 4, "what is known to fail is not asked for again and again"
    assert list(world.guard.unstable()) == []


@pytest.mark.parametrize("blip", [None, 500, 503])
def test_a_blip_that_is_gone_when_asked_again_is_no_finding_but_is_told(wired: Wired, blip: int | None) -> None:
    world = World(wired)
    world.script = [blip]
    world.call()
    assert (world.kinds(), list(world.guard.intermittent())) == ([], [])
    assert [one.partition(" failed 1 times and answered when asked again")[0] for one in world.guard.unstable()] == [
        "retrieveThing"
    ]
    assert world.session.counts["retrieveThing"] == {blip or 0: 1, 200: 1}


def test_one_failure_in_five_is_a_finding_although_each_mends_itself(wired: Wired) -> None:
    world = World(wired)
    for _ in range(4):
        world.script = [200, 200, 200, 500, 200]
        for _ in range(4):
            world.call()
    (found,) = world.guard.intermittent()
    assert (found.kind, found.operation, found.observed) == (
        "server-error",
        "retrieveThing",
        "status 500 in 4 of 20 requests",
    )


def test_two_blips_are_not_enough_to_speak_of_drift(wired: Wired) -> None:
    world = World(wired)
    for _ in range(2):
        world.script = [None, 200]
        world.call()
    assert list(world.guard.intermittent()) == []


def test_a_target_of_which_nothing_is_well_is_exit_3_but_one_operation_is_not(wired: Wired) -> None:
    world = World(wired)
    world.other = 503
    world.call()
    world.probe = 502
    assert stopped(world).code is ExitCode.UNREACHABLE
    assert stopped(world).reason == "the target is out of service since retrieveThing: status 503"


def test_a_probe_that_fails_by_itself_is_no_outage(wired: Wired) -> None:
    world = World(wired)
    world.other = world.first_probe = 500
    world.call()
    assert world.sent[-1] == "/v2/sums"


def test_what_belongs_to_no_operation_is_called_by_its_address(wired: Wired) -> None:
    world = World(wired)
    world.probe = world.other = None
    exchange = world.session.send("PUT", "http://127.0.0.1:1/v2/nowhere?q=1")
    with pytest.raises(Interruption, match="at PUT /v2/nowhere: ConnectError"):
        world.guard(exchange)


def test_a_token_that_opens_nothing_any_more_is_exit_4(wired: Wired) -> None:
    world = World(wired)
    world.probe = world.other = 401
    assert stopped(world).code is ExitCode.CREDENTIALS


def test_one_operation_that_refuses_our_token_is_a_finding(wired: Wired) -> None:
    world = World(wired)
    world.other = 401
    world.call()
    assert world.kinds() == [("right-token-refused", "retrieveThing")]


def test_a_wrong_token_that_is_refused_is_just_right(wired: Wired) -> None:
    world = World(wired)
    world.probe = world.other = 401
    world.call(headers={"authorization": "Bearer other"})
    assert (world.kinds(), world.sent) == ([], ["/v2/things/1"])


@pytest.mark.parametrize("reset", ["30", "", "soon", "-1"])
def test_a_quota_that_opens_late_is_exit_5(wired: Wired, reset: str) -> None:
    world = World(wired)
    world.other, world.headers = 429, {"x-ratelimit-reset": reset}
    assert stopped(world).code is ExitCode.THROTTLED
    assert world.slept == []


def test_a_quota_that_opens_soon_is_waited_for_and_the_request_is_sent_again(wired: Wired) -> None:
    world = World(wired, replace(named("quick"), patience=5))
    world.script, world.headers = [429], {"x-ratelimit-reset": "3"}
    world.call()
    assert world.sent == ["/v2/things/1"] * 2
    assert sum(world.slept) >= 3


def test_a_spend_limit_is_no_rate_limit_though_it_has_its_status(wired: Wired) -> None:
    world = World(wired)
    world.other, world.errors = 429, ["40333"]
    known = world.session.description.by_id
    rules = (RuleError(429, "40333", "all is spent"),)
    known["retrieveThing"] = replace(known["retrieveThing"], rule_errors=rules)
    world.call()
    assert (world.sent, world.slept) == (["/v2/things/1"], [])
    world.errors = ["40333", "10011"]
    assert stopped(world).code is ExitCode.THROTTLED


def test_a_spent_budget_is_exit_5(wired: Wired) -> None:
    world = World(wired)
    world.now = named("quick").limit + 1
    assert stopped(world).code is ExitCode.THROTTLED
