"""A strike as steps: wait, send this, break off there. Pure; ``respond`` is called when the mock's turn has come.

The steps come from a generator because processing lies between them: a request that is reset after processing has been
carried out, one that is reset before has not.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from .. import errors
from ..answer import CONTENT_TYPE, HTML
from ..exchange import Header
from .strikes import Strike

Response = tuple[int, list[Header], bytes]


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens for some seconds of real time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers go out; ``content-length`` among them announces the whole body."""

    status: int
    headers: list[Header]


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of the body go out."""

    content: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Break:
    """The connection ends: reset, or closed in order. ``refuse``: seconds in which no new one is accepted."""

    reset: bool
    refuse: float = 0.0


Step = Wait | Head | Piece | Break
Script = Iterator[Step]


def script(strike: Strike, respond: Callable[[], Response], unprocessed: Callable[[int], Response]) -> Script:
    """The steps of a strike.

    ``respond`` processes the request and answers it; ``unprocessed`` only notes it as met with a status (0: none), and
    gives an answer whose headers are those of any answer.
    """
    fault = strike.fault
    match fault.kind:
        case "latency":
            yield Wait(max(0.0, fault["seconds"] + (2 * strike.chance - 1) * fault["jitter"]))
            yield from whole(respond())
        case "throttle":
            yield from whole(_used_up(unprocessed(429), fault["reset"]))
        case "error":
            answer = respond() if fault["processed"] else unprocessed(fault["status"])
            yield from whole(_broken(answer, fault["status"], fault["body"]))
        case "reset" | "close":
            _ = respond() if fault["processed"] else unprocessed(0)
            yield Break(reset=fault.kind == "reset")
        case "refuse":
            unprocessed(0)
            yield Break(reset=True, refuse=fault["seconds"])
        case "truncate":
            yield from _truncated(respond(), fault["keep"])
        case "wrong-gzip":
            yield from whole(_wrongly_compressed(respond(), fault["form"]))
        case "drip":
            yield from _dripping(respond(), fault["bytes"], fault["seconds"])
        case _:
            for _ in range(fault["times"] - 1):
                respond()
            yield from whole(respond())


def whole(answer: Response) -> Script:
    """An answer in one go."""
    status, headers, body = answer
    yield Head(status, headers)
    yield Piece(body, last=True)


def _with(answer: Response, body: bytes, changes: dict[bytes, bytes | None]) -> tuple[list[Header], bytes]:
    """The headers of an answer, fitted to another body and changed; None takes a header away."""
    changes = {b"content-length": b"%d" % len(body), **changes}
    kept = [(name, value) for name, value in answer[1] if name not in changes]
    return [*((name, value) for name, value in changes.items() if value is not None), *kept], body


def _used_up(answer: Response, reset: int) -> Response:
    """As measured live: 429 10011, nothing remaining, the seconds to wait, no Retry-After."""
    body = orjson.dumps({"errors": [errors.entry(errors.THROTTLED)]})
    changes: dict[bytes, bytes | None] = {
        b"content-type": CONTENT_TYPE,
        b"x-ratelimit-remaining": b"0",
        b"x-ratelimit-reset": b"%d" % reset,
        b"x-envoy-ratelimited": b"true",
    }
    return 429, *_with(answer, body, changes)


def _broken(answer: Response, status: int, form: str) -> Response:
    """A server error: the API's envelope, a gateway's page, or no body."""
    if form == "empty":
        return status, *_with(answer, b"", {b"content-type": None})
    if form == "html":
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown Error"
        page = f"<html><head><title>{status} {phrase}</title></head><body><h1>{phrase}</h1></body></html>\n"
        return status, *_with(answer, page.encode(), {b"content-type": HTML})
    code = errors.UNAVAILABLE if status == HTTPStatus.SERVICE_UNAVAILABLE else errors.UNEXPECTED
    body = orjson.dumps({"errors": [errors.entry(code, f"A planted fault: status {status}.")]})
    return status, *_with(answer, body, {b"content-type": CONTENT_TYPE})


def _truncated(answer: Response, keep: float) -> Script:
    """The body announced whole and sent in part: at least one byte is missing, where there is any."""
    status, headers, body = answer
    yield Head(status, headers)
    if body:
        yield Piece(body[: min(int(len(body) * keep), len(body) - 1)], last=False)
    yield Break(reset=False)


def _wrongly_compressed(answer: Response, form: str) -> Response:
    """``plain``: not compressed at all; ``spoilt``: garbage after a true gzip header; ``cut``: the end is missing."""
    status, _, body = answer
    packed = gzip.compress(body, mtime=0)
    sent = {"plain": body, "spoilt": packed[:10] + bytes(255 - one for one in packed[10:]), "cut": packed[:-12]}[form]
    return status, *_with(answer, sent, {b"content-encoding": b"gzip"})


def _dripping(answer: Response, size: int, seconds: float) -> Script:
    status, headers, body = answer
    yield Head(status, headers)
    for start in range(0, len(body), size):
        yield Wait(seconds)
        yield Piece(body[start : start + size], last=False)
    yield Piece(b"", last=True)
