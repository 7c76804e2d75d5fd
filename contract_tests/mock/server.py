"""Serve a mock on loopback: from a thread for tests, or in the foreground for the command.

The socket is made here, with ``IPPROTO_TCP``: asyncio switches Nagle's algorithm off only for sockets that say so,
and with it on every small answer takes 40 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from scripts.errors import InputError

from .listener import BACKLOG, Listener
from .message import date_line
from .serving import USUAL, Application, Limits
from .wire import Connection, Shared

START_LIMIT = 10.0  # seconds
GRACE = 1.0  # seconds that answers get to reach their clients when the server stops
DIFFERENT = 100  # problems of the event loop that are told
LOG = logging.getLogger(__package__)


class Server:
    """Accepts connections until it is told to stop; once every ``Limits.sweep`` it looks for slow ones."""

    def __init__(self, application: Application, limits: Limits, on_ready: Callable[[], None]) -> None:
        self._shared = Shared(application, limits)
        self._on_ready = on_ready
        self._told = False  # to stop
        self._said: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    async def run(self, sock: socket.socket) -> None:
        """Serve on a listening socket; every connection is closed when this returns."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._in_one_line)
        self._tick()
        listener = Listener(lambda: Connection(self._shared), sock)
        self._shared.refuse = listener.refuse
        await listener.open()
        self._on_ready()
        while not self._told:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._shared.limits.sweep)
            self._tick()
        listener.close()
        await self._close_connections()

    def stop(self) -> None:
        """End soon; callable from any thread and from a signal handler, also before ``run``."""
        self._told = True
        if self._loop is not None and self._stopped is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)

    def _tick(self) -> None:
        self._shared.date = date_line(self._shared.application.clock.nanoseconds() / 1e9)
        now = asyncio.get_running_loop().time()
        for connection in list(self._shared.connections):
            connection.sweep(now)

    def _in_one_line(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What asyncio would log with a traceback again and again, no file descriptors left, say: told once."""
        text = f"{context.get('message')}: {context.get('exception')}"
        if text not in self._said and len(self._said) < DIFFERENT:
            self._said.add(text)
            LOG.error("%s", text)

    async def _close_connections(self) -> None:
        """Answers that were given get a moment to reach their clients."""
        for connection in list(self._shared.connections):
            connection.close()
        deadline = asyncio.get_running_loop().time() + GRACE
        while self._shared.connections and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.005)
        for connection in list(self._shared.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket; ``InputError`` when the address cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as problem:
        raise InputError(f"--host {host!r} is no address of this machine: {problem}", fix="use 127.0.0.1") from problem
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as problem:
        sock.close()
        reason = problem.strerror or str(problem)
        raise InputError(
            f"cannot listen on {host} port {port}: {reason}", fix="choose another port, or --port 0 for any free one"
        ) from problem
    return sock


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host name or address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(sock: socket.socket, application: Application) -> str:
    """The base address of an application on a socket: ``http://127.0.0.1:PORT/v2``."""
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{application.base_path}"


@contextlib.contextmanager
def serve(application: Application, port: int = 0, *, limits: Limits = USUAL) -> Iterator[str]:
    """Serve from a thread while the block runs; gives the base address. Every connection is closed at the end."""
    sock = listen(port=port)
    ready = threading.Event()
    server = Server(application, limits, ready.set)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.run(sock))
        except BaseException as problem:
            failures.append(problem)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="mock server", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_LIMIT) or failures:
            raise RuntimeError("the mock server did not start") from (failures[0] if failures else None)
        yield address_of(sock, application)
    finally:
        server.stop()
        thread.join(START_LIMIT)
        sock.close()


def run_in_foreground(application: Application, sock: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return; ``on_ready`` is called with the base address."""
    address = address_of(sock, application)
    server = Server(application, USUAL, lambda: on_ready(address))

    def stop(number: int, frame: FrameType | None) -> None:
        server.stop()

    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sock:
            asyncio.run(server.run(sock))
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
