"""What became of an event that was to be delivered: one entry for each try."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .event import Event
from .schedule import DELIVERED, Try
from .sending import Outcome

State = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: its number (from 1), where it went, when by the mock's clock, the status or why there is none."""

    number: int
    url: str
    at: datetime
    outcome: Outcome

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: status 200 and no other."""
        return self.outcome == DELIVERED


@dataclass(slots=True)
class Delivery:
    """The fate of one event, brought up to date while it is tried. ``reason`` says why nothing more will be tried.

    ``attempts`` holds requests that were made; ``skipped`` the addresses that were not used, with the reason.
    """

    event: Event
    state: State = "pending"
    attempts: tuple[Attempt, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    _left: tuple[Try, ...] = field(default=(), repr=False)
    _again: int = field(default=0, repr=False)  # further times that it is sent once it was delivered
    _due: int = field(default=0, repr=False)  # by the mock's clock, in ns

    @classmethod
    def planned(cls, event: Event, tries: tuple[Try, ...], times: int, now: int) -> Delivery:
        """A delivery that begins at ``now`` (ns); it has failed at once when there is nowhere to send it."""
        made = cls(event, _left=tries, _again=times - 1)
        made._next(now)
        return made

    @property
    def due(self) -> int | None:
        """When the next try is to be made, by the mock's clock in ns; None when there is none."""
        return self._due if self.state == "pending" else None

    @property
    def next_url(self) -> str:
        """Where the next try goes."""
        return self._left[0].url

    def tried(self, outcome: Outcome, at: datetime, now: int) -> None:
        """Note what came of the try that was due."""
        attempt = Attempt(len(self.attempts) + 1, self.next_url, at, outcome)
        self.attempts = (*self.attempts, attempt)
        if not attempt.accepted:
            self._left = self._left[1:]
            self._next(now)
        elif self._again:
            self._again -= 1
            self._due = now
        else:
            self.state = "delivered"

    def abandon(self, reason: str) -> None:
        """No further try."""
        if self.state == "pending":
            self.state, self.reason = "failed", reason

    def _next(self, now: int) -> None:
        while self._left and (reason := self._left[0].reason):
            self.skipped = (*self.skipped, (self._left[0].url, reason))
            self._left = self._left[1:]
        if self._left:
            self._due = now + round(self._left[0].wait * 1e9)
        elif self.attempts:
            self.abandon("every address refused it")
        else:
            reasons = sorted({reason for _, reason in self.skipped})
            self.abandon(f"not delivered: {', '.join(reasons) or 'no address'}")
