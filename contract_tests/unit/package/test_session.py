"""The synchronous session: what goes out, what is repeated, what is told to hooks, how connections come and go."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from telnyx_bindings import AsyncTelnyx, Telnyx, errors
from telnyx_bindings.runtime import attempts
from telnyx_bindings.runtime.logs import Attempt
from telnyx_bindings.runtime.retry import RetryPolicy
from telnyx_bindings.runtime.session import Connections, Session
from telnyx_bindings.runtime.settings import Settings

from contract_tests.unit.package.network import (
    AT_ONCE,
    BASE,
    ID,
    TOKEN,
    Script,
    profile,
    raw_answer,
    raw_server,
    reading,
    telnyx,
    writing,
)

THROTTLED = httpx.Response(429, headers={"x-ratelimit-reset": "7"})
LOST = httpx.ReadTimeout("too slow")
REFUSED = httpx.ConnectError("refused")


def session(
    script: Callable[[httpx.Request], httpx.Response], waits: list[float] | None = None, **options: Any
) -> Session:
    """A session whose network is a function and whose waits are noted, not waited for."""
    settings = Settings(token=TOKEN, base_url=BASE, transport=httpx.MockTransport(script), **options)
    return Session(settings, wait=(waits if waits is not None else []).append)


# What goes out


def test_a_request_has_the_headers_that_it_needs_and_no_others() -> None:
    script = Script(profile())
    telnyx(script).messaging_profiles.retrieve(ID)
    (request,) = script.requests
    assert str(request.url) == f"{BASE}/messaging_profiles/{ID}"
    agent = request.headers["user-agent"]
    assert agent.startswith("telnyx-bindings/")
    assert dict(request.headers) == {
        "host": "127.0.0.1:1",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "user-agent": agent,
        "authorization": f"Bearer {TOKEN}",
    }
    assert request.extensions["timeout"] == {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 60.0}


def test_a_body_has_its_type_and_length() -> None:
    script = Script(profile())
    telnyx(script).messaging_profiles.create(name="é", whitelisted_destinations=["US"])
    (request,) = script.requests
    assert request.content == b'{"name":"\\u00e9","whitelisted_destinations":["US"]}'
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == str(len(request.content))


def test_headers_of_the_client_are_copied_and_sent() -> None:
    given = {"X-Mine": "1", "User-Agent": "service/2"}
    script = Script(profile())
    client = telnyx(script, headers=given)
    given["X-Mine"] = "2"
    client.messaging_profiles.retrieve(ID)
    assert given.keys() == {"X-Mine", "User-Agent"}
    assert script.requests[0].headers["x-mine"] == "1"
    assert script.requests[0].headers.get_list("user-agent") == ["service/2"]


@pytest.mark.parametrize(
    "headers",
    [
        *({"Authorization": "Bearer x"}, {"host": "x"}, {"X-A": "a\r\nX-B: b"}, {"X A": "a"}, {"": "a"}),
        *({"X-A": value} for value in ("é", " a", "a ", "\ta", "a\x01b", "a\x7f", "a\tb")),
    ],
    ids=str,
)
def test_headers_that_would_mean_something_else_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="header"):
        telnyx(Script(), headers=headers)


@pytest.mark.parametrize("headers", [{"X-A": None}, {1: "a"}, {b"X-A": "a"}, {"X-A": b"a"}], ids=repr)
def test_headers_that_are_no_texts_are_refused(headers: Any) -> None:
    with pytest.raises(TypeError, match="texts"):
        telnyx(Script(), headers=headers)


def test_a_token_may_change_from_attempt_to_attempt() -> None:
    tokens = iter(["KEY_a", "KEY_b", "KEY_b"])
    script = Script(THROTTLED, profile())
    client = Telnyx(lambda: next(tokens), base_url=BASE, transport=httpx.MockTransport(script), retry=AT_ONCE)
    client.session._wait = lambda seconds: None
    client.messaging_profiles.retrieve(ID)
    client.messaging_profiles.retrieve(ID)
    assert [one.headers["authorization"] for one in script.requests] == ["Bearer KEY_a", "Bearer KEY_b", "Bearer KEY_b"]


def test_a_token_that_cannot_be_had_for_a_retry_does_not_lose_the_call(caplog: pytest.LogCaptureFixture) -> None:
    tokens = iter([TOKEN])
    script = Script(THROTTLED, httpx.Response(200, json={}))
    settings = Settings(token=lambda: next(tokens), base_url=BASE, transport=httpx.MockTransport(script))
    answer = Session(settings, wait=lambda seconds: None).send(reading())
    assert (answer.status, answer.attempts) == (200, 2)
    assert "the retry goes out with the one before" in caplog.text


@pytest.mark.parametrize("token", ["", "KEY x", "KEY\n", "KÉY", None, 7], ids=repr)
def test_a_token_that_is_none_is_refused_before_sending_and_not_shown(token: Any) -> None:
    script = Script(profile())
    client = Telnyx(lambda: token, base_url=BASE, transport=httpx.MockTransport(script))
    with pytest.raises(ValueError, match="API key") as caught:
        client.messaging_profiles.retrieve(ID)
    assert script.requests == []
    assert not token or str(token) not in str(caught.value)


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_id_that_leads_elsewhere_sends_nothing(identifier: str) -> None:
    script = Script(profile())
    with pytest.raises(ValueError, match="another resource"):
        telnyx(script).messaging_profiles.delete(identifier)
    assert script.requests == []


def test_an_address_that_is_too_long_sends_nothing() -> None:
    script = Script(profile())
    with pytest.raises(ValueError, match="can't be sent"):
        telnyx(script).messaging_profiles.retrieve("x" * 70_000)
    assert script.requests == []


# What is repeated


@pytest.mark.parametrize(
    "first", [LOST, REFUSED, httpx.Response(503), httpx.Response(520), httpx.RemoteProtocolError("x")]
)
def test_reading_is_repeated(first: httpx.Response | Exception) -> None:
    waits: list[float] = []
    script = Script(first, httpx.Response(200, content=b"x"))
    answer = session(script, waits).send(reading())
    assert (answer.body, answer.attempts, len(waits)) == (b"x", 2, 1)
    assert 0.25 <= waits[0] <= 0.5


def test_sending_is_not_repeated_when_it_may_have_been_done() -> None:
    for first in (LOST, httpx.WriteError("x"), httpx.RemoteProtocolError("x"), RuntimeError("odd")):
        script = Script(first, httpx.Response(200))
        with pytest.raises(errors.OutcomeUnknown) as caught:
            session(script).send(writing())
        assert (len(script.requests), caught.value.attempts, caught.value.status) == (1, 1, None)
        assert caught.value.__cause__ is first
    script = Script(httpx.Response(500), httpx.Response(200))
    assert session(script).send(writing()).status == 500


@pytest.mark.parametrize("first", [REFUSED, httpx.ConnectTimeout("x"), httpx.PoolTimeout("x"), httpx.ProxyError("x")])
def test_sending_is_repeated_when_nothing_was_sent(first: Exception) -> None:
    script = Script(first, httpx.Response(200))
    assert session(script).send(writing()).attempts == 2
    with pytest.raises(errors.ConnectionNeverMade) as caught:
        session(Script(first)).send(writing())
    assert caught.value.attempts == 3


def test_sending_is_repeated_after_throttling_when_the_window_is_over() -> None:
    waits: list[float] = []
    script = Script(THROTTLED, httpx.Response(200))
    assert session(script, waits).send(writing()).attempts == 2
    assert 7.0 <= waits[0] <= 7.5
    assert script.requests[0].content == script.requests[1].content == b"{}"


def test_the_spend_limit_is_not_waited_for() -> None:
    script = Script(httpx.Response(429, json={"errors": [{"code": "40333"}]}, headers={"x-ratelimit-reset": "1"}))
    assert session(script).send(reading()).attempts == 1


def test_a_wait_beyond_what_is_bearable_is_left_to_the_caller() -> None:
    script = Script(httpx.Response(429, headers={"retry-after": "3600"}))
    assert session(script).send(reading()).attempts == 1


def test_later_attempts_have_no_more_time_than_is_left() -> None:
    script = Script(LOST, httpx.Response(200))
    session(script, retry=RetryPolicy(deadline=20, first_wait=0), timeout=15).send(reading())
    first, second = (one.extensions["timeout"] for one in script.requests)
    assert first["read"] == 15
    assert second["read"] <= 15
    session(
        script := Script(LOST, httpx.Response(200)), retry=RetryPolicy(deadline=5, first_wait=0), timeout=4.999
    ).send(reading())
    assert script.requests[1].extensions["timeout"]["read"] < 5


def test_an_answer_that_drips_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = itertools.count()
    monkeypatch.setattr(attempts, "monotonic", lambda: float(next(seconds)))

    class Drip(httpx.SyncByteStream):
        """A body that never ends."""

        closed = False

        def __iter__(self) -> Any:
            while True:
                yield b"x"

        def close(self) -> None:
            self.closed = True

    stream = Drip()
    policy = RetryPolicy(attempts=1, deadline=50)
    with pytest.raises(errors.OutcomeUnknown, match="deadline") as caught:
        session(lambda request: httpx.Response(200, stream=stream), retry=policy, timeout=60).send(writing())
    assert stream.closed
    assert caught.value.status == 200
    assert caught.value.body.startswith(b"xx")


def test_a_call_may_have_a_timeout_of_its_own() -> None:
    script = Script(httpx.Response(200, json=[]))
    telnyx(script).request("GET", "/things", timeout=3)
    telnyx(script).with_options(timeout=httpx.Timeout(4)).request("GET", "/things")
    assert [one.extensions["timeout"]["read"] for one in script.requests] == [3, 4]
    assert script.requests[0].extensions["timeout"]["connect"] == 3


# Redirects


def test_redirects_are_given_to_the_caller_unless_asked_for() -> None:
    script = Script(httpx.Response(302, headers={"location": "/v2/other"}), httpx.Response(200))
    assert session(script).send(reading()).status == 302
    script.requests.clear()
    answer = session(script, follow_redirects=True).send(reading())
    assert (answer.status, str(script.requests[1].url)) == (200, "http://127.0.0.1:1/v2/other")


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2:1/", "https://127.0.0.1:1/", "//evil.example/", "http://u:p@127.0.0.1:1/", "http://[::1/", ""],
)
def test_credentials_never_follow_to_another_origin(location: str) -> None:
    script = Script(httpx.Response(302, headers={"location": location}), httpx.Response(200))
    assert session(script, follow_redirects=True).send(reading()).status == 302
    assert len(script.requests) == 1


def test_a_change_is_never_redirected_and_a_circle_ends() -> None:
    script = Script(httpx.Response(307, headers={"location": "/v2/again"}))
    assert session(script, follow_redirects=True).send(writing()).status == 307
    assert len(script.requests) == 1
    script.requests.clear()
    assert session(script, follow_redirects=True).send(reading()).status == 307
    assert len(script.requests) == 6


# Hooks and logs


def test_every_attempt_is_told_to_the_hook() -> None:
    seen: list[Attempt] = []
    script = Script(LOST, THROTTLED, httpx.Response(200, headers={"x-request-id": "r"}))
    session(script, on_attempt=seen.append).send(reading())
    assert [(one.number, one.status, one.error, one.wait is None) for one in seen] == [
        (1, None, "ReadTimeout", False),
        (2, 429, None, False),
        (3, 200, None, True),
    ]
    assert {(one.operation_id, one.method, one.path) for one in seen} == {("retrieveThing", "GET", "/things/{id}")}
    assert seen[2].request_id == "r"


def test_a_hook_that_fails_does_not_lose_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: object) -> None:
        raise RuntimeError("broken hook")

    assert session(Script(httpx.Response(200)), on_attempt=broken).send(writing()).status == 200
    assert "a callback of the application failed" in caplog.text


def test_the_log_has_a_template_and_no_values_and_is_off_by_default(caplog: pytest.LogCaptureFixture) -> None:
    client = telnyx(Script(profile(), httpx.Response(200, json={"data": []})))
    with caplog.at_level(logging.INFO):
        client.phone_numbers.messaging.update("+12015550123", messaging_profile_id="abc")
    assert caplog.text == ""
    with caplog.at_level(logging.DEBUG):
        client.request("GET", "/messages/+12015550123", query={"secret": "abc"})
    assert "GET /messages/{}: 200" in caplog.text
    assert "12015550123" not in caplog.text
    assert "abc" not in caplog.text


def test_no_library_below_logs_credentials_or_values(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(base_url: str) -> None:
        async with AsyncTelnyx(TOKEN, base_url=base_url) as client:
            await client.request("POST", "/messages/+12015550123", query={"secret": "s3cret"}, json={"text": "s3cret"})

    with raw_server() as server, caplog.at_level(logging.DEBUG):
        server.payload = raw_answer(b"200 OK", b'{"data":{"text":"s3cret"}}')
        with Telnyx(TOKEN, base_url=server.base_url) as client:
            client.request("POST", "/messages/+12015550123", query={"secret": "s3cret"}, json={"text": "s3cret"})
        asyncio.run(ask(server.base_url))
    assert "send_request_headers.started" in caplog.text
    for hidden in (TOKEN, "12015550123", "s3cret"):
        assert hidden not in caplog.text


# Connections


def test_threads_share_one_transport() -> None:
    made: list[httpx.MockTransport] = []

    def make() -> httpx.MockTransport:
        made.append(httpx.MockTransport(Script(profile())))
        return made[-1]

    client = Telnyx(TOKEN, base_url=BASE, transport=make)
    ready = threading.Barrier(16)

    def work() -> None:
        ready.wait(5)
        client.messaging_profiles.retrieve(ID)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(made) == 1
    assert client.with_options(timeout=1).session.connections is client.session.connections
    assert client.with_options(base_url="http://127.0.0.1:2").session.connections is not client.session.connections


def test_a_closed_client_opens_again() -> None:
    with raw_server() as server:
        server.payload = raw_answer(b"200 OK", b'{"data":{}}')
        client = Telnyx(TOKEN, base_url=server.base_url)
        for _ in range(2):
            with client:
                client.messaging_profiles.retrieve(ID)
        client.close()
        client.close()
        assert len(server.requests) == 2


def test_a_child_process_opens_connections_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = Connections(Settings(token=TOKEN, base_url=BASE))
    parent = connections.transport()
    assert connections.transport() is parent
    monkeypatch.setattr(os, "getpid", lambda: -1)
    child = connections.transport()
    assert child is not parent
    child.close()
    parent.close()


def test_nothing_listens_is_a_connection_never_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Telnyx(TOKEN, base_url=f"http://127.0.0.1:{port}/v2", retry=RetryPolicy(attempts=2, first_wait=0))
    with client, pytest.raises(errors.ConnectionNeverMade) as caught:
        client.messaging_profiles.create(name="x", whitelisted_destinations=["US"])
    assert caught.value.attempts == 2


def test_an_asynchronous_transport_is_refused_before_sending() -> None:
    client = Telnyx(TOKEN, base_url=BASE, transport=httpx.AsyncHTTPTransport)
    with pytest.raises(TypeError, match=r"no httpx\.BaseTransport"):
        client.messaging_profiles.retrieve(ID)
