"""What is still to happen, and when: steps that wait until the mock's clock has come to their moment.

They are taken before the next request is served, oldest moment first, so nobody can tell that they were not taken at
the moment itself. A step may plan further ones.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

Step = Callable[[], None]


class Agenda:
    """Steps by their moment, in nanoseconds of the mock's clock; those of one moment in the order of their planning."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Step]] = []
        self._planned = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def at(self, moment: int, step: Step) -> None:
        """Take ``step`` once the clock has come to ``moment``."""
        self._planned += 1
        heapq.heappush(self._waiting, (moment, self._planned, step))

    def catch_up(self, now: int) -> None:
        """Take every step whose moment has come."""
        while self._waiting and self._waiting[0][0] <= now:
            heapq.heappop(self._waiting)[2]()

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
