"""What the suite found: one value per deviation of one operation, with an identity that survives re-runs.

Two observations of the same deviation have the same fingerprint and count as one finding with two occurrences.
Identity is (kind, operation, pointer): list positions in pointers are written ``*``. A report joins the findings of
several operations that have one root cause (``drift.causes``).
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from contract_tests.exchange import Exchange


class Severity(StrEnum):
    """What a deviation does to callers of the generated package."""

    BREAKING = "breaking"  # a caller that follows the description fails or is misled
    DEGRADED = "degraded"  # callers go on, but something promised is missing
    ADDITIVE = "additive"  # the API does more than described
    UNVERIFIED = "unverified"  # seen, but not enough to be sure

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """A deviation between the description and the target.

    ``pointer`` is an RFC 6901 pointer into the answer's body (or ``request:/…`` into the request's, ``query:name``,
    ``header:name``, ``request:header:name``, ``request:path`` or ``method:VERB``); ``expected`` and ``observed`` are
    short texts; ``check`` names the check or rule. ``first_seen`` and ``last_seen`` are Unix times, set when it is
    collected. ``before`` are the exchanges that made the record which ``exchange`` is about. Of ``replays`` repetitions
    of the exchange ``replays_shown`` had the deviation again; 0 of 0 means that nobody tried.
    ``statuses`` are those of all answers that showed it; ``fleeting``: the answer is about records of the run.
    ``limit`` is a keyword and the value that the target keeps to, found by trying.
    """

    kind: str
    operation: str
    pointer: str
    expected: str
    observed: str
    severity: Severity
    check: str
    exchange: Exchange | None = None
    occurrences: int = 1
    first_seen: float = 0.0
    last_seen: float = 0.0
    before: tuple[Exchange, ...] = ()
    replays: int = 0
    replays_shown: int = 0
    statuses: frozenset[int] = frozenset()
    fleeting: bool = False
    limit: tuple[str, int] | None = None

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name this deviation in every run."""
        identity = "\n".join((self.kind, self.operation, generalise(self.pointer)))
        return hashlib.sha256(identity.encode()).hexdigest()[:12]

    def headline(self, short: Callable[[str], str] = str) -> str:
        """One line for people: operation, place, what was expected and what came, the latter as ``short`` makes it."""
        place = f" {self.pointer}" if self.pointer else ""
        return f"{self.operation}{place}: expected {self.expected}, observed {short(self.observed)} [{self.kind}]"


def generalise(pointer: str) -> str:
    """The pointer with list positions replaced by ``*``, so that item 3 and item 7 are one place."""
    return re.sub(r"/\d+(?=/|$)", "/*", pointer)


class Findings:
    """Collects findings, one per fingerprint; safe to use from several threads.

    Of several exchanges that show one deviation the one is kept that is easiest to repeat: not ``fleeting``, fewest
    requests ``before`` it, then fewest parameters and bytes. ``trail`` tells what has to be sent before an exchange,
    ``fleeting`` whether its answer rests on records that are gone after the run.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._found: dict[str, Finding] = {}
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Finding], None]] = []
        self._clock = clock
        self.trail: Callable[[Exchange], tuple[Exchange, ...]] = _nothing_before
        self.fleeting: Callable[[Exchange], bool] = _lasting

    def add(self, finding: Finding) -> None:
        """Record a finding; a known fingerprint counts up, and takes over what is easier to repeat."""
        now = self._clock()
        if finding.exchange is not None and not finding.before:
            before, fleeting = self.trail(finding.exchange), self.fleeting(finding.exchange)
            finding = replace(finding, before=before, fleeting=fleeting and not before)
        if finding.exchange is not None and not finding.statuses:
            finding = replace(finding, statuses=frozenset({finding.exchange.status}))
        finding = replace(finding, first_seen=finding.first_seen or now, last_seen=finding.last_seen or now)
        with self._lock:
            known = self._found.get(finding.fingerprint)
            self._found[finding.fingerprint] = finding if known is None else _joined(known, finding)
        for listener in list(self._listeners):
            listener(finding)

    def listen(self, listener: Callable[[Finding], None]) -> Callable[[], None]:
        """Call ``listener`` on each later finding, repeated ones included; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def update(self, finding: Finding) -> None:
        """Put a finding in the place of the one with its fingerprint, as it is: what a replay learned, say."""
        with self._lock:
            self._found[finding.fingerprint] = finding

    def drop(self, fingerprint: str) -> None:
        """Forget a finding that turned out to be none."""
        with self._lock:
            self._found.pop(fingerprint, None)

    def all(self) -> list[Finding]:
        """Gravest first, then by operation and pointer."""
        return sorted(self._found.values(), key=lambda one: (one.severity.rank, one.operation, one.pointer, one.kind))


def _nothing_before(exchange: Exchange) -> tuple[Exchange, ...]:
    return ()


def _lasting(exchange: Exchange) -> bool:
    return False


def _joined(known: Finding, later: Finding) -> Finding:
    """One finding out of two sightings, told by the one that is easier to repeat."""
    shown = later if effort(later) < effort(known) else known
    return replace(
        shown,
        occurrences=known.occurrences + later.occurrences,
        first_seen=min(known.first_seen, later.first_seen),
        last_seen=max(known.last_seen, later.last_seen),
        replays=known.replays + later.replays,
        replays_shown=known.replays_shown + later.replays_shown,
        statuses=known.statuses | later.statuses,
    )


def effort(finding: Finding) -> tuple[bool, bool, int, int, int]:
    """What it takes to repeat and to read a finding's exchange; less is better, none at all is worst."""
    exchange = finding.exchange
    if exchange is None:
        return True, False, 0, 0, 0
    parameters = exchange.url.partition("?")[2].count("=")
    size = len(exchange.url) + len(exchange.request_body) + len(exchange.body)
    return False, finding.fleeting, len(finding.before), parameters, size
