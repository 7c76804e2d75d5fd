"""The asynchronous session: the same decisions, connections by event loop, each on a lane of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from telnyx_bindings import AsyncTelnyx, errors
from telnyx_bindings.runtime.async_session import AsyncConnections, AsyncSession
from telnyx_bindings.runtime.pool import IDLE, Lanes
from telnyx_bindings.runtime.retry import RetryPolicy
from telnyx_bindings.runtime.settings import Settings

from contract_tests.description import load
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve
from contract_tests.unit.package.network import (
    BASE,
    ID,
    TOKEN,
    Script,
    async_telnyx,
    profile,
    raw_answer,
    raw_server,
    reading,
    writing,
)


class Lane(httpx.AsyncBaseTransport):
    """A lane that leads nowhere."""

    closed = False

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


def lanes(most: int, clock: Callable[[], float] = lambda: 0.0) -> tuple[Lanes, list[Lane]]:
    """Lanes, and those of them that were made."""
    made: list[Lane] = []

    def make() -> Lane:
        made.append(Lane())
        return made[-1]

    return Lanes(make, most, clock=clock), made


def run(work: Awaitable[None]) -> None:
    """Run a test's coroutine in a loop of its own, and not for ever."""

    async def bounded() -> None:
        async with asyncio.timeout(20):
            await work

    asyncio.run(bounded())


def session(script: Callable[[httpx.Request], Any], waits: list[float], **options: Any) -> AsyncSession:
    """A session whose network is a function and whose waits are noted, not waited for."""

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    transport = httpx.MockTransport(script)
    return AsyncSession(Settings(token=TOKEN, base_url=BASE, transport=transport, **options), wait=wait)


def test_retries_are_those_of_the_synchronous_session() -> None:
    async def work() -> None:
        waits: list[float] = []
        throttled = httpx.Response(429, headers={"x-ratelimit-reset": "7"})
        answer = await session(Script(httpx.ReadTimeout("x"), throttled, httpx.Response(200)), waits).send(reading())
        assert (answer.status, answer.attempts) == (200, 3)
        assert 0.25 <= waits[0] <= 0.5
        assert 7 <= waits[1] <= 7.5
        with pytest.raises(errors.OutcomeUnknown):
            await session(Script(httpx.ReadTimeout("x"), httpx.Response(200)), []).send(writing())
        with pytest.raises(errors.ConnectionNeverMade):
            await session(Script(httpx.ConnectError("x")), []).send(writing())

    run(work())


def test_a_call_that_is_cancelled_is_cancelled_and_gives_its_connection_back() -> None:
    async def work() -> None:
        reached = asyncio.Event()
        released: list[bool] = []

        class Endless(httpx.AsyncByteStream):
            """A body that never comes."""

            async def __aiter__(self) -> Any:
                reached.set()
                await asyncio.sleep(60)
                yield b""

            async def aclose(self) -> None:
                released.append(True)

        client = async_telnyx(lambda request: httpx.Response(200, stream=Endless()))
        task = asyncio.create_task(client.messaging_profiles.retrieve(ID))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert released == [True]

    run(work())


def test_one_client_serves_one_event_loop_after_the_other() -> None:
    with raw_server() as server:
        server.payload = raw_answer(b"200 OK", b'{"data":{}}')
        client = AsyncTelnyx(TOKEN, base_url=server.base_url)

        async def work() -> None:
            async with client:
                await client.messaging_profiles.retrieve(ID)
            await client.messaging_profiles.retrieve(ID)
            await client.aclose()

        run(work())
        run(work())
        assert len(server.requests) == 4


def test_loops_do_not_share_lanes_and_closed_ones_are_forgotten() -> None:
    connections = AsyncConnections(Settings(token=TOKEN, base_url=BASE))
    seen: list[object] = []

    async def work() -> None:
        seen.append(connections.lanes())
        assert connections.lanes() is seen[-1]
        assert len(connections._lanes) == 1

    run(work())
    run(work())
    assert seen[0] is not seen[1]


def test_an_own_transport_is_made_for_each_loop_when_it_is_given_as_a_class() -> None:
    made: list[httpx.MockTransport] = []

    def make() -> httpx.MockTransport:
        made.append(httpx.MockTransport(Script(profile())))
        return made[-1]

    client = AsyncTelnyx(TOKEN, base_url=BASE, transport=make)

    async def work() -> None:
        await asyncio.gather(*[client.messaging_profiles.retrieve(ID) for _ in range(5)])
        await client.aclose()

    run(work())
    run(work())
    assert len(made) == 2


def test_a_synchronous_transport_is_refused_before_sending() -> None:
    async def work() -> None:
        client = AsyncTelnyx(TOKEN, base_url=BASE, transport=httpx.HTTPTransport)
        with pytest.raises(TypeError, match=r"no httpx\.AsyncBaseTransport"):
            await client.messaging_profiles.retrieve(ID)

    run(work())


def test_many_at_once_are_all_answered_over_few_connections() -> None:
    async def work(base_url: str) -> None:
        async with AsyncTelnyx(TOKEN, base_url=base_url, max_connections=4) as client:
            found = await asyncio.gather(*[client.messaging_profiles.retrieve(ID) for _ in range(40)])
            assert {str(one.data.id) for one in found} == {ID}
            assert len(client.session.connections.lanes()._idle) <= 4  # type: ignore[union-attr]

    with serve(create_app(load())) as base_url:
        run(work(base_url))


# Lanes


def test_the_lane_that_was_used_last_is_taken_first() -> None:
    async def work() -> None:
        pool, made = lanes(3)
        first, second = await pool.take(1), await pool.take(1)
        await pool.give(first)
        await pool.give(second)
        assert await pool.take(1) is second
        assert len(made) == 2

    run(work())


def test_who_comes_when_all_are_taken_waits_in_turn_and_not_for_ever() -> None:
    async def work() -> None:
        pool, made = lanes(1)
        lane = await pool.take(1)
        with pytest.raises(httpx.PoolTimeout):
            await pool.take(0.01)
        order: list[int] = []

        async def use(number: int) -> None:
            own = await pool.take(5)
            order.append(number)
            await pool.give(own)

        tasks = [asyncio.create_task(use(number)) for number in range(3)]
        await asyncio.sleep(0)
        await pool.give(lane)
        await asyncio.gather(*tasks)
        assert order == [0, 1, 2]
        assert len(made) == 1

    run(work())


def test_a_waiter_that_gives_up_loses_no_lane() -> None:
    async def work() -> None:
        pool, made = lanes(1)
        lane = await pool.take(1)
        for hand_over_first in (False, True):
            waiting = asyncio.create_task(pool.take(5))
            await asyncio.sleep(0)
            if hand_over_first:
                await pool.give(lane)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            if not hand_over_first:
                await pool.give(lane)
            lane = await pool.take(0.1)
        assert len(made) == 1

    run(work())


def test_lanes_that_nobody_needs_are_closed() -> None:
    async def work() -> None:
        now = 0.0
        pool, made = lanes(3, lambda: now)
        taken = [await pool.take(1) for _ in range(3)]
        for lane in taken:
            await pool.give(lane)
        assert [lane.closed for lane in made] == [False, False, False]
        now = IDLE + 1
        for _ in range(4):
            await pool.give(await pool.take(1))
        assert [lane.closed for lane in made] == [True, True, False]

    run(work())


def test_a_lane_in_use_is_closed_when_it_comes_back_after_closing() -> None:
    async def work() -> None:
        pool, made = lanes(2)
        busy, idle = await pool.take(1), await pool.take(1)
        await pool.give(idle)
        await pool.aclose()
        assert [lane.closed for lane in made] == [False, True]
        await pool.give(busy)
        assert [lane.closed for lane in made] == [True, True]

    run(work())


def test_a_lane_that_is_dropped_is_closed_and_replaced_for_whoever_waits() -> None:
    async def work() -> None:
        pool, made = lanes(1)
        lane = await pool.take(1)
        waiting = asyncio.create_task(pool.take(5))
        await asyncio.sleep(0)
        pool.drop(lane)
        fresh = await waiting
        assert [fresh is made[1], len(made)] == [True, 2]
        pool.drop(fresh)
        await pool.aclose()
        assert [one.closed for one in made] == [True, True]
        assert await pool.take(0.1) is made[2]

    run(work())


@pytest.mark.parametrize("ending", ["cancelled", "full", "deadline"])
def test_a_connection_that_may_be_stuck_is_not_used_again(ending: str) -> None:
    made: list[Lane] = []

    class Stuck(Lane):
        """Never answers the first request, and says that it is full when the second comes."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if made[0] is not self:
                return profile()
            if ending != "full":
                await asyncio.sleep(60)
            raise httpx.PoolTimeout("taken")

    def make() -> Lane:
        made.append(Stuck())
        return made[-1]

    async def work() -> None:
        client = AsyncTelnyx(TOKEN, base_url=BASE, max_connections=1, retry=RetryPolicy(attempts=1, deadline=0.1))
        client.session.connections._lanes[asyncio.get_running_loop()] = Lanes(make, 1)
        first = asyncio.create_task(client.messaging_profiles.retrieve(ID))
        await asyncio.sleep(0.01)
        if ending == "cancelled":
            first.cancel()
        with pytest.raises(asyncio.CancelledError if ending == "cancelled" else errors.OutcomeUnknown):
            await first
        assert (await client.messaging_profiles.retrieve(ID)).data is not None
        await client.aclose()
        assert [one.closed for one in made] == [True, True]

    run(work())


def test_a_full_pool_is_a_connection_never_made() -> None:
    async def work() -> None:
        with raw_server() as server:
            client = AsyncTelnyx(TOKEN, base_url=server.base_url, max_connections=1, timeout=0.05)
            held = client.session.connections.lanes()
            lane = await held.take(1)
            with pytest.raises(errors.ConnectionNeverMade, match="no connection became free"):
                await client.messaging_profiles.create(name="x", whitelisted_destinations=["US"])
            assert server.requests == []
            await held.give(lane)
            await client.aclose()

    run(work())
