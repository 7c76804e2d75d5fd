"""The mock against Prism, the mock that most people know, and against a server that does nothing.

All get the same requests in turns: a GET and a PATCH of one record (which ours validates and remembers) with sixteen
clients at once. Prism logs every request as it comes; ``-v silent`` is Prism at its best.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from scripts import npm
from scripts.benches import servers
from scripts.benches.client import CHANGES, PROFILE
from scripts.benches.load import Load, drive, for_a_while, request
from scripts.benches.pairing import Figure, figure
from scripts.benches.servers import Server
from scripts.errors import InputError

AT_ONCE = 16  # clients
SLOT = 0.3  # seconds of one turn
RECORDS = 100_000
MANY = int(os.environ.get("BENCH_REQUESTS", "50000"))  # requests after which memory is looked at again
BODY = json.dumps(CHANGES).encode()
CALLS = {"GET": b"", "PATCH": BODY}


def bench_mock(rounds: int) -> Iterator[Figure]:
    """Throughput, latency, start and memory in turns with each yardstick; then what only ours has to show."""
    with contextlib.ExitStack() as running:
        ours = running.enter_context(servers.ours())
        yardsticks = {"bare answer": running.enter_context(servers.bare())}
        try:
            if not npm.available():
                raise InputError("this machine has no Node with npm")
            yardsticks["Prism"] = running.enter_context(servers.prism())
            yardsticks["Prism, silent"] = running.enter_context(servers.prism(*servers.SILENT))
        except InputError as problem:
            print(f"Prism is left out: {problem.message}", file=sys.stderr, flush=True)
        for method in CALLS:
            yield from _compared(method, ours, yardsticks, rounds)
        yield from _starts(yardsticks, rounds)
        if servers.measurable():
            for name, server in yardsticks.items():
                yield figure("mock: memory", name, [ours.memory], [server.memory], unit="MiB")
    with servers.ours() as fresh:
        yield from _steady(fresh)
        yield from _long_lists(fresh, rounds)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the clients saw while a server had its turn, and the CPU seconds that each answer took it (0: unknown)."""

    load: Load
    cpu: float


def _turn(server: Server, method: str) -> Turn:
    content = request(server.base_url, method, PROFILE, CALLS[method])
    before = server.used if servers.measurable() else 0.0
    load = drive(server.base_url, for_a_while(content, SLOT), AT_ONCE)
    used = server.used - before if servers.measurable() else 0.0
    return Turn(load, used / len(load.latencies))


def _compared(method: str, ours: Server, yardsticks: dict[str, Server], rounds: int) -> Iterator[Figure]:
    """Each round gives every server one turn, in the order of the last round turned about."""
    everyone = {"": ours, **yardsticks}
    found: dict[str, list[Turn]] = {name: [] for name in everyone}
    for server in everyone.values():
        _turn(server, method)  # warm up
    for number in range(rounds):
        for name in list(everyone) if number % 2 else reversed(everyone):
            found[name].append(_turn(everyone[name], method))
    mine = found.pop("")
    for name, theirs in found.items():
        yield from _figures(method, mine, name, theirs)
    slow, usual = ([one.load.quantile(share) for one in mine] for share in (0.99, 0.5))
    yield figure(f"mock: {method}, p99", "its p50", slow, usual)


def _figures(method: str, mine: list[Turn], name: str, theirs: list[Turn]) -> Iterator[Figure]:
    rates = [one.load.rate for one in mine], [one.load.rate for one in theirs]
    yield figure(f"mock: {method} requests a second", name, *rates, unit="req/s")
    for share in (0.5, 0.99):
        spans = [one.load.quantile(share) for one in mine], [one.load.quantile(share) for one in theirs]
        yield figure(f"mock: {method}, p{share * 100:.0f}", name, *spans)
    # The clock of the CPU ticks a hundred times a second: all turns together, so that a tick is little.
    ours, other = ([sum(one.cpu for one in turns) / len(turns)] for turns in (mine, theirs))
    if ours[0] and other[0]:
        yield figure(f"mock: CPU of one {method}", name, ours, other)


def _starts(yardsticks: dict[str, Server], rounds: int) -> Iterator[Figure]:
    """From nothing to the first answer."""
    made = {"bare answer": servers.bare, "Prism": servers.prism}
    for name in [name for name in made if name in yardsticks]:
        wall: tuple[list[float], list[float]] = ([], [])
        cpu: tuple[list[float], list[float]] = ([], [])
        for _ in range(min(rounds, 3)):
            for side, start in enumerate((servers.ours, made[name])):
                with start() as server:
                    wall[side].append(server.wall)
                    cpu[side].append(server.cpu or 0.0)
        yield figure("mock: start to first answer", name, *wall)
        if servers.measurable():
            yield figure("mock: CPU until the first answer", name, *cpu)


def _steady(server: Server) -> Iterator[Figure]:
    """Memory after many requests against memory when the log of requests has just become full."""
    if not servers.measurable():
        print("memory is left out: it can be read on Linux only", file=sys.stderr, flush=True)
        return
    contents = [request(server.base_url, method, PROFILE, body) for method, body in CALLS.items()]

    def some(count: int) -> float:
        drive(server.base_url, itertools.islice(itertools.cycle(contents), count), AT_ONCE)
        return server.memory

    early = some(5_000)
    print(f"[bench] {MANY:,} requests for the sake of memory", file=sys.stderr, flush=True)
    yield figure(f"mock: memory after {MANY:,} more", "after 5,000", [some(MANY)], [early], unit="MiB")


def _long_lists(server: Server, rounds: int) -> Iterator[Figure]:
    """Lists of very many records against a list of a few, each a page of 20."""
    everything = request(server.base_url, "GET", "/messaging_profiles")
    few = [drive(server.base_url, itertools.repeat(everything, 20), 1).quantile(0.5) for _ in range(rounds)]
    print(f"[bench] making {RECORDS:,} messaging profiles", file=sys.stderr, flush=True)
    drive(server.base_url, _creations(server.base_url), AT_ONCE)
    for name, query in (
        ("list", ""),
        ("filter, one fits", "?filter[name][contains]=77777"),
        ("filter, all fit", "?filter[name][contains]=PROFILE"),
        ("filter, equal", "?filter[name][eq]=Profile 4711".replace(" ", "%20")),
    ):
        content = request(server.base_url, "GET", f"/messaging_profiles{query}")
        many = [drive(server.base_url, itertools.repeat(content, 9), 1).quantile(0.5) for _ in range(rounds)]
        yield figure(f"mock: {RECORDS:,}: {name}, p50", "list of few", many, few)


def _creations(base_url: str) -> Iterator[bytes]:
    for number in range(RECORDS):
        body = json.dumps({"name": f"Profile {number}", "whitelisted_destinations": ["US"]}).encode()
        yield request(base_url, "POST", "/messaging_profiles", body)
