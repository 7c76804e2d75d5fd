"""How much of the budget is left: a hard stop, counted before each request leaves, with a reserve for tidying up.

A record that is created has to be confirmed and deleted, a borrowed one restored; what that takes is set aside when
the record is made, so that the last request of a budget is a deletion and not a creation. The lists that are looked
through at the end are set aside for good as soon as anything may be created there: whatever else is spent, a run can
say what it left.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from contract_tests.live.policy import Limits
from contract_tests.live.refusal import Exhausted

# Requests that a new record needs later on: two attempts at its deletion. Its confirmation follows at once.
RESERVED_FOR_CREATED = 2
# A borrowed one: read, update, read again, and one more attempt.
RESERVED_FOR_BORROWED = 4
# How often at most a list is looked through at the end (``tidying``), and the pages by which it may have grown by then.
LOOKS_AT_END = 3
MORE_PAGES = 1
# The share of the time after which only tidying up goes on.
WORKING_TIME = 0.9


@dataclass(frozen=True, slots=True)
class Charge:
    """What one request costs; ``reserves`` is what it obliges the run to send later, ``tidying`` draws on that.

    ``looking`` names the collection whose list is read while tidying, which draws on what is kept for looking.
    """

    writes: int = 0
    creations: int = 0
    usd: Decimal = Decimal(0)
    people: int = 0
    follow_ups: int = 0
    reserves: int = 0
    tidying: bool = False
    looking: str = ""


class Allowance:
    """Counts what left; ``take`` raises ``Exhausted`` instead of letting a limit be exceeded by one."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.requests = 0
        self.writes = 0
        self.creations = 0
        self.people = 0
        self.usd = Decimal(0)
        self.reserved = 0
        # Requests for looking through the lists at the end, by collection.
        self._looks: dict[str, int] = {}
        self._clock = clock
        self._started = clock()

    @property
    def minutes(self) -> float:
        """Minutes since the start."""
        return (self._clock() - self._started) / 60

    def seconds_left(self, *, tidying: bool = False) -> float:
        """Seconds until requests stop; those that tidy up stop last."""
        share = 1.0 if tidying else WORKING_TIME
        return (self.limits.minutes * share - self.minutes) * 60

    def take(self, charge: Charge) -> None:
        """Count one request, or raise ``Exhausted`` saying which limit it would break; then nothing is counted."""
        if self.seconds_left(tidying=charge.tidying) <= 0:
            raise Exhausted(f"the time of {self.limits.minutes:g} minutes is spent")
        obliged = self.reserved + charge.reserves
        reserve_writes = 0 if charge.tidying else obliged
        looks = 0 if charge.looking else sum(self._looks.values())
        reserve_requests = looks if charge.tidying else charge.follow_ups + obliged + looks
        wanted = (
            ("requests", self.requests + 1 + reserve_requests, self.limits.requests),
            ("writes", self.writes + charge.writes + (reserve_writes if charge.writes else 0), self.limits.writes),
            ("creations", self.creations + charge.creations, self.limits.creations),
            ("requests that contact somebody", self.people + charge.people, self.limits.people),
        )
        for name, needed, limit in wanted:
            if needed > limit:
                raise Exhausted(f"the budget of {limit} {name} is spent")
        if self.usd + charge.usd > self.limits.usd:
            raise Exhausted(f"the budget of ${self.limits.usd} is spent")
        self.requests += 1
        self.writes += charge.writes
        self.creations += charge.creations
        self.people += charge.people
        self.usd += charge.usd
        self.reserved += charge.reserves
        if self._looks.get(charge.looking):
            self._looks[charge.looking] -= 1

    def set_aside_for_looking(self, collection: str, requests: int) -> None:
        """Keep what it takes to look through a collection at the end; reading all of it just took ``requests``."""
        self._looks[collection] = LOOKS_AT_END * (requests + MORE_PAGES)

    def release(self, reserved: int) -> None:
        """Give back what was set aside for a record that is gone, was never made or is restored."""
        self.reserved = max(0, self.reserved - reserved)
