"""What ends a run early, and what is only a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from contract_tests.budget import Budget, named
from contract_tests.exit_codes import ExitCode
from contract_tests.interruption import Guard, Interruption
from contract_tests.session import Session

Wired = Callable[[Callable[[httpx.Request], httpx.Response]], Session]


class World:
    """A target that answers its probe and everything else as it is told, and a clock that sleeping moves."""

    def __init__(self, wired: Wired, budget: Budget | None = None) -> None:
        self.probe: int | None = 200
        self.other: int | None = 200
        self.headers: dict[str, str] = {}
        self.now = 0.0
        self.slept: list[float] = []
        self.sent: list[str] = []
        self.session = wired(self.answer)
        probe = self.session.description.by_id["listThings"]
        self.session.guard = Guard(
            self.session, budget or named("quick"), probe, sleep=self.sleep, clock=lambda: self.now
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.url.path)
        status = self.probe if request.url.path == "/v2/things" else self.other
        if status is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, headers=self.headers)

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


def test_a_request_that_only_this_operation_swallows_is_a_finding(wired: Wired) -> None:
    world = World(wired)
    world.other = None
    world.call()
    assert world.kinds() == [("no-answer", "retrieveThing")]


def test_a_gateway_without_a_service_is_exit_3_but_one_503_is_not(wired: Wired) -> None:
    world = World(wired)
    world.other = 503
    world.call()
    world.probe = 502
    assert stopped(world).code is ExitCode.UNREACHABLE


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
    world.other, world.headers = 429, {"x-ratelimit-reset": "3"}
    world.call()
    assert world.sent == ["/v2/things/1"] * 2
    assert sum(world.slept) >= 3


def test_a_spent_budget_is_exit_5(wired: Wired) -> None:
    world = World(wired)
    world.now = named("quick").limit + 1
    assert stopped(world).code is ExitCode.THROTTLED
