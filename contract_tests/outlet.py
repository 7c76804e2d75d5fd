"""How requests of a run get out: freely to a stand-in on this machine, through the effect gate to a live target.

Every client of the suite is built with what an outlet gives it. ``Outlet`` is the free one; a session for a live
target refuses it and needs ``contract_tests.live.supervision.Supervision``, which overrides all of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx

from contract_tests.budget import Budget
from contract_tests.connections import Connections, trust
from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Sight:
    """What came of an operation: its 2xx answers that passed every check, and the records that they listed."""

    accepted: int
    records: int


Looked = Callable[[str], Sight]


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why the target gave nothing to exercise these operations with, as a sentence; one that names none is a notice."""

    reason: str
    operations: tuple[str, ...] = ()


class Outlet:
    """The network as it is, for targets that harm nobody."""

    # Whether every request is judged before it leaves.
    guarded: ClassVar[bool] = False
    # What texts of ours begin with that name a record.
    prefix: str = "contract-"

    def sync(self) -> httpx.BaseTransport:
        """What a synchronous client sends with."""
        return Connections()

    def asynchronous(self) -> httpx.AsyncBaseTransport:
        """What an asynchronous client sends with."""
        return httpx.AsyncHTTPTransport(verify=trust(), trust_env=False)

    def permits(self, operation: Operation) -> bool:
        """Whether the run may send an operation at all."""
        return True

    def lent(self, collection: str) -> tuple[str, ...]:
        """Addresses of the records that may be changed and put back although the run did not create them.

        Empty here: whatever is there may be borrowed.
        """
        return ()

    def sized(self, budget: Budget) -> Budget:
        """A budget as this run uses it."""
        return budget

    def tailor(self, operation: Operation, body: Any) -> Any:
        """A generated body as it may be sent."""
        return body

    def unsuited(self, test: str, operation: Operation | None) -> str:
        """Why a test (``module::function``) is not for this run, empty when it is."""
        return ""

    def scope(self, wanted: frozenset[str], description: Description) -> frozenset[str]:
        """The operations that a run is restricted to, of those that were asked for; empty for all."""
        return wanted

    @contextlib.contextmanager
    def generating(self) -> Iterator[None]:
        """Around an engine that sends by itself: a refusal that it meets comes out as such."""
        yield

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps a run from being a success whatever it found, once it is over."""
        return ()

    @property
    def spent(self) -> str:
        """Which budget ended the run, empty when none did."""
        return ""

    def report(self, folder: Path) -> None:
        """Write what the run did to the target beside its other reports."""

    def examine(self, exchange: Exchange) -> None:
        """Look at an exchange before the checks do; raises where it tells nothing about the API."""

    def excuses(self, looked: Looked) -> tuple[Excuse, ...]:
        """What cannot be exercised because of how the target is set up; ``looked`` tells what came of an operation."""
        return ()

    def exempt(self, operation: Operation) -> bool:
        """Whether an operation may go without a refusal, because this run never asks for one."""
        return False
