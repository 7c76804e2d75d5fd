"""Networks for tests of the package: a transport that is a function, and a server that answers any bytes at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from telnyx_bindings import AsyncTelnyx, Telnyx
from telnyx_bindings.runtime.call import Call, Operation
from telnyx_bindings.runtime.retry import RetryPolicy

TOKEN = "KEY_of_the_package_tests"
BASE = "http://127.0.0.1:1/v2"
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
ONCE = RetryPolicy(attempts=1)
AT_ONCE = RetryPolicy(first_wait=0)
READ = Operation("retrieveThing", "GET", "/things/{id}")
WRITE = Operation("createThing", "POST", "/things")
Answering = Callable[[httpx.Request], httpx.Response]


def profile(**fields: Any) -> httpx.Response:
    """A good answer of an operation on messaging profiles."""
    return httpx.Response(200, json={"data": {"id": ID, **fields}})


def telnyx(answer: Answering, **options: Any) -> Telnyx:
    """A client whose network is a function."""
    return Telnyx(TOKEN, base_url=BASE, transport=httpx.MockTransport(answer), **{"retry": ONCE, **options})


def async_telnyx(answer: Answering, **options: Any) -> AsyncTelnyx:
    """The same for asyncio."""
    return AsyncTelnyx(TOKEN, base_url=BASE, transport=httpx.MockTransport(answer), **{"retry": ONCE, **options})


def reading(**more: Any) -> Call:
    """A call that merely reads."""
    return Call(READ, f"/things/{ID}", **more)


def writing(**more: Any) -> Call:
    """A call that changes something."""
    return Call(WRITE, "/things", body=b"{}", **more)


class Script:
    """Answers one after the other, the last one again and again; an exception is raised; keeps the requests."""

    def __init__(self, *steps: httpx.Response | Exception) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        step = self.steps[min(len(self.requests), len(self.steps) - 1)]
        self.requests.append(request)
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)


class RawServer:
    """Answers each connection's first request with ``payload`` as it is, and closes; ``requests`` are the heads."""

    def __init__(self) -> None:
        self.payload = b""
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v2"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except OSError:
                    continue  # the client has gone, which is its right

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                return
            head += part
        self.requests.append(head)
        connection.sendall(self.payload)
        # Closing with unread bytes would reset the connection and take the answer with it.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            continue

    def close(self) -> None:
        """Stop answering."""
        # A thread in accept() does not notice that its socket is closed; a connection wakes it up.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def raw_server() -> Iterator[RawServer]:
    """A ``RawServer`` that is closed afterwards."""
    server = RawServer()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def listening(serve: Callable[[socket.socket], None], scheme: str = "http") -> Iterator[str]:
    """A server that does with each connection whatever ``serve`` does; gives its base URL."""
    door = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            serve(connection)

    def run() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=one, args=door.accept()[:1], daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{door.getsockname()[1]}/v2"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


def raw_answer(status: bytes, body: bytes = b"", *headers: bytes) -> bytes:
    """A whole HTTP answer: ``200 OK``, a body, header lines."""
    length = b"content-length: %d" % len(body)
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, length, b"", body])
