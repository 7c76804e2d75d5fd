"""No connection of the process during a live run but through the gate: what is not admitted cannot even connect.

Python reports each ``connect`` to its audit hooks (PEP 578), whatever library asks for it. A hook cannot be taken out
again, so one is installed for the whole process the first time, and it only acts while a run is guarded.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from contract_tests.live.refusal import Refused

# Datagrams leave without a connection.
LEAVING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
# What a connection to another machine, or to a server on this one, has as address: host and port, not a path.
_gated: ContextVar[bool] = ContextVar("gated", default=False)
_guards = 0
_installed = False
_stopped: list[str] = []


class Unguarded(Refused, OSError):
    """A connection that nobody admitted, as libraries expect failures to connect, so that they tidy up."""

    def __init__(self, address: str) -> None:
        Refused.__init__(self, "client", f"a client that was not built through the gate tried to connect to {address}")


@contextlib.contextmanager
def guarded() -> Iterator[list[str]]:
    """While the block runs, connections outside of ``opened`` fail; gives the list of those that were tried."""
    global _guards, _installed
    if not _installed:
        sys.addaudithook(_watch)
        _installed = True
    _guards += 1
    before = len(_stopped)
    tried: list[str] = []
    try:
        yield tried
    finally:
        _guards -= 1
        tried += _stopped[before:]


@contextlib.contextmanager
def opened() -> Iterator[None]:
    """Connections of this thread or task may be made: an admitted request is about to leave."""
    token = _gated.set(True)
    try:
        yield
    finally:
        _gated.reset(token)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _guards or event not in LEAVING or _gated.get():
        return
    address = arguments[1]
    if isinstance(address, tuple):
        shown = f"{address[0]}:{address[1]}"
        _stopped.append(shown)
        raise Unguarded(shown)
