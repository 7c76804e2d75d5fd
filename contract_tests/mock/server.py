"""Serve an ASGI application on loopback: from a thread for tests, or in the foreground for the command.

The socket is made here, with ``IPPROTO_TCP``: asyncio switches Nagle's algorithm off only for sockets that say so,
and with it on every small answer takes 40 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from scripts.errors import InputError

from .wire import EnvelopeProtocol

START_LIMIT = 10.0  # seconds
GRACE = 1  # seconds that a request in progress gets when the server stops
BACKLOG = 1024


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own, told to stop by an event rather than found out by polling."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    async def main_loop(self) -> None:
        """Wait for the end; once a second the Date header is renewed."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self._on_ready()
        while not self.should_exit:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), 1.0)
            await self.on_tick(0)

    def stop(self) -> None:
        """End soon; callable from any thread and from a signal handler."""
        self.should_exit = True
        if self._loop is not None and self._stopped is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, close idle connections, let requests in progress end for a moment."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.close()
        await asyncio.sleep(0)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the caller."""
        yield


def _configuration(application: Any) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=EnvelopeProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        backlog=BACKLOG,
    )


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


def address_of(sock: socket.socket, application: Any) -> str:
    """The base address of an application on a socket: ``http://127.0.0.1:PORT/v2``."""
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{getattr(application, 'base_path', '/v2')}"


@contextlib.contextmanager
def serve(application: Any, port: int = 0) -> Iterator[str]:
    """Serve from a thread while the block runs; gives the base address. Every connection is closed at the end."""
    sock = listen(port=port)
    ready = threading.Event()
    server = _Server(_configuration(application), ready.set)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.serve(sockets=[sock]))
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


def run_in_foreground(application: Any, sock: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return; ``on_ready`` is called with the base address."""
    address = address_of(sock, application)
    server = _Server(_configuration(application), lambda: on_ready(address))

    def stop(number: int, frame: FrameType | None) -> None:
        server.stop()

    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sock:
            asyncio.run(server.serve(sockets=[sock]))
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
