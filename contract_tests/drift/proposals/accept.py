"""Accept a proposal: it becomes a correction that everyone sees, its evidence a listed document, and all is rebuilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.drift.proposals import overlay_text
from contract_tests.drift.proposals.propose import FOLDER, GENERATOR, SUFFIX, of_finding
from scripts.errors import InputError
from scripts.pipeline import load, overlay
from scripts.pipeline.layout import Layout

DOCUMENTS = Path("openapi", "evidence", "documents.yaml")
# Overlays are numbered in tens, so that one can be put between two.
STEP = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where a correction stands now, and whether its source had to be listed."""

    overlay: Path
    listed: bool


def accept(root: Path, fingerprints: Sequence[str], rebuild: Callable[[], int]) -> list[Accepted]:
    """Move the proposals of findings to ``overlays/description`` and call ``rebuild`` once (0 for success).

    When that fails, everything is put back. ``InputError`` for an id that names no proposal, or several.
    """
    chosen = list(dict.fromkeys(_chosen(root, one) for one in fingerprints))
    documents = root / DOCUMENTS
    before = documents.read_bytes()
    made: list[Path] = []
    try:
        done = [_moved(root, path, made) for path in chosen]
        if rebuild() != 0:
            raise InputError("generated/ could not be rebuilt with the corrections", file=FOLDER)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        documents.write_bytes(before)
        raise
    for path in chosen:
        path.unlink()
    return done


def _moved(root: Path, path: Path, made: list[Path]) -> Accepted:
    """Write the correction of one proposal; each new file is added to ``made``."""
    source = load.read(path, (FOLDER / path.name).as_posix())
    overlay.read(path, source.name)
    layout, name = Layout(root), _name(path, source.contents)
    target = layout.description_overlays / f"{_next_number(layout.description_overlays):03d}-{name}"
    # Its name comes after that of the hints, whose lists it goes on with.
    hints = layout.generator_overlays / f"names-{name}"
    made += [target, hints]
    _put(source.contents, target, hints)
    return Accepted(target, _list_document(root / DOCUMENTS, source.contents.get("x-document")))


def _put(proposal: Mapping[str, Any], target: Path, hints: Path) -> None:
    """Write the correction, and what the generator has to know of it into a file of its own."""
    actions = proposal.get(GENERATOR)
    correction = {key: value for key, value in proposal.items() if key != GENERATOR}
    target.write_text(overlay_text.dump(correction), encoding="utf-8")
    if actions:
        kept = {key: value for key, value in correction.items() if key in {"overlay", "info"}}
        hints.write_text(overlay_text.dump({**kept, "actions": actions}), encoding="utf-8")


def _chosen(root: Path, fingerprint: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{4,12}", fingerprint):
        raise InputError(f"{fingerprint!r} is no id of a finding", fix="write its twelve hex digits, or the first four")
    found = of_finding(root / FOLDER, fingerprint)
    if len(found) == 1:
        return found[0]
    waiting = ", ".join(path.name for path in sorted((root / FOLDER).glob(f"*{SUFFIX}"))) or "none"
    many = "several proposals begin" if found else "no proposal begins"
    raise InputError(
        f"{many} with {fingerprint}",
        file=FOLDER,
        fix=f"`python3 -m scripts drift propose` writes them; there are: {waiting}",
    )


def _next_number(folder: Path) -> int:
    numbers = [int(found[1]) for path in folder.glob(f"*{SUFFIX}") if (found := re.match(r"(\d+)-", path.name))]
    return (max(numbers, default=0) // STEP + 1) * STEP


def _name(path: Path, contents: Mapping[str, Any]) -> str:
    """``2026-11-added-colour.overlay.yaml``: the month of the observation and what it is about."""
    month = str((contents.get("x-document") or {}).get("date", ""))[:7]
    about = path.name.partition("-")[2]
    return f"{month}-{about}" if month else about


def _list_document(documents: Path, entry: Any) -> bool:
    """Add the source of a proposal to the documents, unless it is there; whether it was added."""
    if not isinstance(entry, dict):
        return False
    source = load.read(documents, DOCUMENTS.as_posix())
    if any(one.get("id") == entry["id"] for one in source.contents.get("documents", ())):
        return False
    lines = overlay_text.dump({"documents": [entry]}).splitlines()[1:]
    indented = [f"  {line}" for line in lines] if lines[0].startswith("-") else lines
    text = documents.read_text(encoding="utf-8")
    documents.write_text(text.rstrip("\n") + "\n" + "\n".join(indented) + "\n", encoding="utf-8")
    return True
