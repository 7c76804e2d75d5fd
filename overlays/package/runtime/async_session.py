"""Calls over the network in asyncio: the same as ``session``, with the connections of each event loop kept apart."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable

import httpx

from .answer import Answer
from .assembly import Assembler
from .attempts import FAR, Attempts, DeadlinePassed
from .call import Call
from .pool import Lanes, OneForAll
from .settings import KEEP_ALIVE, Settings


class AsyncConnections:
    """The network side of an asynchronous client: lanes by event loop, made when first used, and again after closing.

    A connection belongs to the loop it was opened in; a second ``asyncio.run`` or another thread has its own.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._lanes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Lanes | OneForAll]
        self._lanes = weakref.WeakKeyDictionary()

    def lanes(self) -> Lanes | OneForAll:
        """The lanes of the running event loop."""
        loop = asyncio.get_running_loop()
        found = self._lanes.get(loop)
        if found is not None:
            return found
        made = open_lanes(self._settings)
        with self._lock:
            for other in [one for one in self._lanes if one.is_closed()]:
                del self._lanes[other]
            return self._lanes.setdefault(loop, made)

    async def aclose(self) -> None:
        """Close the running loop's connections; the next call opens new ones."""
        with self._lock:
            found = self._lanes.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.aclose()


def open_lanes(settings: Settings) -> Lanes | OneForAll:
    """The caller's transport, or connections to the network. ``TypeError`` for one that can't be used in asyncio."""
    given = settings.given_transport()
    if given is not None:
        if not isinstance(given, httpx.AsyncBaseTransport):
            raise TypeError(f"{type(given).__name__} is no httpx.AsyncBaseTransport")
        return OneForAll(given)
    from . import tls

    proxy = tls.proxy(settings)
    verify = tls.context(settings, proxy)
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE)

    def make() -> httpx.AsyncBaseTransport:
        return httpx.AsyncHTTPTransport(verify=verify, limits=limits, proxy=proxy, trust_env=False)

    return Lanes(make, settings.max_connections)


# Seconds by which the timeouts of the phases come first, since they know whether anything was sent.
GRACE = 0.05


def _until(left: float) -> asyncio.Timeout:
    """The end of a whole attempt, whatever it is doing then: headers that drip keep every single read short."""
    return asyncio.timeout(None if left > FAR else max(0.0, left) + GRACE)


class AsyncSession:
    """Sends calls; ``wait`` is awaited for the seconds between two attempts."""

    def __init__(
        self,
        settings: Settings,
        connections: AsyncConnections | None = None,
        *,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self.connections: AsyncConnections = connections or AsyncConnections(settings)
        self._assembler = Assembler(settings)
        self._wait = wait

    async def send(self, call: Call) -> Answer:
        """The complete answer to a call, whatever its status, after the retries that the settings allow.

        ``ConnectionNeverMade`` or ``OutcomeUnknown`` when there is none; ``ValueError`` for a call that can't be sent.
        """
        attempts = Attempts(self._assembler, call)
        while True:
            request = attempts.begin()
            ready = await self._ready(request.extensions["timeout"]["pool"])
            seconds: float | None
            if isinstance(ready, httpx.PoolTimeout):
                seconds = attempts.failed(ready)
            elif isinstance(ready, Exception):
                seconds = attempts.unready(ready)
            else:
                seconds = await self._once(attempts, request, *ready)
            if seconds is None and attempts.answer is not None:
                return attempts.answer
            if seconds:
                await self._wait(seconds)

    async def _ready(self, timeout: float | None) -> tuple[Lanes | OneForAll, httpx.AsyncBaseTransport] | Exception:
        """What sends, or why there is none: as a value, because what is raised in a handler has that as its context."""
        try:
            lanes = self.connections.lanes()
            return lanes, await lanes.take(timeout)
        except Exception as problem:
            return problem

    @staticmethod
    async def _once(
        attempts: Attempts, request: httpx.Request, lanes: Lanes | OneForAll, lane: httpx.AsyncBaseTransport
    ) -> float | None:
        status: int | None = None
        headers: httpx.Headers | None = None
        chunks: list[bytes] = []
        whole = False
        packed = True
        failure: Exception | None = None
        try:
            try:
                async with _until(attempts.left()):
                    response = await lane.handle_async_request(request)
                    status, headers, stream = response.status_code, response.headers, response.stream
                    try:
                        if response.is_stream_consumed and not isinstance(stream, httpx.ByteStream):
                            chunks, packed = [response.content], False
                        else:
                            async for chunk in stream:  # type: ignore[union-attr]  # a sync stream raises TypeError
                                chunks.append(chunk)
                                if attempts.late():
                                    raise DeadlinePassed
                        whole = True
                    finally:
                        await stream.aclose()  # type: ignore[union-attr]
            except BaseException as problem:
                # Cancelled (by the deadline, too), or full although nobody else uses it: it might serve nobody again.
                if isinstance(problem, Exception) and not isinstance(problem, httpx.PoolTimeout | TimeoutError):
                    await lanes.give(lane)
                else:
                    lanes.drop(lane)
                raise
            else:
                await lanes.give(lane)
        except Exception as error:
            failure = DeadlinePassed() if isinstance(error, TimeoutError) and attempts.late() else error
        if not whole or status is None or headers is None:
            # Out of the handler: an error that is raised in it would carry what it must not show as its context.
            assert failure is not None, "what did not end has failed"
            return attempts.failed(failure, status, headers, b"".join(chunks), lane)
        return attempts.answered(status, headers, b"".join(chunks), packed=packed)

    async def aclose(self) -> None:
        """Close the connections of the running event loop; a later call opens new ones."""
        await self.connections.aclose()
