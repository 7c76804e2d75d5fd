"""What the findings of a run come to: root causes, those of them that are known, and entries that are out of date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contract_tests.drift.cause import Cause
from contract_tests.drift.causes import causes
from contract_tests.drift.known import Entry, Seen, Stale, match, stale
from contract_tests.run import Run


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``known`` maps fingerprints of causes to the entries that excuse them."""

    causes: tuple[Cause, ...]
    known: Mapping[str, Entry] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()

    @property
    def failing(self) -> int:
        """How many things make the run fail: causes that are not known, and stale entries."""
        return sum(1 for one in self.causes if one.fingerprint not in self.known) + len(self.stale)


def conclude(
    run: Run,
    target: str,
    entries: Iterable[Entry] = (),
    *,
    complete: bool = True,
    today: datetime.date | None = None,
) -> Conclusion:
    """The conclusion of a run against ``target`` (as ``--target`` names it); ``complete``: it came to its end."""
    entries = tuple(entries)
    exercised = frozenset(
        one.operation_id for one in run.operations if run.exercise.tally(one.operation_id).statuses.total()
    )
    seen = Seen(
        target=target,
        budget=run.budget.name,
        exercised=exercised,
        whole=not run.restricted,
        complete=complete,
        today=today or datetime.datetime.now(datetime.UTC).date(),
    )
    found = tuple(causes(run.session.description, run.session.findings.all()))
    occurring = [identity for cause in found for identity in (cause.fingerprint, *cause.parts)]
    return Conclusion(found, match(found, entries, seen), tuple(stale(occurring, entries, seen)))
