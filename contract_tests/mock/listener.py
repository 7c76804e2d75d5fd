"""A listening socket that can refuse connections for a while, as if the process behind it had gone, and come back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

BACKLOG = 1024  # connections that may wait to be accepted
AT_ONCE = 4


class Listener:
    """Accepts connections on the address of a socket from ``open`` to ``close``, except while it refuses them."""

    def __init__(self, accept: Callable[[], asyncio.Protocol], sock: socket.socket) -> None:
        self._accept = accept
        self._sock = sock
        self._server: asyncio.Server | None = None
        self._reopening: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Accept connections."""
        self._loop = asyncio.get_running_loop()
        # asyncio tries to accept as many connections in one go, also when the system has no descriptor left for any.
        self._server = await self._loop.create_server(self._accept, sock=self._sock, backlog=AT_ONCE)
        self._sock.listen(BACKLOG)

    def refuse(self, seconds: float) -> Callable[[], None]:
        """Refuse connections from now on, and accept them again after ``seconds`` (while refusing: counted anew).

        What is returned ends that at once: from any thread, and as often as wanted.
        """
        if self._server is not None:
            former = self._sock.getsockname()
            self._stop()
            # Bound, but deaf: the system refuses connections, and nobody else can take the port.
            self._sock = socket.socket(self._sock.family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._sock.bind(former)
        if self._reopening is not None:
            self._reopening.cancel()
        self._reopening = self._loop.call_later(seconds, self._reopen)
        return self._accept_again

    def close(self) -> None:
        """Accept nothing more."""
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None
        if self._task is not None:
            self._task.cancel()
        self._stop()
        self._sock.close()

    def _accept_again(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # the server was stopped in the meantime
            self._sock.listen(BACKLOG)  # from here on the system takes connections; the loop finds them waiting
            self._loop.call_soon_threadsafe(self._reopen)

    def _reopen(self) -> None:
        """Accept again, unless that is so already or is about to be."""
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None
            self._task = self._loop.create_task(self.open())

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
