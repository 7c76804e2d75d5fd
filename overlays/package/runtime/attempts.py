"""The attempts of one call, without any input or output: sync and async sessions are thin shells around this.

A session asks for the next request, sends it, and tells what came of it; it is told how long to wait, or that the call
has ended. Nothing that happens once a request has been handed out ends in anything but an answer or a ``TelnyxError``.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from . import rate_limit, redirects, retry, sent, unpack
from .answer import Answer
from .assembly import Assembler, Credentials, Seconds
from .call import Call
from .logs import LOGGER

if TYPE_CHECKING:
    from .errors import TelnyxError


# Their texts quote the header that can't be sent, and a header may be a secret of any form.
QUOTING = (httpx.LocalProtocolError,)
# Seconds; a deadline further away bounds nothing, and sockets can't be told any number.
FAR = 86_400.0
MOMENT = 0.002


class Attempts:
    """One call under way. ``answer`` is its end, once ``answered`` has returned ``None``."""

    __slots__ = (
        "_assembler",
        "_call",
        "_credentials",
        "_deadline",
        "_ends",
        "_hops",
        "_maybe_acted",
        "_quiet",
        "_seconds",
        "_started",
        "_url",
        "answer",
        "number",
    )

    def __init__(self, assembler: Assembler, call: Call) -> None:
        self._assembler = assembler
        self._call = call
        self._seconds = assembler.timeouts(call)
        self._url = assembler.url(call)
        self._credentials: Credentials | None = None
        self._hops = 0
        self._maybe_acted = False
        self._deadline = retry.deadline(assembler.settings.retry, self._seconds["connect"], self._seconds["read"])
        self._started = monotonic()
        self._ends = self._started + self._deadline
        self._quiet = assembler.settings.on_attempt is None and not LOGGER.isEnabledFor(logging.DEBUG)
        self.number: int = 0
        self.answer: Answer | None = None

    def begin(self) -> httpx.Request:
        """The request of the next attempt; only the first can raise, for what can't be sent."""
        self.number += 1
        self._credentials = self._current_credentials()
        return self._assembler.request(self._call, self._url, self._clipped(), self._ends, self._credentials)

    def _current_credentials(self) -> Credentials:
        """The credentials of the moment; when asking for them fails once something was sent, those of before."""
        try:
            return self._assembler.credentials()
        except Exception:
            if self._credentials is None:
                raise
            LOGGER.exception("no new API key could be had; the retry goes out with the one before")
            return self._credentials

    def _secret(self) -> str:
        return "" if self._credentials is None else self._credentials.token

    def late(self) -> bool:
        """Whether the call's deadline has passed, or is passing: a timeout may end a moment early."""
        return monotonic() > self._ends - MOMENT

    def answered(self, status: int, headers: httpx.Headers, raw: bytes, *, packed: bool = True) -> float | None:
        """Take a complete answer. The seconds to wait before the next attempt, or ``None`` when it is the answer."""
        encoding = headers.get("content-encoding") if packed else None
        body, fault = unpack.unpack(raw, encoding) if encoding else (raw, None)
        answer = Answer(
            self._call.operation,
            status,
            headers,
            body,
            attempts=self.number,
            elapsed=monotonic() - self._started,
            fault=fault,
            secret=self._secret(),
        )
        self.answer = answer
        if 200 <= status < 300:
            wait = None
        else:
            wait = self._redirected(answer)
            if wait is None:
                wait = self._wait(status, answer)
        # Only who is throttled is refused before anything is done.
        self._maybe_acted |= status != retry.TOO_MANY
        if not self._quiet:
            self._report(status, headers, None, wait)
        return wait

    def failed(
        self,
        problem: Exception,
        status: int | None = None,
        headers: httpx.Headers | None = None,
        raw: bytes = b"",
        transport: object = None,
    ) -> float:
        """Take a failure to send or to receive. The seconds to wait before the next attempt; raises when it is final.

        ``status``, ``headers`` and ``raw`` are what had come of an answer until then, ``transport`` is what failed.
        """
        refused = status is None and sent.refused(problem, transport)
        never = refused or (status is None and sent.never(problem, transport))
        return self._failed(problem, never, status, headers, raw, final=refused)

    def unready(self, problem: Exception) -> float | None:
        """Take a failure to get what sends: as it is before the first attempt, and then as a failure of the attempt."""
        if self.number == 1:
            raise problem
        return self._failed(problem, True, None, None, b"")

    def _failed(
        self,
        problem: Exception,
        never: bool,
        status: int | None,
        headers: httpx.Headers | None,
        raw: bytes,
        *,
        final: bool = False,
    ) -> float:
        self._maybe_acted |= not never
        wait = None if final else self._wait(retry.NEVER_SENT if never else retry.UNKNOWN, None)
        if not self._quiet:
            self._report(status, headers, type(problem).__name__, wait)
        if wait is None:
            from . import redaction

            hidden = isinstance(problem, QUOTING) or redaction.tainted(problem, self._secret())
            raise self._error(problem, never, status, headers, raw) from (None if hidden else problem)
        return wait

    def left(self) -> float:
        """Seconds until the call's deadline; below 0 when it has passed."""
        return self._ends - monotonic()

    def _clipped(self) -> Seconds:
        """The timeouts of this attempt: none is longer than what is left until the call's deadline."""
        left = self._deadline if self.number == 1 else max(0.001, self.left())
        if left > FAR:
            return self._seconds
        return {phase: left if value is None else min(value, left) for phase, value in self._seconds.items()}

    def _wait(self, outcome: int | str, answer: Answer | None) -> float | None:
        asked = None
        spent = False
        if answer is not None and outcome in {retry.TOO_MANY, 503}:
            asked = rate_limit.wait(answer.headers)
            spent = outcome == retry.TOO_MANY and _spent(answer.body)
        return retry.wait(
            self._assembler.settings.retry,
            self._call.operation,
            outcome,
            attempt=self.number - self._hops,
            elapsed=monotonic() - self._started,
            deadline=self._deadline,
            asked=asked,
            spend_limit=spent,
        )

    def _redirected(self, answer: Answer) -> float | None:
        """Go on at another address of the same origin, at once, if the client follows redirects and merely reads."""
        allowed = (
            self._assembler.settings.follow_redirects and self._call.operation.safe and self._hops < redirects.MOST
        )
        there = redirects.target(self._url, answer.status, answer.headers.get("location")) if allowed else None
        if there is None:
            return None
        self._url = there
        self._hops += 1
        return 0.0

    def _error(
        self, problem: Exception, never: bool, status: int | None, headers: httpx.Headers | None, raw: bytes
    ) -> TelnyxError:
        """The end without a complete answer; what an earlier attempt was answered goes with it.

        That the last attempt never left says nothing about those before: only when none of them can have been
        processed, nothing was sent.
        """
        from . import errors, redaction

        reason = type(problem).__name__
        if not isinstance(problem, QUOTING):
            reason = redaction.text(f"{reason}: {problem}".rstrip(": "), self._secret())[: errors.SHOWN]
        said = f"was not sent: {reason}" if never else f"was sent, and no complete answer came: {reason}"
        if never and self._maybe_acted:
            said = f"may have been done by an earlier attempt; the last one {said}"
        earlier = self.answer if status is None else None
        if earlier is not None:
            said = f"{said} (answered {earlier.status} before)"
            status, headers, raw = earlier.status, earlier.headers, earlier.body
        operation = self._call.operation
        kind = errors.OutcomeUnknown if self._maybe_acted else errors.ConnectionNeverMade
        return kind(
            errors.text(operation.method, operation.template, said, None, self._secret()),
            method=operation.method,
            path=operation.template,
            status=status,
            headers=headers,
            body=raw,
            attempts=self.number,
            elapsed=monotonic() - self._started,
        )

    def _report(self, status: int | None, headers: httpx.Headers | None, error: str | None, wait: float | None) -> None:
        from . import logs

        operation = self._call.operation
        event = logs.Attempt(
            operation_id=operation.operation_id,
            method=operation.method,
            path=operation.template,
            number=self.number,
            status=status,
            error=error,
            elapsed=monotonic() - self._started,
            wait=wait,
            request_id=None if headers is None else headers.get("x-request-id"),
        )
        logs.attempt(event)
        if (hook := self._assembler.settings.on_attempt) is not None:
            logs.tell(hook, event)


def _spent(body: bytes) -> bool:
    """Whether a 429 is the spend limit, which the error's code alone tells."""
    from . import errors

    return any(one.code == errors.SPEND_LIMIT for one in errors.details(body))


class DeadlinePassed(Exception):
    """An answer is still coming when the call should be over."""

    def __init__(self) -> None:
        super().__init__("the answer was still coming when the call's deadline passed")
