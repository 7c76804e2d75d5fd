"""HTTP messages as bytes: what a request target says, what an answer looks like on the wire."""

from __future__ import annotations

import time
from http import HTTPStatus

import httptools

from .serving import Rendered

# Phrases that Python 3.13 took over from RFC 9110: the bytes are the same on every Python.
RENAMED = {
    413: "Request Entity Too Large",
    414: "Request-URI Too Long",
    416: "Requested Range Not Satisfiable",
    422: "Unprocessable Entity",
}
STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {RENAMED.get(status.value, status.phrase)}\r\n".encode()
    for status in HTTPStatus
}
BODILESS = frozenset({204, 304})
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def split_target(target: bytes) -> tuple[bytes, bytes]:
    """Path and query of a request target, both still encoded; of an absolute one without scheme and host."""
    if not target.startswith(b"/"):
        try:
            parsed = httptools.parse_url(target)
        except httptools.HttpParserError:
            return target, b""
        return parsed.path or target, parsed.query or b""
    path, _, query = target.partition(b"#")[0].partition(b"?")
    return path, query


def response(answer: Rendered, date: bytes, connection: bytes | None, *, with_body: bool) -> bytes:
    """An answer as it travels; ``date`` is a whole header line, ``connection`` what that header says, if anything.

    A ``Connection`` header of the answer itself comes first. 204 and 304 never have a body.
    """
    status, headers, body = answer
    parts = [STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status, date]
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
        if name == b"connection":
            connection = None
    if connection is not None:
        parts += (b"connection: ", connection, b"\r\n")
    parts.append(b"\r\n")
    if with_body and body and status not in BODILESS:
        parts.append(body)
    return b"".join(parts)


def date_line(seconds: float) -> bytes:
    """The ``Date`` header for a moment in Unix seconds, in the form of RFC 9110, 5.6.7."""
    now = time.gmtime(seconds)
    clock = f"{now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
    day = f"{DAYS[now.tm_wday]}, {now.tm_mday:02} {MONTHS[now.tm_mon - 1]} {now.tm_year}"
    return f"date: {day} {clock} GMT\r\n".encode()
