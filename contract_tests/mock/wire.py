"""The HTTP connection: uvicorn's, except that whatever is no HTTP request is answered in the API's envelope too.

Malformed request lines, header floods, bodies that end too early and clients that close their half early all get an
answer; nothing here knows paths or operations.
"""

from __future__ import annotations

import uuid

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from . import errors
from .answer import CONTENT_TYPE

HEAD_LIMIT = 64 * 1024  # bytes of request target and headers


class EnvelopeProtocol(HttpToolsProtocol):
    """One connection. The parser of uvicorn calls ``on_...``; raising there ends in ``send_400_response``."""

    _head_bytes = 0
    _head_open = False  # a request has begun and its headers are not complete
    _status = 400

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head_bytes = 0
        self._head_open = True
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        self._count(url, 414)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._count(name + value, 431)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """All headers are there; the application starts."""
        self._head_open = False
        super().on_headers_complete()

    def _count(self, piece: bytes, status: int) -> None:
        self._head_bytes += len(piece)
        if self._head_bytes > HEAD_LIMIT:
            self._status = status
            raise ValueError("the request head is too large")

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request in the envelope, and close. ``msg`` is uvicorn's word for it."""
        large = self._status != 400
        detail = "The request line and headers are too large." if large else "This is not a valid HTTP request."
        self._answer_and_close(self._status, errors.BAD_REQUEST, detail)

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """The client sends nothing more: answer what is complete, refuse what is not."""
        cycle = self.cycle
        if self._head_open:
            self._answer_and_close(400, errors.BAD_REQUEST, "The request ends before its headers do.")
        elif cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                cycle.keep_alive = False
                return True  # the answer is still to come; the connection closes after it
            self._answer_and_close(400, errors.BAD_REQUEST, "The body is shorter than announced.")
            cycle.disconnected = True
            cycle.message_event.set()
        return None

    def _answer_and_close(self, status: int, code: str, detail: str) -> None:
        if self.transport.is_closing():
            return
        body = orjson.dumps({"errors": [errors.entry(code, detail)]})
        head = [
            STATUS_LINE[status].rstrip(b"\r\n"),
            *(name + b": " + value for name, value in self.server_state.default_headers),
            b"content-type: " + CONTENT_TYPE,
            b"content-length: %d" % len(body),
            b"x-request-id: " + str(uuid.uuid4()).encode(),
            b"connection: close",
        ]
        self.transport.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
        self.transport.close()
