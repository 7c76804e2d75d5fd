"""Make each point that can be adopted an Overlay in ``overlays/proposed``, of the same shape as those from drift.

``python3 -m scripts drift accept ID`` takes one over. A point that live behaviour speaks against gets no proposal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs

from contract_tests.drift.proposals import overlay_text
from contract_tests.drift.proposals.propose import FOLDER, SUFFIX, VERSION, Proposal
from scripts.errors import InputError
from scripts.lint.document import Document
from scripts.lint.finding import OverlayAction
from scripts.pipeline import load, overlay, overlay_file
from scripts.pipeline.load import JsonObject
from scripts.published.adoption import Adopter, NotAdoptable
from scripts.published.disagreements import Disagreement, Relation
from scripts.published.reading import Published

KIND = "description"
TRUST = 3


def make(
    points: Iterable[Disagreement], ours: JsonObject, theirs: Published, day: str
) -> tuple[tuple[Disagreement, ...], tuple[Proposal, ...]]:
    """The points, each with the id of its proposal or why it has none, and the proposals; ``day`` is ISO 8601."""
    told: list[Disagreement] = []
    made: list[Proposal] = []
    for point in points:
        try:
            proposal = _proposal(point, ours, theirs, day)
        except NotAdoptable as problem:
            told.append(attrs.evolve(point, unadopted=str(problem)))
        else:
            told.append(attrs.evolve(point, proposal=proposal.fingerprint))
            made.append(proposal)
    return tuple(told), tuple(made)


def _proposal(point: Disagreement, ours: JsonObject, theirs: Published, day: str) -> Proposal:
    if point.relation is Relation.WE_HAVE:
        raise NotAdoptable("that they leave it out does not say that it is not there")
    if point.backing.live:
        raise NotAdoptable("live behaviour was observed to be as ours says")
    adopter = Adopter(Document(ours), Document(theirs.document), set(Document(ours).components("schemas")))
    actions = adopter.actions(point)
    fingerprint = _fingerprint(point)
    source = source_document(theirs, day)
    reason = f"The published description has it so; {point.backing.stance}."
    written = [_action(action, point, source["id"], reason, day) for action in actions]
    contents = {
        "overlay": VERSION,
        "info": {"title": f"What the published description says of {point.place}: {point.kind}", "version": "1.0.0"},
        "x-document": source,
        "actions": written,
    }
    words = "-".join(re.findall(r"[a-z0-9]+", f"{point.kind} {point.place}".lower()))[:60]
    name = f"{fingerprint}-{words}{SUFFIX}"
    text = overlay_text.dump(contents)
    _check(text, name, ours)
    done = tuple(str(action["description"]) for action in written)
    return Proposal(fingerprint, name, f"{point.place}: {point.kind}", done, text)


def _action(action: OverlayAction, point: Disagreement, document: str, reason: str, day: str) -> dict[str, Any]:
    rest = {key: value for key, value in action.items() if key != "target"}
    return {
        "target": action["target"],
        "description": f"Adopts {point.kind.replace('-', ' ')} at {point.place}.",
        "x-date": day,
        "x-reason": reason,
        "x-evidence": [{"document": document, "note": f"at {point.pointer_theirs}"}],
        **rest,
    }


def source_document(theirs: Published, day: str) -> dict[str, Any]:
    """The entry for ``openapi/evidence/documents.yaml``: one file of one version is one source."""
    version = re.sub(r"[^A-Za-z0-9.]+", "-", theirs.version).strip("-") or "unversioned"
    return {
        "id": f"PUB-{version}-{theirs.sha256[:8]}",
        "title": f"Published description {theirs.title!r}, version {theirs.version}",
        "address": f"{theirs.name}, SHA-256 {theirs.sha256}",
        "date": day,
        "kind": KIND,
        "trust": TRUST,
    }


def _fingerprint(point: Disagreement) -> str:
    """The same for the same point of the same two descriptions, whatever else they say."""
    said = json.dumps([point.kind, point.pointer_ours, point.ours, point.theirs], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _check(text: str, name: str, document: JsonObject) -> None:
    """Hold a proposal to the pipeline's own rules before anybody sees it."""
    try:
        overlay.apply(document, overlay_file.parse(load.parse(text, Path(name), (FOLDER / name).as_posix())))
    except InputError as problem:
        raise NotAdoptable(f"the action can't be carried out here: {problem.message}") from problem
