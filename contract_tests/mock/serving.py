"""What a server, its connections and the application behind them agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .clock import Clock
from .decode import BODY_LIMIT
from .exchange import Header, Refusal, Request

Rendered = tuple[int, list[Header], bytes]  # status, headers, body


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may take: bytes and seconds."""

    head: int = 64 * 1024  # bytes of request target and headers
    kept: int = BODY_LIMIT + 1  # bytes of a body that are passed on: enough to see that it is too large
    body: int = 64 * 1024 * 1024  # bytes of a body that are read before the connection is ended
    arrival: float = 10.0  # seconds for the head, and again for the body
    idle: float = 75.0  # seconds without a request, or without reading an answer
    goodbye: float = 2.0  # seconds in which a client may still send after its connection was ended
    sweep: float = 1.0  # seconds between two looks at the clock


USUAL = Limits()


class Application(Protocol):
    """What answers: never raises, never waits."""

    @property
    def base_path(self) -> str:
        """The path that every address begins with: ``/v2``."""

    @property
    def clock(self) -> Clock:
        """Its time, which the ``Date`` header tells."""

    @property
    def network(self) -> Network | None:
        """Faults of the network, when there are any."""

    def respond(self, request: Request) -> Rendered:
        """The answer to a request."""

    def reject(self, refusal: Refusal) -> Rendered:
        """The answer to what is no request."""


class Line(Protocol):
    """A connection, for whoever has taken an exchange over."""

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Do something after a while, unless the client is gone by then."""

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""

    def reply(self, answer: Rendered) -> None:
        """Send a whole answer and go on with the next request."""

    def hang_up(self) -> None:
        """End the connection after what was sent, complete or not."""

    def reset(self) -> None:
        """End the connection with a reset, at once."""

    def refuse(self, seconds: float) -> Callable[[], None]:
        """Reset every connection, and accept no new one for a while, or until what is returned is called."""


class Network(Protocol):
    """Takes single exchanges over, to spoil them."""

    def takes(self, request: Request, connection: Line) -> bool:
        """Whether it answers this one itself, now or later, by ``reply``, ``hang_up``, ``reset`` or ``refuse``."""
