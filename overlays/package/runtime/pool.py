"""Asynchronous connections of one event loop, each on a lane of its own.

httpx's pool looks at all of its connections for every request, which at fifty concurrent requests is half of all the
work. Here each connection is a pool of one, and the lane that was used last is taken first: nothing is searched, idle
lanes stay idle and are closed, and there are never more lanes than ``most``. Whoever comes when all are taken waits.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import httpx

IDLE = 10.0  # seconds; the server's side of a connection is closed before


class Lanes:
    """Up to ``most`` transports made by ``make``, for one event loop; not for use by several threads."""

    def __init__(
        self, make: Callable[[], httpx.AsyncBaseTransport], most: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._most = most
        self._clock = clock
        self._idle: deque[tuple[httpx.AsyncBaseTransport, float]] = deque()
        self._waiting: deque[asyncio.Future[httpx.AsyncBaseTransport]] = deque()
        self._taken = 0
        self._closed = False
        self._closing: set[asyncio.Task[None]] = set()

    async def take(self, timeout: float | None) -> httpx.AsyncBaseTransport:
        """A free lane; ``httpx.PoolTimeout`` when none becomes free within ``timeout`` seconds."""
        if self._idle:
            self._taken += 1
            return self._idle.pop()[0]
        if self._taken < self._most:
            lane = self._make()
            self._taken += 1
            return lane
        place: asyncio.Future[httpx.AsyncBaseTransport] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(timeout):
                return await place
        except TimeoutError:
            self._leave(place)
            raise httpx.PoolTimeout("no connection became free in time") from None
        except BaseException:
            self._leave(place)
            raise

    def _leave(self, place: asyncio.Future[httpx.AsyncBaseTransport]) -> None:
        """Someone stops waiting; a lane that was handed over in the same moment goes to the next."""
        if place.done() and not place.cancelled():
            self._hand_over(place.result())
        elif place in self._waiting:
            self._waiting.remove(place)

    def _hand_over(self, lane: httpx.AsyncBaseTransport) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(lane)
                return
        self._taken -= 1
        self._idle.append((lane, self._clock()))

    async def give(self, lane: httpx.AsyncBaseTransport) -> None:
        """Give a lane back, and close the one that has been idle longest if that is long enough."""
        if self._closed and not self._waiting:
            self._taken -= 1
            await lane.aclose()
            return
        self._hand_over(lane)
        if len(self._idle) > 1 and self._clock() - self._idle[0][1] > IDLE:
            await self._idle.popleft()[0].aclose()

    def drop(self, lane: httpx.AsyncBaseTransport) -> None:
        """Close a lane that may be stuck; who waits gets a new one.

        A request that is cancelled at certain moments leaves httpx's pool of one with a connection that it counts as
        taken for ever. Closing goes on by itself, because the caller is being cancelled and should not wait.
        """
        task = asyncio.get_running_loop().create_task(_close(lane))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        if not self._waiting:
            self._taken -= 1
            return
        try:
            fresh = self._make()
        except BaseException:
            self._taken -= 1
            raise
        self._hand_over(fresh)

    async def aclose(self) -> None:
        """Close all idle lanes, and the others when they are given back."""
        self._closed = True
        while self._idle:
            await self._idle.pop()[0].aclose()
        if self._closing:
            await asyncio.wait(set(self._closing))


async def _close(lane: httpx.AsyncBaseTransport) -> None:
    """Close a lane whose state is unknown: that it can't be closed in order is of no interest to anybody."""
    with suppress(Exception):
        await lane.aclose()


class OneForAll:
    """The transport that the caller brought, which keeps its own connections."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def take(self, timeout: float | None) -> httpx.AsyncBaseTransport:
        """The transport; it has its own way with ``timeout``."""
        return self._transport

    async def give(self, lane: httpx.AsyncBaseTransport) -> None:
        """Nothing: it is never taken away from anybody."""

    def drop(self, lane: httpx.AsyncBaseTransport) -> None:
        """Nothing: what becomes of a cancelled request is its own affair."""

    async def aclose(self) -> None:
        """Close it."""
        await self._transport.aclose()
