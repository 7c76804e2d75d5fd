"""Everything that a call can raise once it is on its way.

::

    TelnyxError
    ├── ConnectionNeverMade     nothing was sent: trying again is safe
    ├── OutcomeUnknown          sent, but no complete answer came: it may or may not have been done
    ├── AnswerUnreadable        done (2xx), but the answer is not what it should be; ``body`` has what came
    ├── PageRepeated            a list gave the same page twice, so its rest can't be reached
    ├── WebhookError            a webhook that can't be trusted or read; its own tree is drawn in ``webhooks``
    └── ApiError                the server refused or failed, and said so
        ├── BadRequest          400
        ├── Unauthorized        401
        ├── PermissionDenied    403
        ├── NotFound            404
        ├── Conflict            409
        ├── Unprocessable       422
        ├── RateLimited         429: come back after ``retry_after``
        ├── SpendLimitReached   429 with code 40333: not before midnight UTC, or with a higher limit
        ├── ServerError         5xx
        └── UnexpectedStatus    any other status: redirects, other 4xx, numbers that mean nothing

Faults of a call that are seen before anything is sent are ``ValueError`` and ``TypeError``. The texts of these errors
hold no credentials, no path values and no request bodies; ``body`` and ``headers`` hold what the server sent, as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import rate_limit, redaction

if TYPE_CHECKING:
    import httpx

    from .answer import Answer

SPEND_LIMIT = "40333"
Kind = TypeVar("Kind", bound="TelnyxError")
SHOWN = 300
# Statuses that say when to come back; elsewhere the end of the rate limit's window is no invitation.
TEMPORARY = frozenset({429, 503})


class ErrorDetail(NamedTuple):
    """One entry of ``errors``: ``code`` is Telnyx's (text that holds a number), ``pointer`` the field of the body that
    is meant, ``parameter`` that of the path or query; ``None`` is what was not said. ``title`` and ``detail`` come
    without API keys. ``raw`` is the entry as it came, and therefore out of ``repr``, as the values of ``meta`` are."""

    code: str | None
    title: str | None
    detail: str | None
    pointer: str | None
    parameter: str | None
    meta: Mapping[str, Any]
    raw: Any

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields[:-2])
        return f"ErrorDetail({redaction.text(said)}, meta={sorted(map(str, self.meta))})"


class TelnyxError(Exception):
    """Root of all errors of this package.

    ``status`` is ``None`` where no answer began; ``method`` and ``path`` (a template) say what was called; ``attempts``
    how often it was sent, ``elapsed`` how many seconds that took; ``retry_after`` how long to wait before the next try,
    counted from the answer, when a 429 or 503 said so; ``rate_limit`` what the answer said about that.
    """

    def __init__(
        self,
        message: str = "",
        *,
        method: str = "",
        path: str = "",
        status: int | None = None,
        headers: httpx.Headers | None = None,
        body: bytes = b"",
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.body = body
        self.attempts = attempts
        self.elapsed = elapsed
        # Now, because a reset that is a point in time would say something else tomorrow, out of a queue of failures.
        self.rate_limit: rate_limit.RateLimit | None = rate_limit.read(self.headers)
        asked = rate_limit.wait(self.headers) if status in TEMPORARY else None
        self.retry_after: timedelta | None = None if asked is None else timedelta(seconds=asked)

    @property
    def errors(self) -> tuple[ErrorDetail, ...]:
        """What the server said is wrong; empty when it did not say so in its usual form."""
        return details(self.body) if self.status is not None and not 200 <= self.status < 300 else ()

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, which its support asks for."""
        from .answer import REQUEST_ID

        return next((self.headers[name] for name in REQUEST_ID if name in self.headers), None)


class ConnectionNeverMade(TelnyxError):
    """No connection, no TLS, no proxy, or no free connection in time: the request did not leave."""


class OutcomeUnknown(TelnyxError):
    """The request was sent, and no complete answer came; ``status`` and ``body`` hold the beginning if there is one."""


class AnswerUnreadable(TelnyxError):
    """The server did what was asked (2xx), but its answer is no such answer as was described."""


class PageRepeated(TelnyxError):
    """A list gave the same page twice, or empty ones without end; ``page_number`` is the last that was asked for."""

    page_number: int | None = None


class ApiError(TelnyxError):
    """The server answered, and not with success."""


class BadRequest(ApiError):
    """400"""


class Unauthorized(ApiError):
    """401: the API key is missing, wrong or revoked."""


class PermissionDenied(ApiError):
    """403"""


class NotFound(ApiError):
    """404"""


class Conflict(ApiError):
    """409"""


class Unprocessable(ApiError):
    """422: something in the request is not acceptable; ``errors`` says what."""


class RateLimited(ApiError):
    """429: too many requests."""


class SpendLimitReached(ApiError):
    """429 with code 40333: the profile has spent its daily limit, which no retry changes before midnight UTC."""


class ServerError(ApiError):
    """5xx: whether anything was done is not known."""


class UnexpectedStatus(ApiError):
    """A status that has no class of its own."""


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    422: Unprocessable,
    429: RateLimited,
}


def api_error(answer: Answer) -> ApiError:
    """The error that an answer without success is."""
    kind = BY_STATUS.get(answer.status, ServerError if 500 <= answer.status < 600 else UnexpectedStatus)
    found = details(answer.body)
    if kind is RateLimited and any(one.code == SPEND_LIMIT for one in found):
        kind = SpendLimitReached
    said = "; ".join([_line(one, answer.secret()) for one in found]) or _unsaid(answer)
    return of(answer, kind, f"answered {answer.status}: {said}")


def of(answer: Answer, kind: type[Kind], said: str) -> Kind:
    """An error of this kind with everything that the answer carries."""
    return kind(
        text(answer.method, answer.template, said, answer.request_id, answer.secret()),
        method=answer.method,
        path=answer.template,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        attempts=answer.attempts,
        elapsed=answer.elapsed,
    )


def text(method: str, path: str, said: str, request_id: str | None, secret: str) -> str:
    """The message of an error: what was called and what came of it, without credentials."""
    # First without credentials, then shorter: a key that was cut is no key to the patterns, and half of it is shown.
    identified = f" (request {redaction.text(request_id, secret)[:SHOWN]})" if request_id else ""
    return redaction.text(f"{method} {path} {said}{identified}", secret)


def details(body: bytes) -> tuple[ErrorDetail, ...]:
    """The entries of ``errors`` in an answer's body; whatever is not as it should be is left out."""
    if not body:
        return ()
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    entries = document.get("errors") if isinstance(document, dict) else None
    if isinstance(entries, dict):
        entries = [entries]  # a single one without its list
    return tuple(map(_detail, entries)) if isinstance(entries, list) else ()


def _detail(entry: Any) -> ErrorDetail:
    mapping = entry if isinstance(entry, dict) else {}
    source = mapping.get("source")
    source = source if isinstance(source, dict) else {}
    meta = mapping.get("meta")
    return ErrorDetail(
        code=_code(mapping.get("code")),
        title=_said(mapping.get("title")),
        detail=_said(mapping.get("detail")),
        pointer=_text(source.get("pointer")),
        parameter=_text(source.get("parameter")),
        meta=meta if isinstance(meta, dict) else {},
        raw=entry,
    )


def _code(value: Any) -> str | None:
    """A code without what it is wrapped in: blanks around it, or a fraction of nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = _text(value)
    return None if found is None else found.strip()


def _said(value: Any) -> str | None:
    """A text for people, without API keys."""
    said = _text(value)
    return None if said is None else redaction.text(said)


def _text(value: Any) -> str | None:
    """A text, or a number as text: codes have been sent as both."""
    if isinstance(value, str):
        return value
    # A number may have more digits than Python turns into text.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64 else None


def _line(entry: ErrorDetail, secret: str) -> str:
    """An entry on one line: ``10015 Bad Request: The value is not valid. (/name)``; without credentials, then cut."""
    named = " ".join(filter(None, (entry.code, entry.title)))
    line = ": ".join(filter(None, (named, entry.detail))) or "no reason given"
    place = entry.pointer or entry.parameter
    whole = " ".join(f"{line} ({place})".split() if place else line.split())
    return redaction.text(whole, secret)[:SHOWN]


def _unsaid(answer: Answer) -> str:
    """What came instead of error entries."""
    size = len(answer.body)
    return f"no error entries, {answer.content_type or 'no content type'}, {size} bytes" if size else "empty body"
