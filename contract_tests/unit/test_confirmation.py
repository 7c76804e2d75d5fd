"""What was found is tried again where that does no harm, and it is said how often it showed."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from contract_tests.confirmation import TRIES, confirm
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.exchange import Exchange
from contract_tests.session import Session
from contract_tests.target import Target
from contract_tests.unit.conftest import DOCUMENT


class World:
    """A target that gives the statuses of a script, then 200, and a check that dislikes 418."""

    def __init__(self) -> None:
        self.script: list[int] = []
        self.sent: list[str] = []
        base = "http://127.0.0.1:1/v2"
        transport = httpx.MockTransport(self.answer)
        target = Target("mock", None, "KEY_ours")
        self.session = Session(Description(DOCUMENT), target, base, [dislike], Findings(), transport=transport)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(f"{request.method} {request.url.path}")
        status = self.script.pop(0) if self.script else 200
        if status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(status)


def dislike(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """A check that finds fault with one status."""
    if exchange.status == 418:
        yield Finding("teapot", operation.operation_id, "", "no teapot", "418", Severity.BREAKING, "here", exchange)


@pytest.mark.parametrize(("script", "shown"), [([418] * 5, 5), ([200, 200, 418], 1), ([], 0)])
def test_a_finding_of_a_read_is_tried_again_and_stays_whatever_comes(script: list[int], shown: int) -> None:
    world = World()
    world.script = [418, *script]
    world.session.call("listThings")
    assert confirm(world.session, seconds=9) == 1
    (found,) = world.session.findings.all()
    assert (found.replays, found.replays_shown, found.occurrences) == (TRIES, shown, 1)
    assert len(world.sent) == 1 + TRIES


def test_a_write_is_never_repeated() -> None:
    world = World()
    world.script = [418]
    world.session.call("createThing", body={})
    assert confirm(world.session, seconds=9) == 0
    assert world.sent == ["POST /v2/things"]


def test_what_one_exchange_does_not_show_is_not_repeated() -> None:
    world = World()
    exchange = world.session.call("listThings")
    world.session.report("rule", exchange, pointer="", expected="a", observed="b", check="rule")
    assert confirm(world.session, seconds=9) == 0


def test_a_target_that_is_gone_ends_it() -> None:
    world = World()
    world.script = [418, 418, 0]
    world.session.call("listThings")
    assert confirm(world.session, seconds=9) == 0
    assert world.session.findings.all()[0].replays == 0


def test_time_and_number_are_bounded() -> None:
    world = World()
    world.script = [418]
    world.session.call("listThings")
    times = iter([0.0, 10.0])
    assert confirm(world.session, seconds=9, clock=lambda: next(times)) == 0
    assert len(world.sent) == 1
