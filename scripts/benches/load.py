"""A load generator: one request over and over on a few connections, each waiting for its answer before it asks again.

Plain sockets and no HTTP library, so that the client costs some 15 microseconds a request and the server is what is
measured.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE = 10.0  # seconds without any answer


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of the generator saw: the seconds from the first request to the last answer, and of each answer."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(base_url: str, method: str, path: str, body: bytes = b"", token: str = "KEY") -> bytes:
    """The bytes of a request; ``path`` is relative to the base address."""
    parts = urlsplit(base_url)
    head = f"{method} {parts.path}{path} HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer {token}\r\n"
    head += f"accept: application/json\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class _Line:
    """One connection: what it waits for, and since when."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = 0.0
        self.received = b""

    def ask(self, content: bytes) -> None:
        """Send the next request."""
        self.received = b""
        self.started = time.perf_counter()
        self.socket.sendall(content)

    def take(self) -> bool:
        """Read what is there; whether the answer is complete. ``RuntimeError`` when it is not a 200."""
        piece = self.socket.recv(262144)
        self.received = self.received + piece if self.received else piece
        head = self.received.find(b"\r\n\r\n")
        if not piece or (head >= 0 and self.received[9:12] != b"200"):
            raise RuntimeError(f"the server answered {self.received[:200]!r}")
        found = LENGTH.search(self.received, 0, head) if head >= 0 else None
        return found is not None and len(self.received) >= head + 4 + int(found[1])


def drive(base_url: str, requests: Iterator[bytes], connections: int) -> Load:
    """Send the requests over so many connections until there are none left; ``RuntimeError`` for an answer but 200."""
    parts = urlsplit(base_url)
    with contextlib.ExitStack() as opened, selectors.DefaultSelector() as waiting:
        lines = []
        for _ in range(connections):
            line = _Line((parts.hostname or "", parts.port or 80))
            opened.enter_context(line.socket)
            waiting.register(line.socket, selectors.EVENT_READ, line)
            lines.append(line)
        begun = time.perf_counter()
        latencies = _exchange(lines, requests, waiting)
        return Load(time.perf_counter() - begun, latencies)


def _exchange(lines: list[_Line], requests: Iterator[bytes], waiting: selectors.BaseSelector) -> list[float]:
    latencies: list[float] = []
    under_way = 0
    for line in lines:
        content = next(requests, None)
        if content is not None:
            line.ask(content)
            under_way += 1
    while under_way:
        ready = waiting.select(PATIENCE)
        if not ready:
            raise RuntimeError(f"no answer within {PATIENCE:.0f} s")
        for key, _ in ready:
            line = key.data
            if line.take():
                latencies.append(time.perf_counter() - line.started)
                content = next(requests, None)
                if content is None:
                    under_way -= 1
                else:
                    line.ask(content)
    return latencies


def for_a_while(content: bytes, seconds: float) -> Iterator[bytes]:
    """One request again and again until the time is up."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        yield content
