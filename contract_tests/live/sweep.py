"""Finding and taking away what earlier runs left behind: by their ledgers, and by the mark in the names of records.

A run that was killed has told in its ledger what it had made and changed; one that was killed between a creation and
its answer, or on another machine, is known by the name of its record. Nothing is swept that belongs to a run which is
still alive, is on the keep-list, or does not read back as what its list or ledger says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contract_tests.live import tidying
from contract_tests.live.estate import Borrowed, Created
from contract_tests.live.gate import Gate
from contract_tests.live.ledger import Past, began, mark_swept, pasts
from contract_tests.live.refusal import Refused
from contract_tests.live.tidying import Tidied

# A run whose ledger is elsewhere may still be going on as long as no budget of ours could have ended it.
OLDEST_RUN = timedelta(hours=3)
# A ledger that a sweep proved to be done with is kept this long for whoever wants to know what its run did.
AGED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that an earlier run left: a record with a mark, or (``change``) a lent record not as it was."""

    collection: str
    id: str
    label: str
    run: str
    change: bool = False

    @property
    def shown(self) -> str:
        """A line for people."""
        what = "changed, to be restored" if self.change else f"named {self.label}"
        return f"{self.collection} {self.id}: {what} (run {self.run})"


@dataclass(slots=True)
class Search:
    """What was found: to be swept, and to be left alone with the reason."""

    leftovers: list[Leftover] = field(default_factory=list)
    kept: list[tuple[Leftover, str]] = field(default_factory=list)
    dead: list[Past] = field(default_factory=list)


def search(
    gate: Gate, folder: Path, *, keep: Iterable[str] = (), youngest: timedelta = OLDEST_RUN, now: datetime | None = None
) -> Search:
    """Everything that earlier runs against this target left; reads only."""
    found = Search()
    known = [past for past in pasts(folder, gate.base_url) if past.run_id != gate.ledger.run_id]
    found.dead = [past for past in known if not past.alive and not past.swept]
    moment = now or datetime.now(UTC)
    here = {past.run_id: past for past in known}
    for past in found.dead:
        for collection, record_id in past.borrowed:
            found.leftovers.append(Leftover(collection, record_id, "", past.run_id, change=True))
    for one in _marked(gate):
        reason = _reason_to_keep(one, here.get(one.run), frozenset(keep), moment - youngest)
        if reason:
            found.kept.append((one, reason))
        else:
            found.leftovers.append(one)
    listed = {(one.collection, one.id) for one in [*found.leftovers, *(kept for kept, _ in found.kept)]}
    for past in found.dead:
        for (collection, record_id), label in past.created.items():
            # Neither its list nor its mark shows it any more, but nothing told that it was deleted either.
            if (collection, record_id) not in listed and gate.confirm(collection, record_id, label):
                found.leftovers.append(Leftover(collection, record_id, label, past.run_id))
    return found


def _marked(gate: Gate) -> Iterator[Leftover]:
    for collection in gate.terms.description.collections:
        # Where the policy lets no run create anything, none has left anything.
        resource = gate.estate.resource(collection)
        if resource.create is None or gate.terms.uncreatable(collection) is not None:
            continue
        for record_id, label, run in tidying.marked(gate, collection):
            yield Leftover(collection, record_id, label, run)


def _reason_to_keep(one: Leftover, past: Past | None, keep: frozenset[str], before: datetime) -> str:
    if one.id in keep or any(one.label.startswith(name) for name in keep):
        return "on the keep-list"
    if past is not None:
        return "its run is still going on" if past.alive else ""
    try:
        return "" if began(one.run) <= before else "its run may still be going on elsewhere"
    except ValueError:
        return "its name only looks like a mark: no run began at such a time"


def sweep(gate: Gate, found: Search) -> Tidied:
    """Restore and delete what was found; dead ledgers of which nothing is left are marked as swept."""
    snapshots = {(past.run_id, *key): (past, fields) for past in found.dead for key, fields in past.borrowed.items()}
    refused: list[str] = []
    for one in found.leftovers:
        try:
            if one.change:
                past, fields = snapshots[one.run, one.collection, one.id]
                written = past.written.get((one.collection, one.id), {})
                gate.estate.recover(one.collection, Borrowed(one.id, fields, written, changed=True))
            elif gate.confirm(one.collection, one.id, one.label):
                gate.estate.created[one.collection, one.id] = Created(one.label)
            else:
                refused.append(f"{one.collection} {one.id} does not read back as {one.label}")
        except Refused as refusal:
            refused.append(f"{one.shown}: {refusal}")
    done = tidying.tidy(gate)
    done.left += refused
    if not done.left:
        for past in found.dead:
            mark_swept(past.path)
    return done


def prune(gate: Gate, folder: Path, found: Search, *, now: datetime | None = None) -> int:
    """Remove the ledgers, ``AGED`` or older, of dead runs that a sweep proved to have left nothing; how many went.

    The ledger of a run of which a record was kept stays with it, whatever the ledger says.
    """
    before, kept = (now or datetime.now(UTC)) - AGED, {one.run for one, _ in found.kept}
    gone = 0
    for past in pasts(folder, gate.base_url):
        if past.swept and not past.alive and past.run_id not in kept and _began_by(past.run_id, before):
            past.path.unlink(missing_ok=True)
            gone += 1
    return gone


def _began_by(run_id: str, moment: datetime) -> bool:
    """Whether a run began then or earlier; not, where its id tells no time."""
    try:
        return began(run_id) <= moment
    except ValueError:
        return False
