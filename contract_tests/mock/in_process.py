"""The mock behind an httpx client without a socket: one transport for synchronous and asynchronous clients.

``Telnyx(transport=InProcessTransport(mock))``, ``AsyncTelnyx(transport=…)`` or any ``httpx.Client(transport=…)``; the
host of an address does not matter. Faults of the network end in the errors that httpx raises over a real one.
"""

from __future__ import annotations

import errno
import os
import time

import anyio
import httpx

from .app import Mock
from .exchange import Request
from .faults import in_process
from .serving import Rendered


class InProcessTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to a mock, from any thread and any event loop. Latency is waited for, in real time."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer; ``httpx.TransportError`` when a fault says so."""
        received = _received(request, request.read())
        steps = self._mock.strike(received)
        if steps is None:
            return _response(request, self._mock.respond(received))
        try:
            return _response(request, in_process.respond(steps, _read_timeout(request), time.sleep))
        except httpx.TransportError as problem:
            raise _as_over_network(problem, request) from problem.__cause__

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for an event loop; answering itself takes about as long as a look into a dictionary."""
        received = _received(request, await request.aread())
        steps = self._mock.strike(received)
        if steps is None:
            return _response(request, self._mock.respond(received))
        try:
            return _response(request, await in_process.respond_async(steps, _read_timeout(request), anyio.sleep))
        except httpx.TransportError as problem:
            raise _as_over_network(problem, request) from problem.__cause__


def _received(request: httpx.Request, body: bytes) -> Request:
    path, _, query = request.url.raw_path.partition(b"?")
    headers = tuple((name.lower(), value) for name, value in request.headers.raw)
    return Request(request.method, path, query, headers, body)


def _response(request: httpx.Request, answer: Rendered) -> httpx.Response:
    status, headers, body = answer
    # As a stream, so that whoever reads the body decodes it, and meets what is wrong with it.
    stream = httpx.ByteStream(b"" if request.method == "HEAD" else body)
    return httpx.Response(status, headers=headers, stream=stream, request=request)


def _read_timeout(request: httpx.Request) -> float | None:
    timeouts = request.extensions.get("timeout") or {}
    seconds: float | None = timeouts.get("read")
    return seconds


def _as_over_network(problem: httpx.TransportError, request: httpx.Request) -> httpx.TransportError:
    """The error with its request; of a refused connection with the cause that tells clients that nothing was sent."""
    problem.request = request
    if isinstance(problem, httpx.ConnectError):
        problem.__cause__ = ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    return problem
