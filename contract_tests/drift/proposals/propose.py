"""Write an Overlay for each finding of a report that the description can absorb; say for the others what changed."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.description import Description
from contract_tests.drift.proposals import overlay_text
from contract_tests.drift.proposals.case import Case, Json, Step
from contract_tests.drift.proposals.makers import behaviour, steps
from contract_tests.drift.report import description_hash
from scripts.errors import InputError
from scripts.pipeline import overlay
from scripts.pipeline.layout import EFFECTIVE, Layout

FOLDER = Path("overlays", "proposed")
SUFFIX = ".overlay.yaml"
# Where a proposal holds the actions that only the generator is to see.
GENERATOR = "x-generator-actions"
# The version of the Overlay Specification in which proposals are written: what its actions do is plain.
VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An Overlay for one finding; ``name`` is its file in ``overlays/proposed``, ``actions`` what it does in words."""

    fingerprint: str
    name: str
    headline: str
    actions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A finding that no description can absorb, and what changed in words."""

    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What came of a report."""

    proposals: tuple[Proposal, ...]
    behaviours: tuple[Behaviour, ...]


def propose(report: Json, root: Path) -> Proposals:
    """The proposals for the findings of a report, held against the description of the working copy at ``root``.

    ``InputError`` when the report is about another description: its pointers would lead to other things.
    """
    document = _document(root)
    if description_hash(document) != report["run"]["description"]["sha256"]:
        raise InputError(
            "the report is about another description than the one here",
            file=f"generated/{EFFECTIVE}",
            fix="run `python3 -m scripts contract` once more and propose from its report",
        )
    description = Description(document)
    operations = {one["operation_id"]: one for one in report["operations"]}
    hinted, _ = overlay.apply_folder(document, Layout(root).generator_overlays, root=root)
    made: list[Proposal] = []
    behaviours: list[Behaviour] = []
    for finding in report["findings"]:
        # What follows from it has to be said as well: a first value of the type that was not described, say.
        told = [finding, *({**finding, **one} for one in finding["also"])]
        found = _distinct([step for one in told for step in steps(Case(description, one, operations, hinted))])
        if found:
            made.append(_proposal(finding, found, report["run"], document))
        else:
            behaviours.append(Behaviour(finding["fingerprint"], behaviour(finding)))
    return Proposals(tuple(made), tuple(behaviours))


def write(root: Path, proposals: Proposals) -> list[Path]:
    """Put each proposal into ``overlays/proposed``, in place of an earlier one for the same finding."""
    folder = root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
            for one in proposals.proposals:
                (Path(staging) / one.name).write_text(one.text, encoding="utf-8")
            for one in proposals.proposals:
                for earlier in of_finding(folder, one.fingerprint):
                    earlier.unlink()
                (Path(staging) / one.name).replace(folder / one.name)
    except OSError as problem:
        raise InputError(f"cannot write the proposals: {problem.strerror}", file=FOLDER) from problem
    return [folder / one.name for one in proposals.proposals]


def of_finding(folder: Path, fingerprint: str) -> list[Path]:
    """The files of the proposals for one finding; the beginning of its id is enough."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.name.startswith(fingerprint))


def _document(root: Path) -> dict[str, Any]:
    path = Layout(root).generated / EFFECTIVE
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(f"cannot be read: {problem}", file=f"generated/{EFFECTIVE}") from problem
    return document


def _distinct(found: list[Step]) -> list[Step]:
    """Each action once: several operations may lead to the same one."""
    kept: dict[str, Step] = {}
    for step in found:
        kept.setdefault(json.dumps(step.action, sort_keys=True), step)
    return list(kept.values())


def _proposal(finding: Json, found: list[Step], run: Json, document: Mapping[str, Any]) -> Proposal:
    day = run["started"][:10]
    source = source_document(run)
    times = "once" if finding["occurrences"] == 1 else f"{finding['occurrences']} times"
    where = ", ".join(finding["operations"])
    actions = [
        {
            "target": action["target"],
            "description": text,
            "x-date": day,
            "x-reason": f"Observed by a run of the contract suite: {_plain(finding['observed'])}; described was: "
            f"{_plain(finding['expected'])}. Seen in {where}.",
            "x-evidence": [{"document": source["id"], "note": f"seen {times}, finding {finding['fingerprint']}"}],
            **{key: value for key, value in action.items() if key != "target"},
        }
        for text, action in ((step.text, step.action) for step in found if not step.generator)
    ]
    hints = [{**step.action, "description": step.text} for step in found if step.generator]
    contents = {
        "overlay": VERSION,
        "info": {"title": _title(finding), "version": "1.0.0"},
        "x-finding": finding["fingerprint"],
        "x-document": source,
        "x-exchange": _shown(finding),
        "actions": actions,
        **({GENERATOR: hints} if hints else {}),
    }
    name = f"{finding['fingerprint']}-{_slug(finding)}{SUFFIX}"
    text = overlay_text.dump(contents)
    _check(text, name, document)
    return Proposal(finding["fingerprint"], name, finding["headline"], tuple(step.text for step in found), text)


def source_document(run: Json) -> dict[str, Any]:
    """The entry for ``openapi/evidence/documents.yaml``: all runs of one day against one target are one source."""
    day = run["started"][:10]
    target = f"{run['target']} with {', '.join(run['planted'])}" if run["planted"] else run["target"]
    return {
        "id": f"RUN-{day}-{re.sub(r'[^A-Za-z0-9]+', '-', run['target']).strip('-')}",
        "title": f"Run of the contract suite, budget {run['budget']}, seed {run['seed']}",
        "address": f"target {target}",
        "date": day,
        "kind": "live",
        "trust": 1,
    }


def _check(text: str, name: str, document: Mapping[str, Any]) -> None:
    """Hold a proposal to the pipeline's own rules before anybody sees it."""
    with tempfile.TemporaryDirectory(prefix="proposal-") as scratch:
        path = Path(scratch) / name
        path.write_text(text, encoding="utf-8")
        overlay.apply(dict(document), overlay.read(path, (FOLDER / name).as_posix()))


def _title(finding: Json) -> str:
    place = f" {finding['pointer']}" if finding["pointer"] else ""
    return f"What a run saw of {finding['operations'][0]}{place}: {finding['kind']}"


def _slug(finding: Json) -> str:
    words = re.findall(r"[a-z0-9]+", f"{finding['kind']} {finding['pointer'].rpartition('/')[2]}".lower())
    return "-".join(words)[:60]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(finding: Json) -> str:
    """How to see it again; the report may be gone by the time somebody decides."""
    return str(finding["curl"]) or "none"


def listed(root: Path) -> Iterator[tuple[Path, overlay.Overlay]]:
    """The proposals that wait for somebody to decide."""
    for path in sorted((root / FOLDER).glob(f"*{SUFFIX}")):
        yield path, overlay.read(path, (FOLDER / path.name).as_posix())
