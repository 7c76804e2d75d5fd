"""What the suite found: one value per deviation, with an identity that survives re-runs.

Two observations of the same deviation have the same fingerprint and count as one finding with two occurrences.
Identity is (kind, operation, pointer): list positions in pointers are written ``*``.
"""

from __future__ import annotations

import hashlib
import re
import threading
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
    short texts; ``check`` names the check or rule.
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
    """Collects findings, one per fingerprint; safe to use from several threads."""

    def __init__(self) -> None:
        self._found: dict[str, Finding] = {}
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Finding], None]] = []

    def add(self, finding: Finding) -> None:
        """Record a finding; a known fingerprint only counts up, and keeps its first exchange."""
        with self._lock:
            known = self._found.get(finding.fingerprint)
            if known is None:
                self._found[finding.fingerprint] = finding
            else:
                self._found[finding.fingerprint] = replace(known, occurrences=known.occurrences + 1)
        for listener in list(self._listeners):
            listener(finding)

    def listen(self, listener: Callable[[Finding], None]) -> Callable[[], None]:
        """Call ``listener`` on each later finding, repeated ones included; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def all(self) -> list[Finding]:
        """Gravest first, then by operation and pointer."""
        return sorted(self._found.values(), key=lambda one: (one.severity.rank, one.operation, one.pointer, one.kind))
