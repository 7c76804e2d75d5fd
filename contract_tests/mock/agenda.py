"""What is still to happen, and when: steps that wait until the mock's clock has come to their moment.

They are taken before the next request is served, oldest moment first, so nobody can tell that they were not taken at
the moment itself. A step may plan further ones.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable

LOG = logging.getLogger(__package__)
Step = Callable[[], None]


class Agenda:
    """Steps by their moment, in nanoseconds of the mock's clock; those of one moment in the order of their planning.

    ``unchecked``: records may hold anything; a step that trips over that has no effect.
    """

    def __init__(self, *, unchecked: bool = False) -> None:
        self._unchecked = unchecked
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
            step = heapq.heappop(self._waiting)[2]
            try:
                step()
            except Exception:
                if not self._unchecked:
                    raise
                LOG.info("a planned step tripped over what a drift let pass", exc_info=True)

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
