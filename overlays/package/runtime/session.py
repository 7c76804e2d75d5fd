"""Calls over the network, one after the other or from many threads: a thin shell around ``Attempts``."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import httpx

from .answer import Answer
from .assembly import Assembler
from .attempts import Attempts, DeadlinePassed
from .call import Call
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable


class Connections:
    """The network side of a client: made when first used, by one thread, and again after it was closed.

    After a ``fork`` the child makes its own: two processes that read from one connection get each other's answers.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._transport: httpx.BaseTransport | None = None
        self._process = 0

    def transport(self) -> httpx.BaseTransport:
        """What sends requests."""
        found = self._transport
        if found is not None and self._process == os.getpid():
            return found
        with self._lock:
            if self._transport is None or self._process != os.getpid():
                self._transport, self._process = open_transport(self._settings), os.getpid()
            return self._transport

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        with self._lock:
            found, self._transport = self._transport, None
        if found is not None and self._process == os.getpid():
            found.close()


def open_transport(settings: Settings) -> httpx.BaseTransport:
    """The caller's transport, or one to the network. ``TypeError`` for one that can't be used synchronously."""
    given = settings.given_transport()
    if given is not None:
        if not isinstance(given, httpx.BaseTransport):
            raise TypeError(f"{type(given).__name__} is no httpx.BaseTransport")
        return given
    from .transport import Network

    return Network(settings)


# What a read or write raises that had no more time than the call.
SLOW = (httpx.ReadTimeout, httpx.WriteTimeout)


class Session:
    """Sends calls; ``wait`` is told to pause for the seconds between two attempts."""

    def __init__(
        self,
        settings: Settings,
        connections: Connections | None = None,
        *,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.settings = settings
        self.connections: Connections = connections or Connections(settings)
        self._assembler = Assembler(settings)
        self._wait = wait

    def send(self, call: Call) -> Answer:
        """The complete answer to a call, whatever its status, after the retries that the settings allow.

        ``ConnectionNeverMade`` or ``OutcomeUnknown`` when there is none; ``ValueError`` for a call that can't be sent.
        """
        attempts = Attempts(self._assembler, call)
        while True:
            request = attempts.begin()
            ready = self._ready()
            seconds = attempts.unready(ready) if isinstance(ready, Exception) else self._once(attempts, request, ready)
            if seconds is None and attempts.answer is not None:
                return attempts.answer
            if seconds:
                self._wait(seconds)

    def _ready(self) -> httpx.BaseTransport | Exception:
        """What sends, or why there is none: as a value, because what is raised in a handler has that as its context."""
        try:
            return self.connections.transport()
        except Exception as problem:
            return problem

    @staticmethod
    def _once(attempts: Attempts, request: httpx.Request, transport: httpx.BaseTransport) -> float | None:
        status: int | None = None
        headers: httpx.Headers | None = None
        chunks: list[bytes] = []
        whole = False
        packed = True
        failure: Exception | None = None
        try:
            # Straight to the transport: httpx's client would keep cookies, log the address with its numbers and
            # follow what it finds. None of that is wanted, and it costs a third of a call.
            response = transport.handle_request(request)
            status, headers, stream = response.status_code, response.headers, response.stream
            try:
                if response.is_stream_consumed and not isinstance(stream, httpx.ByteStream):
                    chunks, packed = [response.content], False
                else:
                    for chunk in stream:  # type: ignore[union-attr]  # an async stream raises TypeError, as it should
                        chunks.append(chunk)
                        if attempts.late():
                            raise DeadlinePassed
                whole = True
            finally:
                stream.close()  # type: ignore[union-attr]
        except Exception as problem:
            failure = DeadlinePassed() if isinstance(problem, SLOW) and attempts.late() else problem
        if not whole or status is None or headers is None:
            # Out of the handler: an error that is raised in it would carry what it must not show as its context.
            assert failure is not None, "what did not end has failed"
            return attempts.failed(failure, status, headers, b"".join(chunks), transport)
        return attempts.answered(status, headers, b"".join(chunks), packed=packed)

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self.connections.close()
