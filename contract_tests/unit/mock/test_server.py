"""Over a socket: many clients at once, and whatever a client may send gets an answer in the envelope."""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from contract_tests.description import load
from contract_tests.mock import server
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.clock import Clock
from contract_tests.mock.decode import BODY_LIMIT
from contract_tests.mock.exchange import Request
from contract_tests.mock.server import listen, serve
from contract_tests.mock.serving import USUAL, Limits
from contract_tests.mock.wire import Connection
from scripts.errors import InputError

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
PATIENCE = 30.0  # seconds that an answer may take on a machine that has other things to do
HEAD = "Host: mock\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Mock, str]]:
    """A mock of the effective description on a free port, and its base address."""
    mock = create_app(load())
    with serve(mock) as base_url:
        yield mock, base_url


@pytest.fixture
def mock(served: tuple[Mock, str]) -> Mock:
    """The mock, as at its start."""
    served[0].reset()
    return served[0]


@pytest.fixture
def base_url(served: tuple[Mock, str], mock: Mock) -> str:
    """Its base address."""
    return served[1]


def exchange(base_url: str, sent: bytes, *, half_close: bool = False) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are; status, headers and body of the first answer, read until the server closes or is done."""
    parts = urlsplit(base_url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        stream = connection.makefile("rb")
        line = stream.readline()
        assert line.startswith(b"HTTP/1.1 "), line
        headers = {}
        while (header := stream.readline().strip()) != b"":
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0"))) if b"HEAD " not in sent[:5] else b""
        return int(line.split()[1]), headers, body


def connected(base_url: str) -> socket.socket:
    """A connection to the server."""
    parts = urlsplit(base_url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE)


def read_to_end(line: socket.socket) -> bytes:
    """All that comes until the server closes."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def error_code(body: bytes) -> str:
    """The code of the first error of an envelope."""
    found: str = json.loads(body)["errors"][0]["code"]
    return found


POST = "POST /v2/messaging_profiles HTTP/1.1\r\n" + HEAD


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"nonsense\r\n\r\n", 400, id="no request line"),
        pytest.param(b"GET\r\n\r\n", 400, id="a method alone"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400, id="the start of TLS"),
        pytest.param(b"GET /v2/\xff\xfe HTTP/1.1\r\n\r\n", 400, id="bytes that are no ASCII in the target"),
        pytest.param(b"GET /v2/a\x00b HTTP/1.1\r\n\r\n", 400, id="NUL in the target"),
        pytest.param(b"GET /v2/messaging_profiles HTTP/9.9\r\n\r\n", 400, id="an HTTP version of the future"),
        pytest.param(f"{POST}Content-Length: -1\r\n\r\n".encode(), 400, id="a negative length"),
        pytest.param(f"{POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n".encode(), 400, id="two lengths"),
        pytest.param(f"{POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(), 400, id="a bad chunk"),
        pytest.param(b"GET /v2/" + b"a" * (USUAL.head + 1) + b" HTTP/1.1\r\n\r\n", 414, id="a huge target"),
        pytest.param(
            b"GET /v2/x HTTP/1.1\r\n" + b"X-Flood: y\r\n" * (USUAL.head // 8) + b"\r\n", 431, id="a header flood"
        ),
        pytest.param(b"GET /v2/%zz%00%ff HTTP/1.1\r\n\r\n", 404, id="broken escapes"),
        pytest.param(b"GET /v2/messaging_profiles?a=%zz&=&%00 HTTP/1.1\r\n\r\n", 401, id="a broken query"),
        pytest.param(b"GET http://elsewhere/v2/messaging_profiles HTTP/1.1\r\n\r\n", 401, id="an absolute target"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\n\r\n", 404, id="an asterisk"),
        pytest.param(
            b"GET /v2/messaging_profiles HTTP/1.1\r\nAuthorization: Bearer \xff\xfe\r\n\r\n", 200, id="a strange token"
        ),
        pytest.param(
            b"GET /v2/messaging_profiles HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            401,
            id="an upgrade",
        ),
        pytest.param(f"{POST}Content-Length: 4\r\n\r\n{{bad".encode(), 400, id="bad JSON"),
        pytest.param(f"{POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n".encode(), 422, id="chunks"),
        pytest.param(b"TRACE /v2/messaging_profiles HTTP/1.1\r\n\r\n", 405, id="TRACE"),
        pytest.param(b"PROPFIND /v2/messaging_profiles HTTP/1.1\r\n\r\n", 405, id="PROPFIND"),
    ],
)
def test_hostile_bytes_are_answered_in_the_envelope(base_url: str, sent: bytes, status: int) -> None:
    answered, headers, body = exchange(base_url, sent)
    assert answered == status
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["x-request-id"]
    if status != 200:
        assert error_code(body).isdigit()
    assert httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": "Bearer x"}).status_code == 200


def test_head_is_refused_without_a_body(base_url: str) -> None:
    status, headers, body = exchange(base_url, b"HEAD /v2/messaging_profiles HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert (status, headers["allow"], body) == (405, "GET, POST", b"")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(f"{POST}Content-Length: 100\r\n\r\n{{".encode(), id="body"),
        pytest.param(f"{POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{{".encode(), id="chunk"),
        pytest.param(b"GET /v2/messaging_profiles HT", id="request line"),
        pytest.param(b"GET /v2/messaging_profiles HTTP/1.1\r\nHos", id="headers"),
    ],
)
def test_a_request_that_ends_too_early_is_answered_at_once(base_url: str, sent: bytes) -> None:
    status, _, body = exchange(base_url, sent, half_close=True)
    assert (status, error_code(body)) == (400, "10015"), "408 is for what is waited for"


class Slow:
    """A fault of the network: every answer comes 50 ms late."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def takes(self, request: Request, connection: Connection) -> bool:
        """All of them."""
        connection.later(0.05, lambda: connection.reply(self._mock.respond(request)))
        return True


def test_a_client_that_closes_its_half_still_gets_its_answer(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mock, "network", Slow(mock))
    content = b'{"name":"A","whitelisted_destinations":["US"]}'
    head = f"{POST}Content-Length: {len(content)}\r\n\r\n".encode()
    with serve(mock) as base_url:
        status, _, body = exchange(base_url, head + content, half_close=True)
    assert (status, json.loads(body)["data"]["name"]) == (200, "A")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(f"{POST}Content-Length: 100\r\n\r\n{{", id="body"),
        pytest.param(f"{POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{{", id="chunk"),
        pytest.param("GET /v2/messaging_profiles HTTP/1.1\r\nHost: ", id="head"),
        pytest.param("G", id="one letter"),
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_given_up(mock: Mock, sent: str) -> None:
    with serve(mock, limits=Limits(arrival=0.05, sweep=0.02)) as base_url:
        status, headers, body = exchange(base_url, sent.encode())
    assert (status, error_code(body), headers["connection"]) == (408, "10008", "close")


def test_one_byte_at_a_time_does_not_keep_a_connection(mock: Mock) -> None:
    letters = f"GET /v2/messaging_profiles HTTP/1.1\r\n{'X-Slow: y' * 100}"
    with serve(mock, limits=Limits(arrival=0.2, sweep=0.02)) as base_url, connected(base_url) as line:
        sent = 0
        with contextlib.suppress(OSError):
            while not select.select([line], [], [], 0.02)[0]:
                line.sendall(letters[sent].encode())
                sent += 1
        assert line.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_idle_connections_are_closed_without_a_word(mock: Mock) -> None:
    limits: Any = SimpleNamespace(**asdict(Limits(sweep=0.02)))
    with serve(mock, limits=limits) as base_url, connected(base_url) as fresh, connected(base_url) as used:
        used.sendall(f"GET /v2/messaging_profiles?page[size]=1 HTTP/1.1\r\n{HEAD}\r\n".encode())
        answered = used.recv(65536)
        limits.idle = 0.05  # not before: it may take longer than that to ask
        assert (answered + read_to_end(used)).count(b"HTTP/1.1 ") == 1
        assert read_to_end(fresh) == b""


def test_a_body_of_ten_megabytes_is_taken(base_url: str) -> None:
    with httpx.Client(base_url=base_url, headers={"authorization": "Bearer x"}) as client:
        profile = {"name": "A", "whitelisted_destinations": ["US"], "unknown": "a" * 10_000_000}
        made = client.post("/messaging_profiles", json=profile)
        assert (made.status_code, made.json()["data"]["name"]) == (200, "A")


def test_a_body_over_the_limit_is_refused_and_the_connection_stays_usable(base_url: str) -> None:
    with httpx.Client(base_url=base_url, headers={"authorization": "Bearer x"}) as client:
        big = b'"' + b"a" * BODY_LIMIT + b'"'
        refused = client.post("/messaging_profiles", content=big, headers={"content-type": "application/json"})
        assert (refused.status_code, error_code(refused.content)) == (413, "10015")
        assert client.get("/messaging_profiles").status_code == 200


def test_a_body_without_end_is_refused_while_it_comes(mock: Mock) -> None:
    with serve(mock, limits=Limits(body=1_000_000)) as base_url, connected(base_url) as line:
        line.sendall(f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while not select.select([line], [], [], 0)[0]:
                line.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
        answer = read_to_end(line)
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"code":"10015"' in answer


def test_requests_in_a_row_on_one_connection_are_answered_in_order(base_url: str) -> None:
    one = f"GET /v2/messaging_profiles?page[size]={{}} HTTP/1.1\r\n{HEAD}\r\n"
    last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    parts = urlsplit(base_url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE) as connection:
        connection.sendall((one.format(1) + one.format(2) + last.format(3)).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    sizes = [
        json.loads(piece.partition(b"\r\n\r\n")[2])["meta"]["page_size"] for piece in received.split(b"HTTP/1.1 ")[1:]
    ]
    assert sizes == [1, 2, 3]


def test_small_answers_are_not_delayed(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []
    made = Connection.connection_made

    def look(connection: Connection, transport: asyncio.Transport) -> None:
        found.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        made(connection, transport)

    monkeypatch.setattr(Connection, "connection_made", look)
    assert httpx.get(f"{base_url}/messaging_profiles/{PROFILE}").status_code == 401
    assert found == [1], "Nagle's algorithm would cost 0.04 s each"


def test_concurrent_clients_never_see_half_of_a_change(mock: Mock, base_url: str) -> None:
    url = f"/messaging_profiles/{PROFILE}"
    pairs = [("a", "https://a.example"), ("b", "https://b.example")]
    seen: list[tuple[str, str]] = []

    async def write(client: httpx.AsyncClient, rounds: int) -> None:
        for turn in range(rounds):
            name, hook = pairs[turn % 2]
            reply = await client.patch(url, json={"name": name, "webhook_url": hook})
            assert reply.status_code == 200

    async def read(client: httpx.AsyncClient, rounds: int) -> None:
        for _ in range(rounds):
            data = (await client.get(url)).json()["data"]
            seen.append((data["name"], data["webhook_url"]))

    async def create(client: httpx.AsyncClient, rounds: int) -> list[Any]:
        body = {"name": "A", "whitelisted_destinations": ["US"]}
        return [(await client.post("/messaging_profiles", json=body)).json()["data"] for _ in range(rounds)]

    async def everything() -> list[Any]:
        async with httpx.AsyncClient(base_url=base_url, headers={"authorization": "Bearer x"}) as client:
            await client.patch(url, json={"name": "a", "webhook_url": "https://a.example"})
            work = [write(client, 20), write(client, 20), read(client, 40), read(client, 40)]
            results = await asyncio.gather(*work, *(create(client, 15) for _ in range(4)))
        return [profile for made in results[4:] for profile in made or []]

    created = asyncio.run(everything())
    assert len(seen) == 80 and set(seen) <= set(pairs)
    assert len({profile["id"] for profile in created}) == len({profile["created_at"] for profile in created}) == 60
    with httpx.Client(base_url=base_url, headers={"authorization": "Bearer x"}) as client:
        listed = client.get("/messaging_profiles", params={"page[size]": 250}).json()
    assert listed["meta"]["total_results"] == len(mock.store["messaging_profiles"])
    newest_first = sorted(created, key=lambda profile: str(profile["created_at"]), reverse=True)
    assert [one["id"] for one in listed["data"][:60]] == [one["id"] for one in newest_first]


def test_the_mock_works_in_process_too(mock: Mock) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=mock)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock/v2") as client:
            return await client.get("/messaging_profiles", headers={"authorization": "Bearer x"})

    assert asyncio.run(ask()).json()["meta"]["total_results"] == len(mock.store["messaging_profiles"])


def test_a_lifespan_is_answered_and_other_protocols_are_left_alone(mock: Mock) -> None:
    sent: list[Any] = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(mock({"type": "lifespan"}, receive, send))
    asyncio.run(mock({"type": "websocket"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_serving_ends_promptly_and_frees_port_and_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    # An idle kept-alive connection does not hold the server up: it would do so for longer than anybody waits.
    monkeypatch.setattr(server, "GRACE", 6 * server.START_LIMIT)
    mock = create_app(load())
    before = {thread for thread in threading.enumerate() if thread.name == "mock server"}
    with serve(mock) as base_url, httpx.Client(base_url=base_url, headers={"authorization": "Bearer x"}) as client:
        assert client.get("/messaging_profiles").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)
    assert {thread for thread in threading.enumerate() if thread.name == "mock server"} == before
    with serve(mock, port=urlsplit(base_url).port or 0) as again:
        assert again == base_url


def test_a_taken_port_and_an_impossible_host_are_bad_input() -> None:
    with listen() as taken, pytest.raises(InputError) as refused:
        listen(port=taken.getsockname()[1])
    assert "cannot listen on 127.0.0.1" in refused.value.message
    with pytest.raises(InputError):
        listen(host="256.1.1.1")
    with pytest.raises(InputError):
        listen(host="192.0.2.1")


def test_the_date_of_an_answer_is_that_of_the_mock_s_clock() -> None:
    mock = create_app(load(), clock=Clock(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)))
    with serve(mock) as base_url:
        answer = httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": "Bearer x"})
        assert answer.headers["date"] == "Tue, 06 May 2031 07:08:09 GMT"


def test_the_date_of_an_answer_follows_the_machine_s_clock_as_long_as_nobody_moves_it(base_url: str) -> None:
    answer = httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": "Bearer x"})
    told = parsedate_to_datetime(answer.headers["date"])
    assert abs((told - datetime.now(UTC)).total_seconds()) < 10
