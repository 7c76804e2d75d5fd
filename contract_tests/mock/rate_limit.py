"""Stage 3: how often. A fixed quota per operation and UTC minute, reported in the form measured live.

``x-ratelimit-limit: 40, 40;w=60``, ``-remaining`` an integer, ``-reset`` the seconds to the next full minute. A
refusal has ``x-envoy-ratelimited: true`` and no ``Retry-After``.
"""

from __future__ import annotations

from . import errors
from .clock import Clock
from .exchange import Header, Refusal

WINDOW = 60  # seconds
UNLIMITED = 100_000  # so high that no test suite meets it


class RateLimiter:
    """Counts the requests of the present minute for each operation."""

    def __init__(self, clock: Clock, limit: int | None = None) -> None:
        self._clock = clock
        self._limit = UNLIMITED if limit is None else limit
        self._limit_text = f"{self._limit}, {self._limit};w={WINDOW}".encode()
        self.reset()

    def reset(self) -> None:
        """Give every operation its whole quota back."""
        self._window = -1
        self._used: dict[str, int] = {}

    def spend(self, operation_id: str) -> None:
        """Take one request from the quota; refused with 429 10011 when nothing is left."""
        self._turn()
        used = self._used.get(operation_id, 0)
        if used >= self._limit:
            raise Refusal(429, [errors.entry(errors.THROTTLED)], ((b"x-envoy-ratelimited", b"true"),))
        self._used[operation_id] = used + 1

    def headers(self, operation_id: str | None) -> tuple[Header, ...]:
        """The three headers as they stand now; an address without operation has a quota that nobody uses."""
        second = self._turn()
        remaining = self._limit - (self._used.get(operation_id, 0) if operation_id else 0)
        return (
            (b"x-ratelimit-limit", self._limit_text),
            (b"x-ratelimit-remaining", b"%d" % remaining),
            (b"x-ratelimit-reset", b"%d" % (WINDOW - second)),
        )

    def _turn(self) -> int:
        """Start counting anew when a minute has passed; returns the second within the minute."""
        window, second = divmod(self._clock.nanoseconds() // 1_000_000_000, WINDOW)
        if window != self._window:
            self._window = window
            self._used = {}
        return second
