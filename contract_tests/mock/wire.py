"""The HTTP/1.1 connection: bytes to requests, answers to bytes; whatever a client sends is answered or let go in time.

httptools parses. Requests of one connection are answered one after the other; while a client does not read its answers,
nothing more is read from it. What is no request (malformed, too large, too slow, cut off) gets an answer in the API's
envelope and the connection ends. Nothing here knows paths or operations.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import httptools

from . import errors
from .exchange import Header, Refusal, Request
from .message import response, split_target
from .serving import USUAL, Application, Limits, Rendered

READ_SIZE = 256 * 1024  # bytes that asyncio reads at once
WRITE_AHEAD = 4 * 1024 * 1024  # bytes of answers that may wait for the client before nothing more is read from it
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: the peer sees a reset
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

LOG = logging.getLogger(__package__)

IDLE, HEAD, BODY = "idle", "head", "body"  # what of a request has arrived


@dataclass(slots=True)
class Shared:
    """What all connections of a server have in common."""

    application: Application
    limits: Limits = USUAL
    connections: set[Connection] = field(default_factory=set)
    date: bytes = b""  # the Date header, renewed once a second
    refuse: Callable[[float], None] = field(default=lambda seconds: None)  # accept no connection for some seconds


class _TooLarge(Exception):
    pass


class Connection(asyncio.Protocol):
    """One connection. httptools calls the ``on_...`` methods; ``sweep`` is called every ``Limits.sweep`` seconds."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._limits = shared.limits
        self._parser = httptools.HttpRequestParser(self)
        self._state = IDLE
        self._since = 0.0  # loop time of the last change that a limit counts from
        self._too_large = 413
        self._waiting: deque[tuple[Request, bool] | Refusal] = deque()
        self._busy: tuple[Request, bool] | None = None  # an exchange that the network has taken over
        self._blocked = False  # the client does not read
        self._proceeding = False
        self._deaf = False  # nothing more is parsed
        self._ended = False  # nothing more is answered
        self._old = False  # speaks HTTP/1.0
        self._eof = False  # the client sends nothing more

    # --- the transport ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=WRITE_AHEAD)
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._shared.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._ended = True
        self._waiting.clear()
        self._shared.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self._deaf or self._ended:
            return  # read and dropped: closing now would reset the connection, and the answer might get lost
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._deaf = True  # answered as what it is without the upgrade; what follows is no HTTP
        except httptools.HttpParserError as problem:
            self._give_up(problem)
        else:
            if self._state is HEAD:
                # One endless header is reported only when it ends.
                self._head_size += len(data)
                if self._head_size > self._limits.head + READ_SIZE:
                    self._too_large = 431
                    self._give_up(_TooLarge())

    def eof_received(self) -> bool:
        """The client sends nothing more: answer what is complete, refuse what is not."""
        self._eof = True
        if self._ended:
            return False
        if self._state is HEAD:
            self._refuse(errors.refusal(errors.BAD_REQUEST, "The request ends before its headers do."))
        elif self._state is BODY:
            self._refuse(errors.refusal(errors.BAD_REQUEST, "The body is shorter than announced."))
        return bool(self._waiting or self._busy)

    def pause_writing(self) -> None:
        """The client does not read its answers: ask for nothing more."""
        self._blocked = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._blocked = False
        self._proceed()

    # --- the parser ---

    def on_message_begin(self) -> None:
        """A request begins."""
        self._state = HEAD
        self._since = self._loop.time()
        self._head_size = 0
        self._body_size = 0
        self._target = b""
        self._headers: list[Header] = []
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        self._count_head(len(url), 414)
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; those after the body count, and are dropped."""
        self._count_head(len(name) + len(value), 431)
        if self._state is HEAD:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """All headers are there."""
        self._state = BODY
        self._since = self._loop.time()
        if (b"expect", b"100-continue") in self._headers and self._parser.get_http_version() == "1.1":
            self._invite()

    def on_body(self, piece: bytes) -> None:
        """A piece of the body; what goes beyond the limit is dropped."""
        if self._body_size < self._limits.kept:
            self._body.append(piece)
        self._body_size += len(piece)
        if self._body_size > self._limits.body:
            self._too_large = 413
            raise _TooLarge

    def on_message_complete(self) -> None:
        """The request is complete: answer it now, or when those before it are answered."""
        self._state = IDLE
        path, query = split_target(self._target)
        pieces = self._body
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if len(body) > self._limits.kept:
            body = body[: self._limits.kept]
        method = self._parser.get_method().decode("ascii", "replace")
        request = Request(method, path, query, tuple(self._headers), body)
        keep = self._parser.should_keep_alive() and not self._parser.should_upgrade()
        self._old = self._parser.get_http_version() == "1.0"
        if self._ended:
            return
        if self._waiting or self._busy or self._blocked:
            self._waiting.append((request, keep))
            self.transport.pause_reading()
        else:
            self._answer(request, keep)

    def _count_head(self, size: int, status: int) -> None:
        self._head_size += size
        if self._head_size > self._limits.head:
            self._too_large = status
            raise _TooLarge

    def _invite(self) -> None:
        """Tell a client that waits for it to send the body, unless answers before this one are still to come."""
        if not (self._waiting or self._busy or self._ended):
            self.transport.write(CONTINUE)

    # --- the answers ---

    def _answer(self, request: Request, keep: bool) -> None:
        application = self._shared.application
        if application.network is None:
            self._send(request, application.respond(request), keep)
            return
        self._busy = (request, keep)
        if not application.network.takes(request, self):
            self._busy = None
            self._send(request, application.respond(request), keep)

    def _send(self, request: Request, answer: Rendered, keep: bool) -> None:
        keep = keep and (b"connection", b"close") not in answer[1]
        self.transport.write(self._bytes(request, answer, keep))
        self._since = self._loop.time()
        if not keep:
            self._ended = True
            self.transport.close()

    def _bytes(self, request: Request | None, answer: Rendered, keep: bool) -> bytes:
        said = (b"keep-alive" if self._old else None) if keep else b"close"
        return response(answer, self._shared.date, said, with_body=request is None or request.method != "HEAD")

    def _proceed(self) -> None:
        """Answer what waits, as far as the client reads; then read on."""
        if self._proceeding:
            return
        self._proceeding = True
        while self._waiting and not (self._blocked or self._busy or self._ended):
            item = self._waiting.popleft()
            if isinstance(item, Refusal):
                self._refuse(item)
            else:
                self._answer(*item)
        self._proceeding = False
        if self._waiting or self._blocked or self._busy:
            return
        if self._eof:
            self.transport.close()
        else:
            self.transport.resume_reading()

    def _give_up(self, problem: Exception) -> None:
        """What comes is no request, or too large a one: say so and end."""
        self._deaf = True
        cause = problem if isinstance(problem, _TooLarge) else problem.__context__
        if isinstance(cause, _TooLarge):
            what = "body is" if self._too_large == 413 else "request line and the headers are"
            refusal = errors.refusal(errors.BAD_REQUEST, f"The {what} too large.", status=self._too_large)
        elif cause is None:
            refusal = errors.refusal(errors.BAD_REQUEST, "This is not a valid HTTP request.")
        else:
            LOG.error("the mock failed while it read a request", exc_info=cause)
            refusal = errors.refusal(errors.UNEXPECTED)
        self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer and end, after the answers that are still to come."""
        self._state, self._deaf = IDLE, True
        if self._busy or self._blocked or (self._waiting and not self._proceeding):
            self._waiting.append(refusal)
            self.transport.pause_reading()
        elif not self._ended:
            self.transport.write(self._bytes(None, self._shared.application.reject(refusal), False))
            self._end()

    def _end(self) -> None:
        """Nothing more is answered. What the client still sends is read for a moment: see ``data_received``."""
        self._ended = True
        self._since = self._loop.time()
        if self._eof or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.write_eof()
            self.transport.resume_reading()

    # --- time ---

    def sweep(self, now: float) -> None:
        """End what has taken too long."""
        age = now - self._since
        if self._busy is not None:
            return
        if self._ended:
            if age > self._limits.goodbye:
                self.transport.abort()
        elif self._blocked:
            if age > self._limits.idle:
                self.transport.abort()
        elif self._state is not IDLE:
            if age > self._limits.arrival:
                self._refuse(errors.refusal(errors.TIMEOUT))
        elif age > self._limits.idle:
            self.transport.close()

    def close(self) -> None:
        """The server stops: answers that were given are still sent."""
        self._ended = True
        self.transport.close()

    # --- for faults of the network: the exchange that was taken over ---

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Do something after a while, unless the client is gone by then."""
        self._loop.call_later(seconds, lambda: None if self.transport.is_closing() else call())

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.transport.write(data)

    def reply(self, answer: Rendered) -> None:
        """Send a whole answer and go on with the next request."""
        if self._busy is not None:
            (request, keep), self._busy = self._busy, None
            self._send(request, answer, keep)
            self._proceed()

    def hang_up(self) -> None:
        """End the connection after what was sent, complete or not."""
        self._busy, self._ended = None, True
        self.transport.close()

    def reset(self) -> None:
        """End the connection with a reset, at once."""
        self._busy, self._ended = None, True
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    def refuse(self, seconds: float) -> None:
        """Reset every connection, and accept no new one for a while."""
        for connection in list(self._shared.connections):
            connection.reset()
        self._shared.refuse(seconds)
