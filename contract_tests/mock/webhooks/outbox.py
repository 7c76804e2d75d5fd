"""The queue of deliveries and the one thread that makes them, in order, by the mock's clock.

The thread starts with the first event and holds no lock while it sends, so a receiver may call the mock. While the
clock stands still nothing is tried again until it is advanced.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from ..clock import Clock
from .delivery import Delivery
from .sending import Outcome

KEPT = 1000  # deliveries that are remembered
GLANCE = 0.02  # seconds between two looks at the clock while something waits for it
STOP_LIMIT = 5.0  # seconds that a request in progress gets when everything is to end

Make = Callable[[Delivery], Outcome]


class Outbox:
    """Deliveries, pending and past. ``make`` sends the next try of one; it never raises."""

    def __init__(self, clock: Clock, make: Make) -> None:
        self._clock = clock
        self._make = make
        self._changed = threading.Condition()
        self._deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._pending: list[Delivery] = []
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The last deliveries, oldest first."""
        with self._changed:
            return tuple(self._deliveries)

    def put(self, delivery: Delivery) -> None:
        """Take a delivery over; one that has nowhere to go is only remembered."""
        with self._changed:
            if self._closed:
                delivery.abandon("the mock has ended")
            self._deliveries.append(delivery)
            if delivery.state != "pending":
                return
            self._pending.append(delivery)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="mock webhooks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def settle(self, limit: float) -> None:
        """Wait until nothing is due or on its way; ``TimeoutError`` when that takes longer than ``limit`` seconds.

        What the mock's clock has to reach first is not waited for.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a receiver cannot wait for the delivery that it is part of")
        end = time.monotonic() + limit
        with self._changed:
            self._changed.notify_all()
            while self._busy or self._due() is not None:
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"webhooks are still on their way after {limit:g} s")
                self._changed.wait(left)

    def reset(self, *, wait: bool = True) -> None:
        """Forget everything; ``wait``: return when the request in progress, if there is one, has ended."""
        with self._changed:
            for delivery in self._pending:
                delivery.abandon("the mock was reset")
            self._pending.clear()
            self._changed.notify_all()
            self._closed = False
            if wait and threading.current_thread() is not self._thread:
                self._changed.wait_for(lambda: not self._busy, STOP_LIMIT)
            self._deliveries.clear()

    def close(self) -> None:
        """Deliver nothing more, and end the thread; after a ``reset`` it can go on."""
        self.reset()
        with self._changed:
            self._closed, thread = True, self._thread
            self._changed.notify_all()
        if thread is not None and threading.current_thread() is not thread:
            thread.join(STOP_LIMIT)

    def _due(self) -> Delivery | None:
        """The pending delivery that is due first, if its time has come; the older one of two."""
        if not self._pending:
            return None
        first = min(self._pending, key=lambda one: one.due or 0)
        return first if (first.due or 0) <= self._clock.nanoseconds() else None

    def _run(self) -> None:
        while True:
            with self._changed:
                while (delivery := self._due()) is None:
                    if self._closed:
                        self._thread = None
                        return
                    self._changed.wait(GLANCE if self._pending else None)
                self._busy = True
            outcome = self._make(delivery)
            with self._changed:
                self._busy = False
                if delivery.state == "pending":
                    delivery.tried(outcome, self._clock.now(), self._clock.nanoseconds())
                if delivery.state != "pending" and delivery in self._pending:
                    self._pending.remove(delivery)
                self._changed.notify_all()
