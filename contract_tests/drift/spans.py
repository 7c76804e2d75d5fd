"""What the history tells: when each drift began and ended, which ones flap, and when an operation last worked.

A drift ends with the first run that sent requests to all operations known to show it, came to a verdict, and did not
see it. A run that could not see it says nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Runs that came to a verdict about drift.
VERDICTS = frozenset({0, 1})
FLAPPING = 3


@dataclass(frozen=True, slots=True)
class RunSeen:
    """One run: when, what it came to, the operations that it sent requests to, and its findings by fingerprint."""

    key: str
    started: str
    target: str
    budget: str
    exit_code: int
    requests: int
    reached: frozenset[str]
    findings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """From the first run that saw a drift to the first that saw it gone (None: still there)."""

    began: str
    ended: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """One drift of one target over time; ``runs`` saw it, ``looked`` could have."""

    fingerprint: str
    target: str
    kind: str
    severity: str
    headline: str
    operations: tuple[str, ...]
    known: bool
    spans: tuple[Span, ...]
    runs: int
    looked: int

    @property
    def open(self) -> bool:
        """Whether the last run that could see it saw it."""
        return self.spans[-1].ended is None

    @property
    def flapping(self) -> bool:
        """Whether it came back again and again."""
        return len(self.spans) >= FLAPPING


@dataclass(frozen=True, slots=True)
class Verified:
    """When an operation of a target last gave a 2xx that passed every check; None is never."""

    target: str
    operation: str
    last: str | None


def runs(connection: sqlite3.Connection, target: str | None = None) -> list[RunSeen]:
    """All runs, of one target or of any, oldest first."""
    reached: dict[str, set[str]] = {}
    for key, operation in connection.execute("SELECT run, operation FROM operations WHERE requests > 0"):
        reached.setdefault(key, set()).add(operation)
    found: dict[str, dict[str, int]] = {}
    for key, fingerprint, count in connection.execute("SELECT run, fingerprint, occurrences FROM findings"):
        found.setdefault(key, {})[fingerprint] = count
    rows = connection.execute(
        "SELECT key, started, target, budget, exit_code, requests FROM runs "
        "WHERE :target IS NULL OR target = :target ORDER BY started, key",
        {"target": target},
    )
    seen = []
    for key, started, place, budget, exit_code, requests in rows:
        facts = (key, started, place, budget, exit_code, requests)
        seen.append(RunSeen(*facts, frozenset(reached.get(key, ())), found.get(key, {})))
    return seen


def drifts(connection: sqlite3.Connection, target: str | None = None) -> list[Drift]:
    """Every drift with its spans: open ones first, gravest first, then by when they began."""
    chronicle: dict[str, list[RunSeen]] = {}
    for run in runs(connection, target):
        chronicle.setdefault(run.target, []).append(run)
    told = connection.execute(
        "SELECT r.target, f.fingerprint, f.kind, f.severity, f.headline, f.operations, f.known "
        "FROM findings f JOIN runs r ON r.key = f.run "
        "WHERE :target IS NULL OR r.target = :target ORDER BY r.started, r.key",
        {"target": target},
    )
    latest: dict[tuple[str, str], tuple[str, str, str, bool]] = {}
    shown_by: dict[tuple[str, str], set[str]] = {}
    for place, fingerprint, kind, severity, headline, operations, known in told:
        latest[place, fingerprint] = (kind, severity, headline, bool(known))
        shown_by.setdefault((place, fingerprint), set()).update(json.loads(operations))
    found = []
    for (place, fingerprint), facts in latest.items():
        kind, severity, headline, known = facts
        operations = frozenset(shown_by[place, fingerprint])
        spans, saw, looked = _spans(fingerprint, operations, chronicle[place])
        shown = tuple(sorted(operations))
        found.append(Drift(fingerprint, place, kind, severity, headline, shown, known, spans, saw, looked))
    order = ["breaking", "degraded", "additive", "unverified"]
    return sorted(found, key=lambda one: (not one.open, order.index(one.severity), one.spans[0].began, one.fingerprint))


def _spans(
    fingerprint: str, operations: frozenset[str], chronicle: Iterable[RunSeen]
) -> tuple[tuple[Span, ...], int, int]:
    """The spans of a drift, how many runs saw it, and how many could have."""
    spans: list[Span] = []
    saw = looked = 0
    for run in chronicle:
        if fingerprint in run.findings:
            saw, looked = saw + 1, looked + 1
            if not spans or spans[-1].ended is not None:
                spans.append(Span(run.started, None))
        elif run.exit_code in VERDICTS and operations <= run.reached:
            looked += 1
            if spans and spans[-1].ended is None:
                spans[-1] = Span(spans[-1].began, run.started)
    return tuple(spans), saw, looked


def verified(connection: sqlite3.Connection, target: str | None = None) -> list[Verified]:
    """For each operation of each target the last run with a verified 2xx, the longest ago first."""
    rows = connection.execute(
        "SELECT r.target, o.operation, MAX(CASE WHEN o.verified > 0 THEN r.started END) AS last "
        "FROM operations o JOIN runs r ON r.key = o.run WHERE :target IS NULL OR r.target = :target "
        "GROUP BY r.target, o.operation ORDER BY last IS NOT NULL, last, o.operation",
        {"target": target},
    )
    return [Verified(*row) for row in rows]
