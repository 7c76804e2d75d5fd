"""Deliveries to a real endpoint on loopback: retries by the mock's clock, failover, duplicates, what is not sent."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from telnyx_bindings import webhooks

from contract_tests.mock.clock import Clock
from contract_tests.mock.webhooks import sending
from contract_tests.mock.webhooks.delivery import Delivery
from contract_tests.mock.webhooks.dispatch import Webhooks
from contract_tests.unit.mock.webhooks.receiver import Hooks, listening

PATIENCE = 30.0  # seconds, far more than anything here takes
FAR = "https://www.example.com/hooks"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers get more time than Telnyx gives them: a busy machine is no reason to try again."""
    monkeypatch.setattr(sending, "PATIENCE", PATIENCE)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    clock = Clock()
    clock.freeze()
    return clock


@pytest.fixture
def desk(clock: Clock) -> Iterator[Webhooks]:
    """Webhooks by that clock."""
    desk = Webhooks(clock)
    yield desk
    desk.close()


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """An endpoint."""
    with listening() as hooks:
        yield hooks


@pytest.fixture
def backup() -> Iterator[Hooks]:
    """Another endpoint."""
    with listening() as hooks:
        yield hooks


def deliver(desk: Webhooks, *urls: str | None) -> Delivery:
    """An event to these addresses, and its first try."""
    delivery = desk.deliver(desk.event("message.received", {"text": "hello"}), urls)
    desk.settle()
    return delivery


def outcomes(delivery: Delivery) -> list[int | str]:
    """What came of each try."""
    return [attempt.outcome for attempt in delivery.attempts]


def test_an_event_that_is_taken_is_delivered_once(desk: Webhooks, hooks: Hooks) -> None:
    delivery = deliver(desk, hooks.url)
    assert (delivery.state, delivery.reason, outcomes(delivery)) == ("delivered", None, [200])
    ((headers, body),) = hooks.received
    event = webhooks.unwrap(body, headers, desk.public_key)
    assert (event.id, event.attempt, event.delivered_to) == (delivery.event.id, 1, hooks.url)
    assert headers["content-type"] == "application/json"
    assert desk.deliveries == (delivery,)


def test_a_failure_is_tried_again_when_the_clock_says_so_and_then_elsewhere(
    desk: Webhooks, clock: Clock, hooks: Hooks, backup: Hooks
) -> None:
    hooks.answers, backup.answers = [500, 204, 301], [404]
    start = clock.now()
    delivery = deliver(desk, hooks.url, backup.url)
    for wait in (1, 2, 4, 8):
        clock.advance(wait - 0.5)
        desk.settle()
        tried = len(delivery.attempts)
        clock.advance(0.5)
        desk.settle()
        assert len(delivery.attempts) == tried + 1
    assert outcomes(delivery) == [500, 204, 301, 404, 200] and delivery.state == "delivered"
    assert [attempt.at - start for attempt in delivery.attempts] == [timedelta(seconds=s) for s in (0, 1, 3, 7, 15)]
    assert (len(hooks.received), len(backup.received)) == (3, 2), "a redirect is not followed"
    events = [webhooks.unwrap(body, headers, desk.public_key) for headers, body in hooks.received + backup.received]
    assert {event.id for event in events} == {delivery.event.id}
    assert [event.attempt for event in events] == [1, 2, 3, 4, 5]
    assert [event.delivered_to for event in events] == [hooks.url] * 3 + [backup.url] * 2


def test_after_six_tries_nothing_more_is_tried(desk: Webhooks, clock: Clock, hooks: Hooks, backup: Hooks) -> None:
    hooks.answers, backup.answers = [500] * 9, [500] * 9
    delivery = deliver(desk, hooks.url, backup.url)
    for _ in range(8):
        clock.advance(100)
        desk.settle()
    assert (delivery.state, delivery.reason) == ("failed", "every address refused it")
    assert (len(hooks.received), len(backup.received)) == (3, 3)


def test_without_a_frozen_clock_the_wait_is_real(hooks: Hooks) -> None:
    desk = Webhooks(Clock())
    hooks.answers = [500]
    delivery = deliver(desk, hooks.url)
    assert outcomes(delivery)[0] == 500
    end = time.monotonic() + PATIENCE
    while delivery.state == "pending" and time.monotonic() < end:
        time.sleep(0.01)
    desk.close()
    assert outcomes(delivery) == [500, 200]
    assert delivery.attempts[1].at - delivery.attempts[0].at >= timedelta(seconds=1)


def test_duplicates_are_the_same_event_again(desk: Webhooks, hooks: Hooks) -> None:
    desk.duplicates = 2
    delivery = deliver(desk, hooks.url)
    seen = webhooks.ReplayGuard()
    events = [webhooks.unwrap(body, headers, desk.public_key) for headers, body in hooks.received]
    assert [seen.is_new(event) for event in events] == [True, False, False]
    assert delivery.state == "delivered" and outcomes(delivery) == [200] * 3


@pytest.mark.parametrize(
    ("urls", "reason"),
    [
        ((FAR,), "not delivered: not loopback"),
        ((None, ""), "not delivered: no address"),
        ((), "not delivered: no address"),
    ],
    ids=["elsewhere", "empty", "none"],
)
def test_what_has_nowhere_to_go_is_noted(
    desk: Webhooks, monkeypatch: pytest.MonkeyPatch, urls: tuple[str | None, ...], reason: str
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    delivery = deliver(desk, *urls)
    assert (delivery.state, delivery.reason, delivery.attempts) == ("failed", reason, ())
    assert desk.deliveries == (delivery,)


def test_an_address_elsewhere_is_skipped_for_the_failover(desk: Webhooks, hooks: Hooks) -> None:
    delivery = deliver(desk, FAR, hooks.url)
    assert (delivery.state, outcomes(delivery)) == ("delivered", [200])
    assert delivery.skipped == ((FAR, "not loopback"),)


def test_an_endpoint_that_is_gone_or_too_slow_is_a_failed_try(
    desk: Webhooks, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (gone,) = outcomes(deliver(desk, f"http://127.0.0.1:{unused.getsockname()[1]}/"))
    assert str(gone).startswith("ConnectError")
    monkeypatch.setattr(sending, "PATIENCE", 0.05)
    told = threading.Event()
    hooks.before_answer = lambda: told.wait(PATIENCE)
    assert outcomes(deliver(desk, hooks.url)) == ["no answer within 0.05 s"]
    told.set()


def test_delivering_does_not_wait_and_a_reset_does(desk: Webhooks, hooks: Hooks) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        leave.wait(PATIENCE)

    hooks.before_answer = hold
    first = desk.deliver(desk.event("a", {}), [hooks.url])
    second = desk.deliver(desk.event("b", {}), [hooks.url])
    assert entered.wait(PATIENCE) and (first.state, second.state) == ("pending", "pending")
    with pytest.raises(TimeoutError):
        desk.settle(0.05)

    def release() -> None:
        while second.state == "pending":
            time.sleep(0.01)
        leave.set()  # the reset has begun

    threading.Thread(target=release).start()
    desk.reset()
    assert leave.is_set(), "nothing is on its way any more"
    assert (second.state, second.reason) == ("failed", "the mock was reset")
    assert desk.deliveries == () and len(hooks.received) == 1
    assert deliver(desk, hooks.url).state == "delivered", "and it goes on"


def test_nothing_is_delivered_after_the_end(desk: Webhooks, hooks: Hooks) -> None:
    deliver(desk, hooks.url)
    desk.close()
    delivery = deliver(desk, hooks.url)
    assert (delivery.state, delivery.reason, len(hooks.received)) == ("failed", "the mock has ended", 1)
    assert not any(thread.name == "mock webhooks" for thread in threading.enumerate())
    desk.reset()
    assert deliver(desk, hooks.url).state == "delivered", "a mock that is used again begins anew"


def test_an_event_keeps_the_payload_that_it_was_given_and_has_to_be_json(desk: Webhooks) -> None:
    payload = {"tags": ["a"]}
    event = desk.event("a", payload)
    payload["tags"].append("b")
    assert event.payload == {"tags": ["a"]}
    for wrong in ({"a": object()}, float("nan"), "\ud800"):
        with pytest.raises((TypeError, ValueError)):
            desk.deliver(desk.event("a", wrong), ["http://127.0.0.1:1/"])
    assert desk.deliveries == ()


def test_events_are_the_same_for_the_same_seed_also_after_a_reset(clock: Clock) -> None:
    first, again, other = Webhooks(clock, 1), Webhooks(clock, 1), Webhooks(clock, 2)
    ids = [first.event("a", {}).id for _ in range(3)]
    assert [again.event("a", {}).id for _ in range(3)] == ids
    assert other.event("a", {}).id not in ids and len(set(ids)) == 3
    first.reset()
    assert first.event("a", {}).id == ids[0]


async def application(scope: dict[str, object], receive: object, send: object) -> None:
    """An ASGI endpoint."""
    assert scope["path"] == "/hooks" and callable(receive) and callable(send)
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def wsgi(environment: dict[str, object], start: object) -> list[bytes]:
    """A WSGI endpoint."""
    assert environment["HTTP_TELNYX_SIGNATURE_ED25519"] and callable(start)
    start("200 OK", [])
    return [b""]


def broken(request: httpx.Request) -> httpx.Response:
    """An endpoint with a fault."""
    raise KeyError("text")


@pytest.mark.parametrize(
    ("transport", "outcome"),
    [
        (httpx.ASGITransport(application), 200),  # type: ignore[arg-type]
        (httpx.WSGITransport(wsgi), 200),
        (httpx.MockTransport(lambda request: httpx.Response(418)), 418),
        (httpx.MockTransport(broken), "KeyError: 'text'"),
    ],
    ids=["asgi", "wsgi", "function", "faulty"],
)
def test_an_application_can_be_told_without_a_socket(
    desk: Webhooks, transport: sending.Transport, outcome: int | str
) -> None:
    desk.through(transport)
    assert outcomes(deliver(desk, FAR)) == [outcome]
    desk.reset()
    assert deliver(desk, FAR).reason == "not delivered: not loopback"
