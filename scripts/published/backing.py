"""What our side says about a point: the claims, conflicts, assumptions and overlays about it, and what a run saw.

So three sources meet: the documents that our description rests on, the published file, and the live API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from scripts.pipeline import bundle, pointers
from scripts.pipeline.layout import Layout
from scripts.published.disagreements import Backing, Disagreement
from scripts.reference import corrections, evidence, provenance
from scripts.reference.evidence import Document

LIVE = "live"
Json = Mapping[str, Any]


@attrs.frozen
class Ours:
    """Everything that our description rests on, by the part that it is about."""

    known: dict[str, provenance.Provenance]
    parts: dict[str, str]
    documents: dict[str, Document]


def read(layout: Layout, effective: Json) -> Ours:
    """The evidence of a working copy; ``InputError`` when it can't be read."""
    ledger = evidence.read(layout.description / "evidence", layout.root)
    bundled = bundle.bundle(layout.entry, root=layout.root)
    _, made = corrections.replay(bundled.document, layout.description_overlays, layout.root)
    return Ours(
        provenance.collect(effective, ledger, made),
        provenance.parts(effective),
        {document.id: document for document in ledger.documents},
    )


def add(points: Iterable[Disagreement], ours: Ours | None, report: Json | None) -> tuple[Disagreement, ...]:
    """The points with what is known about them; ``report`` is a drift report of a run against the live API."""
    return tuple(attrs.evolve(point, backing=_backing(point, ours, report)) for point in points)


def _backing(point: Disagreement, ours: Ours | None, report: Json | None) -> Backing:
    seen = [*_seen(point, report)] if report is not None else []
    found = _sources(point.pointer_ours, ours) if ours is not None else Backing()
    if seen:
        stance = "a live run saw it" if not found.sources else f"a live run saw it; {found.stance}"
        return Backing(stance, (*seen, *found.sources), found.live)
    return found


def _sources(pointer: str, ours: Ours) -> Backing:
    """What stands in our evidence about the part at a pointer."""
    part, _ = provenance.owner(f"#{pointer}", ours.parts)
    found = ours.known.get(part)
    if found is None:
        return Backing()
    written = [
        f"{one.subject.place}: {one.subject.text} ({_cited(one.subject.documents, ours)})" for one in found.claims
    ]
    written += [
        f"{one.subject.correction.place}: {one.subject.correction.reason} ({one.subject.correction.date})"
        for one in found.corrections
    ]
    conflicts = [one.subject for one in found.conflicts]
    written += [f"{one.place}: conflict {one.id}: {one.choice}, because {one.why}" for one in conflicts]
    written += [
        f"{one.subject.place}: assumed: {one.subject.choice}, because {one.subject.why}" for one in found.assumptions
    ]
    cited = {name for one in found.claims for name in one.subject.documents}
    cited |= {each.document for one in found.corrections for each in one.subject.correction.citations}
    live = any(ours.documents[name].kind == LIVE for name in cited if name in ours.documents)
    assumed = bool(found.assumptions) or any(one.subject.assumed for one in found.claims)
    return Backing(_stance(live, bool(conflicts), assumed), tuple(written), live)


def _stance(live: bool, conflicting: bool, assumed: bool) -> str:
    if conflicting:
        return "our sources contradict each other about it; a choice was made"
    if assumed:
        return "ours is an assumption"
    return "ours was observed live" if live else "ours rests on documents"


def _cited(documents: Iterable[str], ours: Ours) -> str:
    return ", ".join(f"{name}: {ours.documents[name].kind}" if name in ours.documents else name for name in documents)


def _seen(point: Disagreement, report: Json) -> Iterable[str]:
    """What the run tells about the point: its findings there, and how often a field came that only they describe."""
    at = f"#{point.pointer_ours}"
    about = {at, at.rpartition("/")[0]}  # a point may be about a keyword, a finding is about what it stands in
    for finding in report["findings"]:
        told = {finding["described"]["pointer"], *(place["described"] for place in finding["places"])}
        if told & about:
            yield f"run {report['run']['started'][:10]}, finding {finding['fingerprint']}: {finding['headline']}"
    if "property" not in point.kind:
        return
    name = pointers.split(point.pointer_ours)[-1]
    day = report["run"]["started"][:10]
    for operation in report["operations"]:
        called = operation["operation_id"]
        for pointer, field in operation["fields"].items() if called in point.operations else ():
            if pointers.split(pointer)[-1:] == (name,) and field["present"]:
                yield f"run {day}: {called} answered {pointer} {field['present']} times"
