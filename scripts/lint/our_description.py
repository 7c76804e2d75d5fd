"""Our description as rules look at it: the effective document, where each part was written, evidence and seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from scripts.lint import evidence_files
from scripts.lint.document import Document
from scripts.lint.subject import House, Locate, Subject
from scripts.pipeline import bundle, load, overlay, pointers
from scripts.pipeline.bundle import Bundle
from scripts.pipeline.layout import Layout
from scripts.pipeline.overlay import Applied
from scripts.pipeline.places import Place

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
SEEDS = Path("contract_tests", "mock", "seeds")
EVIDENCE = "evidence"


def read(root: Path) -> Subject:
    """Read the description of the working copy at ``root``; ``InputError`` for what can't be bundled or overlaid."""
    layout = Layout(root)
    bundled = bundle.bundle(layout.entry, root=root)
    effective, applied = overlay.apply_folder(bundled.document, layout.description_overlays, root=root)
    house = House(
        evidence=evidence_files.read(layout.description / EVIDENCE, root),
        overlays=tuple(each.overlay for each in applied),
        seeds=_seeds(root / SEEDS),
        files=_files(layout, bundled),
        unused=_unused(layout, bundled),
    )
    return Subject(Document(effective), locator(bundled, applied, effective), house)


def locator(bundled: Bundle, applied: tuple[Applied, ...], effective: dict[str, Any]) -> Locate:
    """Where a pointer into the effective document was written: in a file of the description, or in an overlay."""

    written = [
        (pointers.join("", *node.location), each.overlay, action)
        for each in reversed(applied)
        for action in reversed(each.overlay.actions)
        for node in jsonpath.find(action.target, effective)
    ]

    def locate(pointer: str) -> Place:
        try:
            pointers.follow(bundled.document, pointer)
        except pointers.PointerToNowhere as problem:
            missing = pointers.join(problem.parent, problem.token)
            for start, laid, action in written:
                if missing.startswith(f"{start}/") and _says(action.update, missing.removeprefix(start)):
                    rest = pointers.split(pointer.removeprefix(start))
                    here = pointers.join("/actions", action.number - 1, "update", *rest)
                    return Place(laid.name, laid.source.line(here))
        return bundled.sources.place(pointer)

    return locate


def _says(update: Any, pointer: str) -> bool:
    """Whether an update writes what is at a pointer from its target. An entry of an array has no name to tell it by."""
    if not isinstance(update, dict):
        return False
    try:
        pointers.follow(update, pointer)
    except pointers.PointerToNowhere as problem:
        return problem.token.isdecimal()
    return True


def _files(layout: Layout, bundled: Bundle) -> dict[str, str]:
    """The file of each object that has a file of its own, relative to the description's folder."""
    folder = layout.description.resolve()
    origins = bundled.sources.origins.items()
    return {
        pointer: source.path.relative_to(folder).as_posix()
        for pointer, (source, start) in origins
        if not start and pointer
    }


def _unused(layout: Layout, bundled: Bundle) -> tuple[str, ...]:
    folder, used = layout.description.resolve(), set(bundled.sources.files())
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES and path not in used)
    return tuple(layout.shown(path) for path in found if path.relative_to(folder).parts[0] != EVIDENCE)


def _seeds(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The mock's seed records by collection; a missing folder holds none."""
    return {path.stem: load.read(path).contents for path in sorted(folder.glob("*.yaml"))}
