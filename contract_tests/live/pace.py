"""How fast requests follow each other: as ``x-ratelimit-*`` tells, and not at all until a quota opens again after 429.

The headers are those measured live (``openapi/shared/responses``): ``-remaining`` is a number of requests, ``-reset``
the seconds until the quota is whole again. Quotas are counted per operation; a 429 holds back everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

# A quota turns at the end of the announced second.
MARGIN = 0.2
# After a 429 that does not say when to come back.
UNTOLD = 60.0
# No quota of the API is longer than a minute; a larger number is a mistake or a lie and must not hold a run for ever.
LONGEST = 120.0
# Shorter waits, in seconds, are not worth a line.
TOLD = 2.0


class Pace:
    """Remembers when each operation may be called again, on ``clock``."""

    def __init__(
        self,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._say = say
        self._clock = clock
        self._sleep = sleep
        self._until: dict[str, float] = {}
        self._all = 0.0
        self.waited = 0.0

    def due(self, operation_id: str) -> float:
        """Seconds that the next request of an operation has to wait."""
        until = max(self._all, self._until.get(operation_id, 0.0))
        return max(0.0, until - self._clock())

    def wait(self, operation_id: str) -> None:
        """Sleep until the operation may be called."""
        seconds = self.due(operation_id)
        if seconds:
            self.waited += seconds
            if self._say is not None and seconds > TOLD:
                self._say(f"waiting {seconds:.0f} s for the quota of {operation_id}")
            self._sleep(seconds)

    def learn(self, operation_id: str, headers: Mapping[str, str], *, throttled: bool) -> None:
        """Take over what an answer says about quotas; ``throttled``: it is the 429 of one that is used up.

        A 429 that forbids its request for another reason (a spend limit) opens at no time, and holds nothing back.
        """
        reset = _seconds(headers.get("x-ratelimit-reset"))
        if throttled:
            told = reset if reset is not None else _seconds(headers.get("retry-after"))
            self._all = self._clock() + min(LONGEST, UNTOLD if told is None else told) + MARGIN
        elif reset is not None and _seconds(headers.get("x-ratelimit-remaining")) == 0:
            self._until[operation_id] = self._clock() + min(LONGEST, reset) + MARGIN


def _seconds(raw: str | None) -> float | None:
    text = (raw or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
