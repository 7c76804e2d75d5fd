"""Make the Python package of a description: generate, prove that nothing was lost, add facade and hand-written part."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import attrs

from scripts.pipeline import counts, events, facade, manifest, package_scan, settings
from scripts.pipeline.assemble import assemble
from scripts.pipeline.counts import Counted
from scripts.pipeline.generate import GENERATOR, generate
from scripts.pipeline.layout import Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.prepare import prepare

# Takes a stage that has ended and what it made, in a few words.
Progress = Callable[[str, str], None]


@attrs.frozen
class Made:
    """What is in a package: by operationId the module of its functions and the method of the clients, by file its
    origin, and the counts of what can be called."""

    modules: dict[str, str]
    methods: dict[str, str]
    origins: dict[str, str]
    counted: Counted


def make(
    folder: Path,
    effective: JsonObject,
    hinted: JsonObject,
    layout: Layout,
    progress: Progress = lambda stage, summary: None,
) -> Made:
    """Make the package of the ``effective`` description in the empty ``folder``, without its manifest.

    ``hinted`` is the same description with the hints that the generator sees. ``InputError`` when the description can't
    be generated, or anything of it is missing in the package.
    """
    with _uncollected():
        return _make(folder, effective, hinted, layout, progress)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for circles of objects, which grows with every syntax tree and finds next to nothing: with a
    thousand operations it would take half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _make(folder: Path, effective: JsonObject, hinted: JsonObject, layout: Layout, progress: Progress) -> Made:
    configured = settings.read(layout.generator_config, layout.shown(layout.generator_config))
    generate(prepare(hinted), configured, layout.templates, folder)
    progress("generate", f"{len(manifest.files(folder))} files")

    scanned = package_scan.scan(folder)
    counted = counts.callable_in(scanned, effective)
    counts.compare("effective description", counts.count(effective), "package", counted)
    counts.refuse_unnamed(scanned, effective)
    modules = counts.modules_by_operation(scanned, effective)
    methods = facade.write(folder, effective, modules)
    typed = events.write(folder, effective, scanned.classes)
    progress("facade", f"{len(methods)} methods, for both clients, and {typed} types of event")
    origins = assemble(folder, layout, version(GENERATOR))
    progress("assemble", f"{len(origins)} files, formatted and labelled")
    return Made(modules, methods, origins, counted)
