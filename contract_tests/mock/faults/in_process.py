"""Carries the steps of a fault out without a network: real waits, and the errors that httpx raises over a socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator

import httpx

from .script import Break, Head, Piece, Response, Script, Wait

# Seconds that the caller has to let pass.
Waits = Generator[float, None, Response]


def respond(steps: Script, read_timeout: float | None, sleep: Callable[[float], None]) -> Response:
    """The answer that the steps make; ``httpx.TransportError`` where they break off or take longer than allowed.

    ``read_timeout``: seconds without a byte, as httpx counts them (None: no limit); ``sleep`` lets seconds pass.
    """
    waits = _waits(steps, read_timeout)
    try:
        while True:
            sleep(next(waits))
    except StopIteration as end:
        answer: Response = end.value
        return answer


async def respond_async(
    steps: Script, read_timeout: float | None, sleep: Callable[[float], Awaitable[None]]
) -> Response:
    """The same for an event loop."""
    waits = _waits(steps, read_timeout)
    try:
        while True:
            await sleep(next(waits))
    except StopIteration as end:
        answer: Response = end.value
        return answer


def _waits(steps: Script, read_timeout: float | None) -> Waits:
    head = Head(0, [])
    body = b""
    for step in steps:
        match step:
            case Wait(seconds):
                if read_timeout is not None and seconds > read_timeout:
                    yield read_timeout
                    raise httpx.ReadTimeout("The read operation timed out")
                yield seconds
            case Head():
                head = step
            case Piece(content, _):
                body += content
            case Break():
                raise _error(step, head)
    return head.status, head.headers, body


def _error(step: Break, head: Head) -> httpx.TransportError:
    if step.refuse:
        # Nothing listens: what a client meets that comes while connections are refused.
        return httpx.ConnectError("[Errno 111] Connection refused")
    if step.reset:
        return httpx.ReadError("[Errno 104] Connection reset by peer")
    if head.status:
        return httpx.RemoteProtocolError("peer closed connection without sending complete message body")
    return httpx.RemoteProtocolError("Server disconnected without sending a response.")
