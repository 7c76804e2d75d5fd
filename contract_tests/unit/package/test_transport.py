"""The transport to the network: every read and write ends with the call, and failures say whether anything was sent."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable

import httpcore
import httpx
import pytest
from telnyx_bindings import Telnyx, errors
from telnyx_bindings.runtime import transport
from telnyx_bindings.runtime.retry import RetryPolicy
from telnyx_bindings.runtime.session import Session
from telnyx_bindings.runtime.settings import Settings
from telnyx_bindings.runtime.transport import AT_ONCE, BoundedStream, Ends, Network

from contract_tests.unit.package.network import ID, TOKEN, listening, raw_answer, raw_server, reading, writing

PATIENCE = 0.3  # seconds that a call may take here
HEAD = b"HTTP/1.1 200 OK\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"


def dripping(begin: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """A server that has something more to say for five seconds."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        for _ in range(250):
            time.sleep(0.02)
            connection.sendall(drop)

    return serve


def hurried(base_url: str) -> Session:
    """A session whose calls may take a moment, although each read may take long."""
    policy = RetryPolicy(deadline=PATIENCE, attempts=3, first_wait=0)
    return Session(Settings(token=TOKEN, base_url=base_url, retry=policy, timeout=5))


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"", b"H"),
        (HEAD + b"x-drip: ", b"x"),
        (HEAD, b"x-drip: x\r\n"),
        (INTERIM, INTERIM),
        (HEAD + b"content-length: 99999\r\n\r\n", b"x"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["status line", "one header", "headers", "interim answers", "body", "chunks"],
)
def test_an_answer_that_drips_ends_with_the_call(begin: bytes, drop: bytes) -> None:
    with listening(dripping(begin, drop)) as base_url:
        here = hurried(base_url)
        started = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            here.send(reading())
        here.close()
    assert PATIENCE - 0.05 < time.monotonic() - started < PATIENCE + 1


def test_an_answer_that_drips_and_then_stops_ends_with_the_call_and_not_a_whole_read_later() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for _ in range(4):
            time.sleep(PATIENCE / 5)
            connection.sendall(b"H")
        time.sleep(5)

    with listening(serve) as base_url:
        started = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            hurried(base_url).send(reading())
    assert time.monotonic() - started < PATIENCE * 1.6


@pytest.mark.parametrize("pause", [5.0, 0.01], ids=["not at all", "slowly"])
def test_a_body_that_nobody_takes_in_time_ends_with_the_call(pause: float) -> None:
    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            time.sleep(pause)

    call = writing()
    call.body = b"x" * 50_000_000
    with listening(serve) as base_url:
        started = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            hurried(base_url).send(call)
    assert time.monotonic() - started < PATIENCE + 1


class Noting(httpcore.NetworkStream):
    """A connection that takes a tenth of a second for each part that it is given."""

    def __init__(self, ends: Ends) -> None:
        self.ends = ends
        self.parts: list[tuple[int, float | None]] = []

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Note how much there was and how long it might take."""
        self.parts.append((len(buffer), timeout))
        self.ends.at -= 0.1


def test_each_part_of_a_long_body_has_what_is_left() -> None:
    ends = Ends()
    noting = Noting(ends)
    stream = BoundedStream(noting, ends)
    ends.at = time.monotonic() + 0.25
    with pytest.raises(httpcore.WriteTimeout, match="deadline"):
        stream.write(b"x" * 10 * AT_ONCE, 60.0)
    sizes, limits = zip(*noting.parts, strict=True)
    assert sizes == (AT_ONCE,) * 3
    assert all(before - after > 0.09 for before, after in itertools.pairwise(limits))


@pytest.mark.parametrize(
    ("timeout", "at", "limit"), [(5.0, 3.0, 3.0), (5.0, 9.0, 5.0), (None, 3.0, 3.0), (None, None, None)]
)
def test_a_read_has_its_timeout_and_no_more_than_is_left(
    timeout: float | None, at: float | None, limit: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "monotonic", lambda: 100.0)
    ends = Ends()
    if at is not None:
        ends.at = 100.0 + at
    assert ends.left(timeout, httpcore.ReadTimeout) == limit
    ends.at = 100.0
    with pytest.raises(httpcore.ReadTimeout):
        ends.left(timeout, httpcore.ReadTimeout)


def test_the_deadline_of_one_call_is_not_that_of_the_next() -> None:
    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(raw_answer(b"200 OK", b"{}"))

    with listening(serve) as base_url:
        here = hurried(base_url)
        here.send(reading())
        time.sleep(PATIENCE)
        assert here.send(reading()).attempts == 1
        here.close()


def test_a_connection_is_kept_and_opened_again_when_it_was_closed() -> None:
    opened: list[int] = []

    def serve(connection: socket.socket) -> None:
        opened.append(connection.getpeername()[1])
        for _ in range(3):
            connection.recv(65536)
            connection.sendall(raw_answer(b"200 OK", b"{}"))

    with listening(serve) as base_url, Telnyx(TOKEN, base_url=base_url) as telnyx:
        for _ in range(7):
            telnyx.request("GET", "/things")
    assert len(set(opened)) == 3


def test_many_threads_share_it_and_each_has_its_own_end() -> None:
    def serve(connection: socket.socket) -> None:
        while head := connection.recv(65536):
            if b"/slow" in head:
                dripping(b"", b"H")(connection)
            connection.sendall(raw_answer(b"200 OK", b"{}"))

    ended: list[float] = []
    with listening(serve) as base_url, Telnyx(TOKEN, base_url=base_url, retry=RetryPolicy(deadline=20)) as telnyx:
        impatient = telnyx.with_options(retry=RetryPolicy(deadline=PATIENCE, attempts=1))
        assert impatient.session.connections is telnyx.session.connections

        def slow() -> None:
            started = time.monotonic()
            with pytest.raises(errors.OutcomeUnknown):
                impatient.request("GET", "/slow")
            ended.append(time.monotonic() - started)

        threads = [threading.Thread(target=slow) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(30):
            assert telnyx.request("GET", "/quick").parsed == {}
            time.sleep(PATIENCE / 20)
        for thread in threads:
            thread.join(5)
    assert len(ended) == 4
    assert max(ended) < PATIENCE + 1


# What failures are called


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"", httpx.RemoteProtocolError),
        (b"SSH-2.0-x\r\n", httpx.RemoteProtocolError),
        (HEAD + b"content-length: 9\r\n\r\nx", httpx.RemoteProtocolError),
    ],
    ids=["nothing", "no HTTP", "too little"],
)
def test_failures_are_those_of_httpx(payload: bytes, kind: type[Exception]) -> None:
    with raw_server() as server:
        server.payload = payload
        there = Network(Settings(token=TOKEN, base_url=server.base_url))
        with pytest.raises(kind):
            there.handle_request(httpx.Request("GET", server.base_url)).read()
        there.close()


def test_nobody_listens_is_told_from_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}/v2"
    there = Network(Settings(token=TOKEN, base_url=address))
    with pytest.raises(httpx.ConnectError):
        there.handle_request(httpx.Request("GET", address))
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}/v2"
        seconds = {"connect": 5.0, "read": 0.05, "write": 5.0, "pool": 5.0}
        with pytest.raises(httpx.ReadTimeout):
            there.handle_request(httpx.Request("GET", address, extensions={"timeout": seconds}))
    there.close()


def test_no_free_connection_in_time_was_never_sent() -> None:
    release = threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        release.wait(5)
        connection.sendall(raw_answer(b"200 OK", b"{}"))

    with listening(serve) as base_url:
        client = Telnyx(TOKEN, base_url=base_url, max_connections=1, retry=RetryPolicy(attempts=1))
        first = threading.Thread(target=client.request, args=("GET", "/things"))
        first.start()
        time.sleep(0.1)
        with pytest.raises(errors.ConnectionNeverMade, match="PoolTimeout"):
            client.request("POST", "/things", timeout=httpx.Timeout(5, pool=0.05))
        release.set()
        first.join(5)
        client.close()


def test_ids_and_bodies_go_through_as_they_are() -> None:
    with raw_server() as server:
        server.payload = raw_answer(b"200 OK", b'{"data":{}}')
        with Telnyx(TOKEN, base_url=server.base_url) as telnyx:
            telnyx.messaging_profiles.retrieve(ID)
        (head,) = server.requests
    assert head.startswith(f"GET /v2/messaging_profiles/{ID} HTTP/1.1\r\n".encode())
    assert f"Authorization: Bearer {TOKEN}".encode() in head
