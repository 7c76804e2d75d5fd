"""Whether the API changed or our description of it was wrong: what overlays and evidence say about each change.

An overlay action may say it itself: ``x-cause: api-changed`` or ``x-cause: we-were-wrong``. Where nobody says it, the
evidence tells: a statement that rests on a document newer than all it rested on before describes a change of the API;
one that rests on the same or older documents was read or decided differently. Without evidence it stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from scripts.comparison.change import Cause, Change, Effect, Evidence
from scripts.comparison.snapshot import Snapshot
from scripts.errors import InputError
from scripts.pipeline import bundle
from scripts.pipeline.layout import Layout
from scripts.reference import corrections, evidence, provenance
from scripts.reference.corrections import Correction
from scripts.reference.evidence import Claim, Document

# Names that stand in no request and no answer: what documents say of the API says nothing of them.
OURS = frozenset({"operation-renamed", "tag-changed", "schema-renamed", "schema-replaced", "path-parameter-renamed"})
STATED = {"api-changed": Cause.API_CHANGED, "we-were-wrong": Cause.WE_WERE_WRONG}


@attrs.frozen
class Sources:
    """What one version rests on: overlay actions, claims, documents by id."""

    made: tuple[Correction, ...]
    claims: tuple[Claim, ...]
    documents: dict[str, Document]
    parts: dict[str, str]


def read(snapshot: Snapshot) -> Sources | None:
    """The sources of a version; ``None`` for one that has none, or none that can be read (an old layout, say)."""
    if snapshot.root is None or snapshot.description is None:
        return None
    layout = Layout(snapshot.root.resolve())
    folder: Path = layout.description / "evidence"
    if not folder.is_dir():
        return None
    try:
        ledger = evidence.read(folder, layout.root)
        bundled = bundle.bundle(layout.entry, root=layout.root)
        _, made = corrections.replay(bundled.document, layout.description_overlays, layout.root)
    except InputError:
        return None
    known = {document.id: document for document in ledger.documents}
    return Sources(made, ledger.claims, known, provenance.parts(snapshot.description))


def assign(changes: Iterable[Change], before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """The changes with what is known about why they were made; other words need no reason."""
    found = list(changes)
    if all(one.effect is Effect.DOCUMENTATION for one in found):
        return tuple(found)
    old, new = read(before), read(after)
    if new is None:
        return tuple(found)
    return tuple(
        one if one.effect is Effect.DOCUMENTATION else attrs.evolve(one, evidence=_evidence(one, old, new))
        for one in found
    )


def _evidence(change: Change, old: Sources | None, new: Sources) -> Evidence:
    before = {_identity(one) for one in old.made} if old else set()
    fresh = [one for one in new.made if _identity(one) not in before and _touches(one, change.pointer_after)]
    if fresh:
        notes = tuple(f"{one.place}: {_said(one)}" for one in fresh)
        return Evidence(_cause(fresh, old, new), notes)
    kept = {_identity(one) for one in new.made}
    dropped = (
        [one for one in old.made if _identity(one) not in kept and _touches(one, change.pointer_before)] if old else []
    )
    if dropped:
        notes = tuple(f"{one.place}: this correction was withdrawn" for one in dropped)
        return Evidence(Cause.WE_WERE_WRONG, notes)
    return Evidence() if change.kind in OURS else _from_claims(change, old, new)


def _identity(one: Correction) -> tuple[object, ...]:
    """An action wherever it stands in its file."""
    return one.description, one.date, one.reason, one.changes


def _touches(one: Correction, pointer: str) -> bool:
    """Whether an action wrote what stands at a pointer, or something around or inside it."""
    at = f"#{pointer}"
    return any(
        at == made.pointer or at.startswith(f"{made.pointer}/") or made.pointer.startswith(f"{at}/")
        for made in one.changes
    )


def _said(one: Correction) -> str:
    cited = ", ".join(
        f"{citation.document}: {citation.note}" if citation.note else citation.document for citation in one.citations
    )
    return " ".join(filter(None, (one.date, one.reason, f"({cited})" if cited else "")))


def _cause(fresh: list[Correction], old: Sources | None, new: Sources) -> Cause:
    stated = {one.cause for one in fresh if one.cause}
    if len(stated) == 1:
        return STATED.get(stated.pop(), Cause.UNKNOWN)
    if stated:
        return Cause.UNKNOWN
    cited = {citation.document for one in fresh for citation in one.citations}
    known = set(old.documents) if old else set()
    return _by_dates(cited, known, new) if old else Cause.UNKNOWN


def _from_claims(change: Change, old: Sources | None, new: Sources) -> Evidence:
    """What the claims about the part say now that they did not say before."""
    now = _about(change.pointer_after or change.pointer_before, new)
    if old is None or not now:
        return Evidence()
    was = _about(change.pointer_before or change.pointer_after, old)
    cited = [{name for claim in claims for name in claim.documents} for claims in (was, now)]
    notes = tuple(f"{claim.place}: {claim.text} ({', '.join(claim.documents)})" for claim in now)
    if not was:  # described for the first time: that says nothing about whether the API had it before
        return Evidence(Cause.UNKNOWN, notes)
    return Evidence(_by_dates(cited[1], cited[0], new), notes)


def _by_dates(cited: set[str], before: set[str], new: Sources) -> Cause:
    """Whether what is cited now is newer than everything that was known."""
    fresh = {new.documents[name].date for name in cited - before if name in new.documents}
    known = {new.documents[name].date for name in before if name in new.documents}
    if not fresh:
        return Cause.WE_WERE_WRONG
    return Cause.API_CHANGED if max(fresh) > max(known, default="") else Cause.WE_WERE_WRONG


def _about(pointer: str, sources: Sources) -> list[Claim]:
    part, _ = provenance.owner(f"#{pointer}", sources.parts)
    return [claim for claim in sources.claims if part and any(_same_part(one, part) for one in claim.pointers)]


def _same_part(pointer: str, part: str) -> bool:
    return pointer == part or pointer.startswith(f"{part}/")
