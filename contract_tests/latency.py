"""How long answers take, held against the target itself: one operation that is far slower than the rest.

No absolute limit says anything about a server that nobody knows, so the yardstick is the median of all answers of the
same run. A target that is slow as a whole is slow, not different.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from contract_tests.description import Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange

# An answer is late when it takes this many times the median of the run, and this many seconds on top.
TIMES, SECONDS = 10.0, 0.5
# An operation is slow when this many of its answers, and this share of them, are late.
LATE, SHARE = 3, 0.1
# Answers that it takes to have a yardstick at all.
ENOUGH = 20


@dataclass(slots=True)
class _Seen:
    """What is kept of one operation: seconds of each answer, and the slowest exchange."""

    seconds: list[float] = field(default_factory=list)
    slowest: Exchange | None = None


class Latency:
    """Notes the seconds of every recorded answer; ``findings`` judges them at the end."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = defaultdict(_Seen)

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Note an exchange that was just recorded."""
        seen = self._seen[operation.operation_id]
        seen.seconds.append(exchange.elapsed)
        if seen.slowest is None or exchange.elapsed > seen.slowest.elapsed:
            seen.slowest = exchange

    @property
    def baseline(self) -> float | None:
        """The median of all answers in seconds; None while there are too few."""
        whole = [seconds for seen in self._seen.values() for seconds in seen.seconds]
        return statistics.median(whole) if len(whole) >= ENOUGH else None

    def findings(self) -> Iterator[Finding]:
        """``slow-answers`` for each operation that is often far slower than the target usually is."""
        usual = self.baseline
        for operation, seen in self._seen.items() if usual is not None else ():
            assert usual is not None
            limit = usual * TIMES + SECONDS
            late = [seconds for seconds in seen.seconds if seconds > limit]
            if len(late) >= LATE and len(late) >= SHARE * len(seen.seconds):
                yield Finding(
                    kind="slow-answers",
                    operation=operation,
                    pointer="",
                    expected=f"answers within {limit:.1f} s, the target's median being {usual * 1000:.0f} ms",
                    observed=f"{len(late)} of {len(seen.seconds)} answers took longer, {max(late):.1f} s at worst",
                    severity=Severity.DEGRADED,
                    check=__name__,
                    exchange=seen.slowest,
                    occurrences=len(late),
                )
