"""The mock's time: the machine's by default, or whatever a test sets; every stamp is later than the one before."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

MILLISECOND = 1_000_000  # ns
LATEST = datetime(9999, 1, 1, tzinfo=UTC)  # leaves a year for those who add to the moment


class Clock:
    """Time in UTC. ``now`` reads it; ``stamp`` takes the moment of a write, at least 1 ms after the last stamp."""

    def __init__(self, start: datetime | None = None) -> None:
        self._second = -1  # the one that ``_prefix`` tells
        self._prefix = ""
        self._start = start
        self.reset()

    def reset(self) -> None:
        """Back to the start: the fixed moment given, else the machine's time."""
        self._offset = 0
        self._frozen: int | None = None
        self._last_stamp = 0
        if self._start is not None:
            self.set(self._start)

    def set(self, moment: datetime) -> None:
        """Stand still at ``moment`` (which needs a time zone) until set again or advanced."""
        if moment.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
        self._frozen = (since // timedelta(microseconds=1)) * 1000
        self._last_stamp = 0

    def freeze(self) -> datetime:
        """Stand still at the present moment, which is returned, until set or advanced; ``reset`` lets it run again."""
        if self._frozen is None:
            self._frozen = self.nanoseconds()
        return self.now()

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen is not None

    def advance(self, seconds: float) -> None:
        """Move on by ``seconds`` (not negative), whether the clock stands still or runs."""
        if seconds < 0:
            raise ValueError("time does not go backwards")
        if not seconds <= (LATEST - self.now()).total_seconds():
            raise ValueError(f"time ends with the year {LATEST.year}")
        step = round(seconds * 1e9)
        if self._frozen is None:
            self._offset += step
        else:
            self._frozen += step

    def nanoseconds(self) -> int:
        """Nanoseconds since 1970-01-01 UTC."""
        return self._frozen if self._frozen is not None else time.time_ns() + self._offset

    def now(self) -> datetime:
        """The present moment."""
        return at_nanoseconds(self.nanoseconds())

    def stamp(self) -> str:
        """The moment of a write as ``YYYY-MM-DDThh:mm:ss.mmmZ``, strictly later than every stamp before it."""
        milliseconds = max(self.nanoseconds() // MILLISECOND, self._last_stamp + 1)
        self._last_stamp = milliseconds
        second, rest = divmod(milliseconds, 1000)
        if second != self._second:
            self._second = second
            self._prefix = datetime.fromtimestamp(second, tz=UTC).isoformat()[:-6]
        return f"{self._prefix}.{rest:03}Z"


def at_nanoseconds(nanoseconds: int) -> datetime:
    """The moment so many nanoseconds after 1970-01-01 UTC, in whole milliseconds."""
    milliseconds = nanoseconds // MILLISECOND
    return datetime.fromtimestamp(milliseconds // 1000, tz=UTC).replace(microsecond=milliseconds % 1000 * 1000)
