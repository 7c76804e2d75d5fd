"""The stages in their order: from the hand-written folders of one working copy to a complete ``generated/``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import attrs

from scripts.errors import InputError
from scripts.pipeline import counts, manifest, merge, names, overlay, package, pointers, shape
from scripts.pipeline.bundle import Bundle, bundle
from scripts.pipeline.counts import Counted
from scripts.pipeline.layout import BUNDLED, EFFECTIVE, PACKAGE, Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.overlay import Applied
from scripts.pipeline.places import Place


@attrs.frozen
class Stage:
    """A stage that has ended: its name, what it made in a few words, and how long it took in seconds."""

    name: str
    summary: str
    seconds: float


@attrs.frozen
class Built:
    """What a build found: the counts by stage and the overlays with their hits."""

    counts: dict[str, Counted]
    overlays: tuple[Applied, ...]


Progress = Callable[[Stage], None]


def build(layout: Layout, folder: Path, progress: Progress) -> Built:
    """Build everything into the empty ``folder``; ``InputError`` for every fault of the inputs."""
    with shape.explained() as watched:
        return _build(layout, folder, progress, watched)


def _build(layout: Layout, folder: Path, progress: Progress, watched: shape.Watched) -> Built:
    clock = _Clock(progress)
    given = manifest.inputs(layout)
    bundled, stages = _bundle(layout, watched)
    clock.stage("bundle", f"{_words(stages['bundled'])} from {len(bundled.sources.files())} files")

    effective, corrections = overlay.apply_folder(bundled.document, layout.description_overlays, root=layout.root)
    hinted, hints = overlay.apply_folder(effective, layout.generator_overlays, root=layout.root)
    applied = (*corrections, *hints)
    watched.now(hinted, _locator(bundled, hinted, (*corrections, *hints)))
    names.check_operations(effective, _locator(bundled, effective, corrections))
    stages["effective"] = counts.count(effective)
    _compare_effective(stages, corrections)
    counts.compare("effective description", stages["effective"], "description for the generator", counts.count(hinted))
    names.check(hinted, _locator(bundled, hinted, applied))
    clock.stage("overlay", f"{sum(len(a.hits) for a in applied)} actions in {len(applied)} files")

    (folder / BUNDLED).write_bytes(manifest.dump(bundled.document))
    (folder / EFFECTIVE).write_bytes(manifest.dump(effective))
    made = package.make(folder / PACKAGE, effective, hinted, layout, clock.stage)
    stages["callable"] = made.counted

    if manifest.inputs(layout) != given:  # the lock would vouch for content that was not read
        raise InputError("an input was changed while the build was running", fix="run the command again")
    manifest.write_manifest(folder / PACKAGE, made.origins, given, made.modules, made.methods, folder / EFFECTIVE)
    manifest.write_lock(folder, given, tuple(map(_remembered, applied)), stages)
    clock.stage("manifest", f"{_words(stages['callable'])} described = bundled = effective = callable")
    return Built(stages, applied)


def _bundle(layout: Layout, watched: shape.Watched) -> tuple[Bundle, dict[str, Counted]]:
    """The bundled description and the counts of the first two stages."""
    bundled = bundle(layout.entry, root=layout.root)
    watched.now(bundled.document, bundled.sources.place)
    names.check_operations(bundled.document, bundled.sources.place)
    stages = {"described": counts.described(layout, bundled), "bundled": counts.count(bundled.document)}
    counts.compare("description's files", stages["described"], "bundled description", stages["bundled"])
    return bundled, stages


def _compare_effective(stages: dict[str, Counted], corrections: tuple[Applied, ...]) -> None:
    """Only an overlay that says ``remove: true`` may take something out of the description."""
    removing = any(action.remove for applied in corrections for action in applied.overlay.actions)
    bundled = stages["bundled"]
    excused = (*bundled.operations, *bundled.schemas, *bundled.webhooks) if removing else ()
    counts.compare("bundled description", bundled, "effective description", stages["effective"], excused)


def _locator(bundled: Bundle, document: JsonObject, applied: tuple[Applied, ...]) -> names.Locate:
    """Where a pointer into ``document`` was written: in a file of the description or in an overlay laid over it."""

    def locate(pointer: str) -> Place:
        try:
            before = pointers.follow(bundled.document, pointer)
            now = pointers.follow(document, pointer)
            sought = None if isinstance(now, dict | list) or merge.same(before, now) else str(now)
        except pointers.PointerToNowhere as problem:
            sought = problem.token
        for each in reversed(applied) if sought is not None else ():
            for number, text in enumerate(each.overlay.source.text.split("\n"), 1):
                if str(sought) in text:
                    return Place(each.overlay.name, number)
        return bundled.sources.place(pointer)

    return locate


def _remembered(applied: Applied) -> manifest.AppliedOverlay:
    targets = [action.target for action in applied.overlay.actions]
    return manifest.AppliedOverlay(
        file=applied.overlay.name, title=applied.overlay.title, actions=tuple(zip(targets, applied.hits, strict=True))
    )


def _words(counted: Counted) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counted.totals().items())


class _Clock:
    """Tells the progress how long each stage took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._since = time.perf_counter()

    def stage(self, name: str, summary: str) -> None:
        now = time.perf_counter()
        self._progress(Stage(name, summary, now - self._since))
        self._since = now
