"""The transport without a socket: the package's clients and plain httpx on it, and what faults look like through it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from telnyx_bindings import AsyncTelnyx, RetryPolicy, Telnyx
from telnyx_bindings.errors import ConnectionNeverMade, OutcomeUnknown

from contract_tests.mock import Fault, InProcessTransport, TelnyxMock

PROFILE = {"name": "Shop", "whitelisted_destinations": ["US"]}
URL = "http://anywhere.test/v2/messaging_profiles"
Exchange = Callable[[TelnyxMock, str, dict[str, Any]], httpx.Response]


def synchronous(mock: TelnyxMock, method: str, more: dict[str, Any]) -> httpx.Response:
    """One request of a synchronous client."""
    with httpx.Client(transport=mock.transport, headers={"Authorization": "Bearer KEY_any"}) as client:
        return client.request(method, URL, **more)


def asynchronous(mock: TelnyxMock, method: str, more: dict[str, Any]) -> httpx.Response:
    """One request of an asynchronous client."""

    async def ask() -> httpx.Response:
        headers = {"Authorization": "Bearer KEY_any"}
        async with httpx.AsyncClient(transport=mock.transport, headers=headers) as client:
            return await client.request(method, URL, **more)

    return asyncio.run(ask())


both = pytest.mark.parametrize("ask", [synchronous, asynchronous])


@pytest.fixture
def mock() -> TelnyxMock:
    """A mock with the seeds."""
    return TelnyxMock()


@both
def test_a_request_arrives_whole_and_its_answer_too(mock: TelnyxMock, ask: Exchange) -> None:
    answer = ask(mock, "POST", {"json": PROFILE, "params": {"x": "a b"}, "headers": {"X-Trace": "7"}})
    assert answer.status_code == 200 and answer.json()["data"]["name"] == "Shop"
    assert answer.headers["x-request-id"] and answer.headers["content-type"].startswith("application/json")
    (request,) = mock.requests
    assert (request.method, request.path, request.operation_id) == (
        "POST",
        "/v2/messaging_profiles",
        "createMessagingProfile",
    )
    assert (request.parameters, request.json, request.status) == ({"x": ["a b"]}, PROFILE, 200)
    assert request.header("x-trace") == "7" and request.header("authorization") == "Bearer [redacted]"


@both
def test_a_head_request_gets_no_body(mock: TelnyxMock, ask: Exchange) -> None:
    answer = ask(mock, "HEAD", {})
    assert answer.content == b"" and answer.status_code == 405


PIECES = [b'{"name": "Shop", ', b'"whitelisted_destinations": ["US"]}']


async def later() -> AsyncIterator[bytes]:
    """The body in pieces, as an asynchronous client sends it."""
    for piece in PIECES:
        yield piece


@pytest.mark.parametrize(("ask", "pieces"), [(synchronous, lambda: iter(PIECES)), (asynchronous, later)])
def test_a_body_in_pieces_is_read(mock: TelnyxMock, ask: Exchange, pieces: Callable[[], object]) -> None:
    headers = {"content-type": "application/json"}
    assert ask(mock, "POST", {"content": pieces(), "headers": headers}).status_code == 200


@both
@pytest.mark.parametrize(
    ("fault", "settings", "error"),
    [
        ("reset", {}, httpx.ReadError),
        ("close", {}, httpx.RemoteProtocolError),
        ("refuse", {}, httpx.ConnectError),
        ("truncate", {}, httpx.RemoteProtocolError),
        ("wrong-gzip", {"form": "spoilt"}, httpx.DecodingError),
        ("latency", {"seconds": 60}, httpx.ReadTimeout),
        ("drip", {"seconds": 60}, httpx.ReadTimeout),
    ],
)
def test_a_fault_of_the_network_is_the_error_of_httpx(
    mock: TelnyxMock, ask: Exchange, fault: str, settings: dict[str, Any], error: type[Exception]
) -> None:
    mock.fail_next(fault, **settings)
    with pytest.raises(error) as caught:
        ask(mock, "GET", {"timeout": 0.02})
    assert isinstance(caught.value, httpx.RequestError) and caught.value.request.url.path == "/v2/messaging_profiles"
    assert ask(mock, "GET", {}).status_code == 200, "the next request is served"


@both
def test_latency_is_waited_for(mock: TelnyxMock, ask: Exchange) -> None:
    mock.fail_next("latency", seconds=0.05)
    started = time.monotonic()
    assert ask(mock, "GET", {"timeout": 5}).status_code == 200
    assert time.monotonic() - started >= 0.05


def test_the_clients_of_the_package_run_on_it(mock: TelnyxMock) -> None:
    with Telnyx(**mock.options) as telnyx:
        profile = telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"]).data

    async def names() -> list[object]:
        async with AsyncTelnyx(**mock.options) as telnyx:
            return [one.name async for one in telnyx.messaging_profiles.list(page_size=2)]

    assert asyncio.run(names())[0] == profile.name and len(mock.records("messaging_profiles")) == 5


def test_a_client_knows_from_the_error_whether_anything_was_sent(mock: TelnyxMock) -> None:
    once = RetryPolicy(attempts=1)
    with Telnyx(**mock.options, retry=once) as telnyx:
        mock.fail_next("refuse")
        with pytest.raises(ConnectionNeverMade):
            telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])
        mock.fail_next("reset", processed=True)
        with pytest.raises(OutcomeUnknown):
            telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])
    assert [one["name"] for one in mock.records("messaging_profiles")].count("Shop") == 1


def test_an_error_names_its_request_to_whoever_uses_the_transport_without_a_client(mock: TelnyxMock) -> None:
    request = httpx.Request("GET", URL)
    mock.fail_next("reset", count=2)
    with pytest.raises(httpx.ReadError) as caught:
        mock.transport.handle_request(request)
    assert caught.value.request is request
    with pytest.raises(httpx.ReadError) as caught:
        asyncio.run(mock.transport.handle_async_request(request))
    assert caught.value.request is request


def test_many_tasks_and_several_loops_share_it(mock: TelnyxMock) -> None:
    async def create() -> None:
        async with AsyncTelnyx(**mock.options) as telnyx:
            make = telnyx.messaging_profiles.create
            await asyncio.gather(*(make(name=str(n), whitelisted_destinations=["US"]) for n in range(20)))

    asyncio.run(create())
    asyncio.run(create())
    assert len(mock.records("messaging_profiles")) == 44


def test_a_mock_of_the_lower_level_can_be_put_behind_it() -> None:
    mock = TelnyxMock(faults=[Fault.of("error", status=502, body="html")])
    with httpx.Client(transport=InProcessTransport(mock.app)) as client:
        answer = client.get(URL)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
