"""From bytes to requests: the incoming half of a connection.

httptools parses. What is no request (malformed, too large, cut off) becomes a refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import httptools

from . import errors
from .exchange import Header, Refusal, Request
from .message import split_target
from .serving import Limits

READ_SIZE = 256 * 1024  # bytes that asyncio reads at once
UPGRADING = frozenset({b"upgrade", b"connection", b"http2-settings"})
IDLE, HEAD, BODY = "idle", "head", "body"  # what of a request has arrived
LOG = logging.getLogger(__package__)


class Taker(Protocol):
    """Who gets what arrives."""

    def take(self, request: Request, keep: bool) -> None:
        """A request is complete; ``keep``: the connection goes on after its answer."""

    def invite(self) -> None:
        """The client waits to be told to send the body."""


class _TooLarge(Exception):
    pass


class Incoming:
    """Reads requests. ``feed`` it bytes; httptools calls the ``on_...`` methods meanwhile."""

    def __init__(self, taker: Taker, limits: Limits, now: Callable[[], float]) -> None:
        self.state = IDLE
        self.since = now()  # when the head, or then the body, began to arrive
        self.old = False  # the client speaks HTTP/1.0
        self._taker = taker
        self._limits = limits
        self._now = now
        self._parser = httptools.HttpRequestParser(self)
        self._too_large = 413
        self._closed = False  # what follows is no HTTP

    def feed(self, data: bytes) -> None:
        """More bytes from the client; raises ``Refusal`` when they are no request, after which there is no more."""
        if self._closed:
            return
        try:
            self._parse(data)
            if self.state is HEAD:
                # One endless header is reported only when it ends; so count what came, whatever else was in it.
                self._came += len(data)
                if self._came > self._limits.head + READ_SIZE:
                    self._too_large = 431
                    raise _TooLarge
        except (httptools.HttpParserError, _TooLarge) as problem:
            self._closed = True
            self.state = IDLE
            raise self._refusal(problem) from None

    def end(self) -> None:
        """The client sends nothing more; raises ``Refusal`` when that is too early."""
        self._closed = True
        state, self.state = self.state, IDLE
        if state is HEAD:
            raise errors.refusal(errors.BAD_REQUEST, "The request ends before its headers do.")
        if state is BODY:
            raise errors.refusal(errors.BAD_REQUEST, "The body is shorter than announced.")

    def _parse(self, data: bytes) -> None:
        """Parse. Nothing is upgraded here: a request that asks for it is parsed again as one that does not.

        Java's client asks for h2c with its first request, and the parser takes the body for the other protocol.
        """
        while True:
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                if self._asked == b"CONNECT":
                    self._closed = True
                    return
                rest = data[upgrade.args[0] :]
            self._parser = httptools.HttpRequestParser(self)
            headers = [one for one in self._headers if one[0] not in UPGRADING]
            lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
            data = self._asked + b" " + self._target + b" HTTP/1.1\r\n" + lines + b"\r\n" + rest

    def _refusal(self, problem: Exception) -> Refusal:
        cause = problem if isinstance(problem, _TooLarge) else problem.__context__
        if isinstance(cause, _TooLarge):
            what = "body is" if self._too_large == 413 else "request line and the headers are"
            return errors.refusal(errors.BAD_REQUEST, f"The {what} too large.", status=self._too_large)
        if isinstance(problem, httptools.HttpParserCallbackError):
            LOG.error("the mock failed while it read a request", exc_info=cause)
            return errors.refusal(errors.UNEXPECTED)
        return errors.refusal(errors.BAD_REQUEST, "This is not a valid HTTP request.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self.state = HEAD
        self.since = self._now()
        self._came = 0
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
        if self.state is HEAD:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """All headers are there."""
        self.state = BODY
        self.since = self._now()
        parser = self._parser
        expected = (b"expect", b"100-continue") in self._headers
        if expected and parser.get_http_version() == "1.1" and not parser.should_upgrade():
            self._taker.invite()

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
        self.state = IDLE
        self._asked = self._parser.get_method()
        if self._parser.should_upgrade() and self._asked != b"CONNECT":
            return  # ``HttpParserUpgrade`` follows
        path, query = split_target(self._target)
        pieces = self._body
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if len(body) > self._limits.kept:
            body = body[: self._limits.kept]
        method = self._asked.decode("ascii")
        request = Request(method, path, query, tuple(self._headers), body)
        keep = self._parser.should_keep_alive() and not self._parser.should_upgrade()
        self.old = self._parser.get_http_version() == "1.0"
        self._taker.take(request, keep)

    def _count_head(self, size: int, status: int) -> None:
        self._head_size += size
        if self._head_size > self._limits.head:
            self._too_large = status
            raise _TooLarge
