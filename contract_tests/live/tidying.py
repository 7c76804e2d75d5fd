"""Putting everything back: lent records as they were, then what the run created deleted, then a look through the lists.

Used at the end of each run and by ``sweep``. All of it goes through the gate, so nothing here can touch what the run
does not own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.live.allowance import LOOKS_AT_END
from contract_tests.live.estate import Borrowed, Created, Key
from contract_tests.live.gate import Gate
from contract_tests.live.ledger import run_of
from contract_tests.live.meaning import label_field
from contract_tests.live.refusal import Exhausted, Refused
from contract_tests.rules.compare import same
from contract_tests.rules.restoration import restoration

GONE = 404
# A record may be blocked by another one that is deleted after it.
PASSES = 3


@dataclass(slots=True)
class Tidied:
    """What came of it; ``left`` says in words what is still there, ``notes`` what was left alone for good reason."""

    deleted: int = 0
    restored: int = 0
    found: int = 0
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def tidy(gate: Gate) -> Tidied:
    """Restore, delete, look for what nobody knows the outcome of; ends by itself when the budget is spent."""
    done = Tidied()
    for key, loan in gate.estate.borrowed.items():
        if loan.changed and not loan.restored:
            _guard(done, f"{key[0]} {loan.id}", lambda key=key, loan=loan: restore(gate, key[0], loan, done))
    _delete_all(gate, done)
    for _ in range(LOOKS_AT_END - 1):
        if not (gate.estate.inventory or gate.estate.created):
            # Nothing was ever created, refused or not.
            break
        _guard(done, "looking for leftovers", lambda: _adopt_own(gate, done))
        if all(one.deleted for one in gate.estate.created.values()):
            break
        _delete_all(gate, done)
    else:
        # A target that only claims to delete is found out by looking once more.
        _guard(done, "looking for leftovers", lambda: _adopt_own(gate, done))
    done.deleted = sum(one.deleted for one in gate.estate.created.values())
    for (collection, record_id), mine in gate.estate.created.items():
        if not mine.deleted:
            done.left.append(f"{collection} {record_id} ({mine.label})")
    done.left += [f"{collection}: nobody knows what became of {label}" for collection, label in _unclear(gate)]
    return done


def restore(gate: Gate, collection: str, loan: Borrowed, done: Tidied) -> None:
    """Bring the fields that the run wrote back to what the snapshot holds.

    A field that somebody else has changed since is left alone and said; ``Refused`` when it cannot be sent.
    """
    resource = gate.estate.resource(collection)
    assert resource.retrieve is not None
    assert resource.update is not None
    answer = gate.ask(resource.retrieve, loan.id)
    now = answer.record if answer is not None and answer.ok else None
    if now is None:
        done.left.append(f"{collection} {loan.id} could not be read, so it was not put back")
        return
    fields = {name: one for name, one in gate.estate.restorable(collection).items() if name in loan.written}
    foreign = [name for name in fields if not _ours(now.get(name), loan.written[name], loan.fields.get(name))]
    for name in foreign:
        done.notes.append(f"{collection} {loan.id}: somebody else changed {name} meanwhile, so it was left alone")
    body = restoration({name: one for name, one in fields.items() if name not in foreign}, loan.fields, dict(now))
    if body:
        answer = gate.ask(resource.update, loan.id, body=body)
        after = gate.ask(resource.retrieve, loan.id)
        now = after.record if after is not None and after.ok else None
    wrong = [name for name in fields if name not in foreign and not same((now or {}).get(name), loan.fields.get(name))]
    if wrong:
        done.left.append(f"{collection} {loan.id}: {', '.join(wrong)} could not be put back")
        return
    loan.restored = True
    done.restored += 1
    gate.ledger.write("restored", collection=collection, id=loan.id)


def _ours(now: Any, written: list[Any], before: Any) -> bool:
    """Whether a value is one that the run or the time before it explains: null and "" both may clear a field."""
    if same(now, before) or any(same(now, one) for one in written):
        return True
    if now in ("", None):
        return any(one in ("", None) for one in written)
    # Objects are merged, so what was sent is a part of what is there.
    return isinstance(now, Mapping) and any(isinstance(one, Mapping) for one in written)


def marked(gate: Gate, collection: str) -> Iterator[tuple[str, str, str]]:
    """Id, name and run of each record in a collection whose name is the mark of a run, by its list."""
    name = label_field(gate.terms.description, collection) or ""
    id_field = gate.estate.resource(collection).id_field
    for record in gate.everything(collection):
        run = run_of(record.get(name))
        if run is not None and isinstance(record.get(id_field), str):
            yield record[id_field], str(record.get(name)), run


def adopt(gate: Gate, collection: str, record_id: str, label: str) -> bool:
    """Make a leftover ours once it was read back with its name: a list alone may say anything."""
    if not gate.confirm(collection, record_id, label):
        return False
    gate.estate.created.setdefault((collection, record_id), Created(label))
    return True


def _adopt_own(gate: Gate, done: Tidied) -> None:
    """Records that carry this run's mark, of which no answer told, and those that are there still: found by name."""
    for collection in sorted({*gate.estate.inventory, *(one for one, _ in gate.estate.created)}):
        doubtful = False
        for record_id, label, run in list(marked(gate, collection)):
            mine = gate.estate.created.get((collection, record_id))
            there_before = record_id in gate.estate.inventory.get(collection, frozenset())
            ours = run == gate.ledger.run_id if mine is None else mine.deleted
            if there_before or not ours:
                continue
            if not adopt(gate, collection, record_id, label):
                doubtful = True
                done.left.append(f"{collection} {record_id} is listed as {label}, and does not read back as that")
            elif mine is not None:
                # It was said to be deleted, and is still there.
                mine.deleted = False
            else:
                done.found += 1
        if not doubtful:
            _settle_unclear(gate, collection)


def _settle_unclear(gate: Gate, collection: str) -> None:
    """The whole list was read: what it does not show was never made, and what it shows is ours by now."""
    for seq in [seq for seq, (one, _) in gate.estate.unclear.items() if one == collection]:
        del gate.estate.unclear[seq]
        gate.ledger.write("not-created", seq=seq, reason="looked for by its name")


def _delete_all(gate: Gate, done: Tidied) -> None:
    for _ in range(PASSES):
        waiting = [key for key, mine in reversed(gate.estate.created.items()) if not mine.deleted]
        for key in waiting:
            _guard(done, f"{key[0]} {key[1]}", lambda key=key: delete(gate, key))
        if not waiting or all(not gate.estate.created[key].deleted for key in waiting):
            return


def delete(gate: Gate, key: Key) -> None:
    """Delete one record of ours."""
    resource = gate.estate.resource(key[0])
    assert resource.delete is not None
    gate.ask(resource.delete, key[1])


def _guard(done: Tidied, what: str, step: Any) -> None:
    """One step must not keep the others from being done."""
    try:
        step()
    except Exhausted as spent:
        done.left.append(f"{what}: {spent.reason}")
    except (Refused, OSError) as problem:
        done.left.append(f"{what}: {problem}")


def _unclear(gate: Gate) -> list[tuple[str, str]]:
    return list(gate.estate.unclear.values())
