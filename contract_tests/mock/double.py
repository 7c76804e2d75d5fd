"""The mock as a test holds it: what a client needs to reach it, what it received, what is to go wrong next.

::

    with TelnyxMock() as mock:
        telnyx = Telnyx(**mock.options)
        ...
        assert mock.requests[-1].json == {"name": "My name", "whitelisted_destinations": ["US"]}

The pytest plugin gives these as fixtures; without pytest they are made by hand.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, TypedDict

from ..description import Description, load
from .app import create_app
from .clock import Clock
from .controls import Controls
from .faults import Fault
from .in_process import InProcessTransport
from .webhooks.dispatch import Webhooks

HOST = "http://telnyx.test"  # ends in a name that never resolves: without the transport nothing is reached


class Options(TypedDict):
    """What a client takes to reach a mock in process."""

    api_key: str
    base_url: str
    transport: InProcessTransport


class ServerOptions(TypedDict):
    """What a client takes to reach a mock over a socket."""

    api_key: str
    base_url: str


class TelnyxMock(Controls):
    """A stateful double of the API, reached in process.

    ``api_key``: the one token that passes (None: any); ``seed``: of generated ids, secrets and the webhook key;
    ``rate_limit``: requests per operation and minute; ``seeds``: start with the seed records; ``any_id``: unknown ids
    come into being; ``faults``: that strike from the start on, also after a reset; ``plants``: drifts of the API, as
    ``--plant`` takes them; ``clock``: instead of the machine's time; ``description``: another one.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        seed: int = 0,
        rate_limit: int | None = None,
        seeds: bool = True,
        any_id: bool = False,
        faults: Iterable[Fault] = (),
        plants: Iterable[str] = (),
        clock: Clock | None = None,
        description: Description | None = None,
    ) -> None:
        described = description or load()
        app = create_app(
            described,
            api_key=api_key,
            seed=seed,
            rate_limit=rate_limit,
            seeds=seeds,
            any_id=any_id,
            faults=faults,
            plants=plants,
            clock=clock,
        )
        super().__init__(app, Webhooks(app.clock, seed), described, api_key)
        self.transport = InProcessTransport(app)

    @property
    def base_url(self) -> str:
        """The address for a client that uses ``transport``; nothing listens there."""
        return HOST + self.app.base_path

    @property
    def options(self) -> Options:
        """``Telnyx(**mock.options)``, ``AsyncTelnyx(**mock.options)``."""
        return Options(api_key=self.api_key, base_url=self.base_url, transport=self.transport)

    @contextlib.contextmanager
    def serve(self, port: int = 0) -> Iterator[TelnyxMockServer]:
        """The same mock on a loopback port (0: any free one) while the block runs."""
        from .server import serve

        with serve(self.app, port) as address:
            yield TelnyxMockServer(self, address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class TelnyxMockServer(Controls):
    """A mock that is reached over a socket. What is done to it is done to the mock it belongs to."""

    def __init__(self, mock: TelnyxMock, base_url: str) -> None:
        super().__init__(mock.app, mock.webhooks, mock.description, mock.api_key)
        self.base_url = base_url

    @property
    def options(self) -> ServerOptions:
        """``Telnyx(**server.options)``."""
        return ServerOptions(api_key=self.api_key, base_url=self.base_url)

    @property
    def environment(self) -> dict[str, str]:
        """For a service in a process of its own: the variables that a client reads when it is told nothing."""
        return {"TELNYX_API_KEY": self.api_key, "TELNYX_BASE_URL": self.base_url}
