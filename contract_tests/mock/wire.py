"""The HTTP/1.1 connection: whatever a client sends is answered, or let go in time.

``incoming`` makes requests of bytes. Those of one connection are answered one after the other; while a client does not
read its answers, nothing more is read from it. What is no request (malformed, too large, too slow, cut off) gets an
answer in the API's envelope and the connection ends. Nothing here knows paths or operations.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from . import errors
from .exchange import Refusal, Request
from .incoming import IDLE, Incoming
from .message import response
from .serving import USUAL, Application, Limits, Rendered

WRITE_AHEAD = 4 * 1024 * 1024  # bytes of answers that may wait for the client before nothing more is read from it
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: the peer sees a reset
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(slots=True)
class Shared:
    """What all connections of a server have in common."""

    application: Application
    limits: Limits = USUAL
    connections: set[Connection] = field(default_factory=set)
    date: bytes = b""  # the Date header by the application's clock, renewed once a second
    # Accept no connection for some seconds; what comes back ends that at once.
    refuse: Callable[[float], Callable[[], None]] = field(default=lambda seconds: lambda: None)


class Connection(asyncio.Protocol):
    """One connection. The server calls ``sweep`` every ``Limits.sweep`` seconds."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._limits = shared.limits
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()  # of the last answer
        self._incoming = Incoming(self, shared.limits, self._loop.time)
        self._waiting: deque[tuple[Request, bool] | Refusal] = deque()
        self._busy: tuple[Request, bool] | None = None  # an exchange that the network has taken over
        self._blocked = False  # the client does not read
        self._proceeding = False
        self._ended = False  # nothing more is answered
        self._eof = False  # the client sends nothing more

    # --- the transport ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=WRITE_AHEAD)
        self._shared.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._ended = True
        self._waiting.clear()
        self._shared.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self._ended:
            return  # read and dropped: closing now would reset the connection, and the answer might get lost
        try:
            self._incoming.feed(data)
        except Refusal as refusal:
            self._refuse(refusal)

    def eof_received(self) -> bool:
        """The client sends nothing more: answer what is complete, refuse what is not."""
        self._eof = True
        if self._ended:
            return False
        try:
            self._incoming.end()
        except Refusal as refusal:
            self._refuse(refusal)
        return bool(self._waiting or self._busy)

    def pause_writing(self) -> None:
        """The client does not read its answers: the next request waits, and with it everything behind it."""
        self._blocked = True

    def resume_writing(self) -> None:
        """It reads again."""
        self._blocked = False
        self._proceed()

    # --- what arrives ---

    def take(self, request: Request, keep: bool) -> None:
        """Answer a request now, or when those before it are answered; not when nobody is there any more."""
        if self._ended or self.transport.is_closing():
            return
        if self._waiting or self._busy or self._blocked:
            self._waiting.append((request, keep))
            self.transport.pause_reading()
        else:
            self._answer(request, keep)

    def invite(self) -> None:
        """Tell the client to send the body, unless answers before this one are still to come: it sends it anyway."""
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
        said = (b"keep-alive" if self._incoming.old else None) if keep else b"close"
        return response(answer, self._shared.date, said, with_body=request is None or request.method != "HEAD")

    def _proceed(self) -> None:
        """Answer what waits, as far as the client reads; then read on."""
        if self._proceeding:
            return
        self._proceeding = True
        while self._waiting and not (self._blocked or self._busy or self._ended or self.transport.is_closing()):
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

    def _refuse(self, refusal: Refusal) -> None:
        """Answer and end, after the answers that are still to come."""
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
        elif self._incoming.state is not IDLE:
            if now - self._incoming.since > self._limits.arrival:
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

    def refuse(self, seconds: float) -> Callable[[], None]:
        """Reset every connection, and accept no new one for a while, or until what is returned is called."""
        accept_again = self._shared.refuse(seconds)  # first, so that whoever sees the reset is refused from then on
        for connection in list(self._shared.connections):
            connection.reset()
        return accept_again
