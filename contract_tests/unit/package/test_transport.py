"""The transport to the network: every read and write ends with the call, and failures say whether anything was sent."""

from __future__ import annotations

import itertools
import socket
import threading
import time

import httpcore
import httpx
import pytest
from telnyx_bindings import Telnyx, errors
from telnyx_bindings.runtime import attempts, transport
from telnyx_bindings.runtime.retry import RetryPolicy
from telnyx_bindings.runtime.session import Session
from telnyx_bindings.runtime.settings import Settings
from telnyx_bindings.runtime.transport import AT_ONCE, BoundedStream, Ends, Network

from contract_tests.unit.package.network import ID, TOKEN, listening, raw_answer, raw_server, reading, writing

PATIENCE = 30.0  # seconds that a call may take here, by a clock that servers move
DROPS = 3000  # a server that says more than this, and no end of the call came, ends the connection: another error
HEAD = b"HTTP/1.1 200 OK\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"


class Later:
    """The machine's clock, as far ahead as it was told: what takes long here takes no time, however busy it is."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def move(self, seconds: float) -> None:
        """Go on by so much."""
        with self._lock:
            self._ahead += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Later:
    """The clock of calls and of their connections."""
    clock = Later()
    monkeypatch.setattr(transport, "monotonic", clock)
    monkeypatch.setattr(attempts, "monotonic", clock)
    return clock


def drip(clock: Later, connection: socket.socket, drop: bytes) -> None:
    """Always have something more to say; the first forty drops take longer than a call may."""
    for number in range(DROPS):
        if number < 40:
            clock.move(1)
        connection.sendall(drop)
        time.sleep(0.001)


def hurried(base_url: str) -> Session:
    """A session whose calls may take a moment, although each read may take long."""
    policy = RetryPolicy(deadline=PATIENCE, attempts=3, first_wait=0)
    return Session(Settings(token=TOKEN, base_url=base_url, retry=policy, timeout=2 * PATIENCE))


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
def test_an_answer_that_drips_ends_with_the_call(clock: Later, begin: bytes, drop: bytes) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        drip(clock, connection, drop)

    with listening(serve) as base_url:
        here = hurried(base_url)
        started = clock()
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            here.send(reading())
        here.close()
    assert clock() - started > PATIENCE - 0.05


def test_an_answer_that_drips_and_then_stops_ends_with_the_call_and_not_a_whole_read_later(clock: Later) -> None:
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for _ in range(4):
            clock.move(PATIENCE / 4 - 0.1)
            connection.sendall(b"H")
        over.wait(PATIENCE / 2)  # and then the connection ends, which is another error

    with listening(serve) as base_url:
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            hurried(base_url).send(reading())
        over.set()


@pytest.mark.parametrize("taken", [False, True], ids=["not at all", "slowly"])
def test_a_body_that_nobody_takes_in_time_ends_with_the_call(clock: Later, taken: bool) -> None:
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        if taken:
            while connection.recv(65536):
                clock.move(1)
        else:
            connection.recv(65536)
            clock.move(PATIENCE - 0.3)
            over.wait(PATIENCE / 2)

    call = writing()
    call.body = b"x" * 50_000_000
    with listening(serve) as base_url:
        with pytest.raises(errors.OutcomeUnknown, match="deadline passed"):
            hurried(base_url).send(call)
        over.set()


class Noting(httpcore.NetworkStream):
    """A connection that takes a tenth of a second for each part that it is given."""

    def __init__(self, ends: Ends) -> None:
        self.ends = ends
        self.parts: list[tuple[int, float | None]] = []

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Note how much there was and how long it might take."""
        self.parts.append((len(buffer), timeout))
        self.ends.at -= 0.1


def test_each_part_of_a_long_body_has_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "monotonic", lambda: 100.0)
    ends = Ends()
    noting = Noting(ends)
    stream = BoundedStream(noting, ends)
    ends.at = 100.25
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


def test_the_deadline_of_one_call_is_not_that_of_the_next(clock: Later) -> None:
    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(raw_answer(b"200 OK", b"{}"))

    with listening(serve) as base_url:
        here = hurried(base_url)
        here.send(reading())
        clock.move(PATIENCE)
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


def test_many_threads_share_it_and_each_has_its_own_end(clock: Later) -> None:
    def serve(connection: socket.socket) -> None:
        while head := connection.recv(65536):
            if b"/slow" in head:
                drip(clock, connection, b"H")
            connection.sendall(raw_answer(b"200 OK", b"{}"))

    ended: list[str] = []
    patient = RetryPolicy(deadline=100 * PATIENCE)
    with listening(serve) as base_url, Telnyx(TOKEN, base_url=base_url, retry=patient, timeout=PATIENCE) as telnyx:
        impatient = telnyx.with_options(retry=RetryPolicy(deadline=PATIENCE, attempts=1))
        assert impatient.session.connections is telnyx.session.connections

        def slow() -> None:
            with pytest.raises(errors.OutcomeUnknown) as caught:
                impatient.request("GET", "/slow")
            ended.append(str(caught.value))

        threads = [threading.Thread(target=slow) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            assert telnyx.request("GET", "/quick").parsed == {}
    assert len(ended) == 4
    assert all("deadline passed" in words for words in ended)


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
    taken, release = threading.Event(), threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        taken.set()
        release.wait(30)
        connection.sendall(raw_answer(b"200 OK", b"{}"))

    with listening(serve) as base_url:
        client = Telnyx(TOKEN, base_url=base_url, max_connections=1, retry=RetryPolicy(attempts=1))
        first = threading.Thread(target=client.request, args=("GET", "/things"))
        first.start()
        assert taken.wait(30)
        with pytest.raises(errors.ConnectionNeverMade, match="PoolTimeout"):
            client.request("POST", "/things", timeout=httpx.Timeout(5, pool=0.05))
        release.set()
        first.join(30)
        client.close()


def test_ids_and_bodies_go_through_as_they_are() -> None:
    with raw_server() as server:
        server.payload = raw_answer(b"200 OK", b'{"data":{}}')
        with Telnyx(TOKEN, base_url=server.base_url) as telnyx:
            telnyx.messaging_profiles.retrieve(ID)
        (head,) = server.requests
    assert head.startswith(f"GET /v2/messaging_profiles/{ID} HTTP/1.1\r\n".encode())
    assert f"Authorization: Bearer {TOKEN}".encode() in head
