"""The disagreements as lines, as Markdown and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from scripts.comparison.report import cell, listed, shown
from scripts.lint.report import escaped
from scripts.pipeline.load import JsonObject
from scripts.published.disagreements import Disagreement, Disagreements, Relation
from scripts.published.reading import Published

VERSION = 1
MOST = 25


def lines(found: Disagreements, theirs: Published, *, everything: bool = False) -> Iterator[str]:
    """Lines for people, at most ``MOST`` a group unless ``everything`` is wanted."""
    for relation in Relation:
        points = found.of(relation)
        if not points:
            continue
        yield f"{relation.value}: {len(points)}"
        for point in points if everything else points[:MOST]:
            yield from _point(point)
        if not everything and len(points) > MOST:
            yield f"  and {len(points) - MOST} more (--all lists them): {_kinds(points[MOST:])}"
    yield (
        f"{escaped(theirs.name)} ({escaped(theirs.version)}): {found.matched} operations in both, "
        + ", ".join(f"{len(found.of(relation))} x {relation.value}" for relation in Relation)
    )


def _point(point: Disagreement) -> Iterator[str]:
    values = f"ours {shown(point.ours)}, theirs {shown(point.theirs)}"
    yield f"  {escaped(point.place)}: {point.kind.replace('-', ' ')}: {values}"
    if point.operations:
        yield f"      operations: {listed(point.operations)}"
    if point.kind != "operation-added":
        yield f"      evidence: {point.backing.stance}"
        yield from (f"        {escaped(source)}" for source in point.backing.sources[:4])
    if point.proposal:
        yield f"      proposal: {point.proposal}"
    elif point.unadopted and point.kind != "operation-added":
        yield f"      no proposal: {point.unadopted}"


def _kinds(points: tuple[Disagreement, ...]) -> str:
    counts = Counter(point.kind for point in points)
    return ", ".join(f"{number} {kind.replace('-', ' ')}" for kind, number in counts.most_common())


def markdown(found: Disagreements, theirs: Published) -> str:
    """The report as Markdown, complete."""
    written = [f"## Beside {cell(theirs.name)} ({cell(theirs.version)})", "", f"{found.matched} operations in both."]
    for relation in Relation:
        if points := found.of(relation):
            written += ["", f"### {relation.value.capitalize()}: {len(points)}", ""]
            written += [
                "| place | point | ours | theirs | operations | our evidence | proposal |",
                "|---|---|---|---|---|---|---|",
            ]
            written += map(_row, points)
    return "\n".join(written) + "\n"


def _row(point: Disagreement) -> str:
    cells = [
        f"`{cell(point.place)}`",
        point.kind.replace("-", " "),
        cell(shown(point.ours)),
        cell(shown(point.theirs)),
        cell(listed(point.operations)),
        "<br>".join(map(cell, (point.backing.stance, *point.backing.sources[:2]))),
        point.proposal or cell(point.unadopted),
    ]
    return f"| {' | '.join(cells)} |"


def as_json(found: Disagreements, theirs: Published) -> JsonObject:
    """Everything, for programs."""
    return {
        "version": VERSION,
        "file": {"name": theirs.name, "title": theirs.title, "version": theirs.version, "sha256": theirs.sha256},
        "operations_in_both": found.matched,
        "totals": {relation.name.lower(): len(found.of(relation)) for relation in Relation},
        "points": [_json(point) for point in found.points],
    }


def _json(point: Disagreement) -> dict[str, Any]:
    return {
        "relation": point.relation.name.lower(),
        "kind": point.kind,
        "place": point.place,
        "operations": list(point.operations),
        "ours": point.ours,
        "theirs": point.theirs,
        "pointer_ours": point.pointer_ours,
        "pointer_theirs": point.pointer_theirs,
        "effect_of_adopting": point.effect.value,
        "evidence": {"stance": point.backing.stance, "sources": list(point.backing.sources)},
        "proposal": point.proposal,
        "unadopted": point.unadopted,
    }
