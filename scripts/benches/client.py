"""The package against raw httpx: a whole process, a call over a warm connection, fifty calls at once.

The server is the mock in a process of its own, so that CPU time is the client's alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from scripts.benches import pairing
from scripts.benches.pairing import Figure
from scripts.bootstrap import ROOT

TOKEN = "KEY_of_the_bench"
PROFILE = "/messaging_profiles/3fa85f64-5717-4562-b3fc-2c963f66afa6"
IDENTIFIER = PROFILE.rpartition("/")[2]
CHANGES = {"name": "Bench", "enabled": True}
AT_ONCE = 50
CALLS = 40
PACKAGE = ROOT / "generated"

RAW = f"""
import httpx
client = httpx.Client(base_url={{address!r}}, headers={{{{"authorization": "Bearer {TOKEN}"}}}})
assert client.get("{PROFILE}").json()["data"]["id"]
"""
OURS = f"""
from telnyx_bindings import Telnyx
telnyx = Telnyx("{TOKEN}", base_url={{address!r}})
assert telnyx.messaging_profiles.retrieve("{IDENTIFIER}").data.id
"""
# Over https both load the usual authorities, which is most of what raw httpx takes, and trust that of the bench too.
RAW_TLS = f"""
import httpx
context = httpx.create_ssl_context()
context.load_verify_locations({{trusted!r}})
client = httpx.Client(base_url={{address!r}}, headers={{{{"authorization": "Bearer {TOKEN}"}}}}, verify=context)
assert client.get("{PROFILE}").json()["data"]["id"]
"""
OURS_TLS = f"""
from telnyx_bindings import Telnyx
from telnyx_bindings.runtime import tls
tls.trusted().load_verify_locations({{trusted!r}})
telnyx = Telnyx("{TOKEN}", base_url={{address!r}})
assert telnyx.messaging_profiles.retrieve("{IDENTIFIER}").data.id
"""


def bench_import(rounds: int) -> Iterator[Figure]:
    """Cold start of one generated operation, without a call."""
    ours = pairing.process("from telnyx_bindings.api.messaging_profiles import retrieve_messaging_profile")
    yield pairing.pair("import one operation", "import httpx", ours, pairing.process("import httpx"), rounds)


def bench_process(rounds: int) -> Iterator[Figure]:
    """Import, client, first GET, exit: over http, over https, and with a package of a thousand operations."""
    from contract_tests import own_mock
    from scripts.benches import https, sizes

    with https.serving(json.dumps({"data": {"id": IDENTIFIER}}).encode()) as (address, trusted):
        yield from whole("process, https", address, PACKAGE, rounds, (OURS_TLS, RAW_TLS), trusted=str(trusted))

    with own_mock.running(TOKEN) as address:
        yield from whole("process", address, PACKAGE, rounds)
        print("making a package of 1,000 operations, which takes a while", file=sys.stderr, flush=True)
        with sizes.package(1000) as folder:
            yield from whole("process, 1,000 operations", address, folder, rounds)


def whole(
    name: str, address: str, folder: Path, rounds: int, codes: tuple[str, str] = (OURS, RAW), **more: str
) -> list[Figure]:
    """The figures of one process after the other with the package in ``folder``; ``codes`` are ours and theirs."""
    ours, theirs = (code.format(address=address, **more) for code in codes)
    return pairing.lifetimes(
        name,
        lambda: pairing.lifetime(ours, pairing.location(folder)),
        lambda: pairing.lifetime(theirs),
        rounds,
    )


def bench_call(rounds: int) -> Iterator[Figure]:
    """CPU time of a call over a warm connection, everything on: errors, retries, tolerance, models."""
    import httpx
    from telnyx_bindings import Telnyx

    from contract_tests import own_mock

    with own_mock.running(TOKEN) as address:
        headers = {"authorization": f"Bearer {TOKEN}"}
        with Telnyx(TOKEN, base_url=address) as telnyx, httpx.Client(base_url=address, headers=headers) as raw:
            pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
                "GET": (lambda: telnyx.messaging_profiles.retrieve(IDENTIFIER), lambda: raw.get(PROFILE).json()),
                "PATCH": (
                    lambda: telnyx.messaging_profiles.update(IDENTIFIER, name="Bench", enabled=True),
                    lambda: raw.patch(PROFILE, json=CHANGES).json(),
                ),
            }
            for name, (ours, theirs) in pairs.items():
                measured, against = (pairing.timed(one, CALLS, clock=time.process_time) for one in (ours, theirs))
                yield pairing.pair(f"CPU of one {name}", "raw httpx + json", measured, against, rounds)


def bench_async(rounds: int) -> Iterator[Figure]:
    """CPU time of one of fifty concurrent GETs."""
    from contract_tests import own_mock

    with own_mock.running(TOKEN) as address:
        ours, theirs = asyncio.run(_concurrent(address, rounds))
    yield pairing.figure(f"CPU of a GET, {AT_ONCE} at once", "raw httpx + json", ours, theirs)


async def _concurrent(address: str, rounds: int) -> tuple[list[float], list[float]]:
    import httpx
    from telnyx_bindings import AsyncTelnyx

    headers = {"authorization": f"Bearer {TOKEN}"}
    found: tuple[list[float], list[float]] = ([], [])
    async with (
        AsyncTelnyx(TOKEN, base_url=address) as telnyx,
        httpx.AsyncClient(base_url=address, headers=headers) as raw,
    ):

        async def ours() -> object:
            return await telnyx.messaging_profiles.retrieve(IDENTIFIER)

        async def theirs() -> object:
            return (await raw.get(PROFILE)).json()

        await _at_once(ours), await _at_once(theirs)
        for number in range(rounds):
            order = [(ours, found[0]), (theirs, found[1])]
            for call, times in order if number % 2 else order[::-1]:
                times.append(await _at_once(call))
    return found


async def _at_once(call: Callable[[], Awaitable[object]], each: int = 5) -> float:
    """CPU seconds of one call when ``AT_ONCE`` of them are always under way."""

    async def caller() -> None:
        for _ in range(each):
            await call()

    started = time.process_time()
    await asyncio.gather(*[caller() for _ in range(AT_ONCE)])
    return (time.process_time() - started) / (AT_ONCE * each)
