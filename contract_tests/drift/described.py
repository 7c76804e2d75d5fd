"""The file and line in which the description says what a finding contradicts.

The bundled description remembers the files that it came from, and each overlay action what it changed. Both are read
only once a run has a finding, and only while the files still make the description that the run used.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract_tests.description import ROOT, Description
from scripts.errors import InputError
from scripts.pipeline import pointers
from scripts.pipeline.bundle import bundle
from scripts.pipeline.layout import Layout
from scripts.pipeline.places import Place, Sources
from scripts.reference.corrections import Correction, How, replay


class SourceMap:
    """Places of one working copy; ``root`` holds ``openapi/`` and ``overlays/``."""

    def __init__(self, sources: Sources, corrections: tuple[Correction, ...]) -> None:
        self._sources = sources
        self._corrections = corrections

    def place(self, pointer: str) -> str:
        """``openapi/…/Thing.yaml:12`` for a pointer ``#/…``: what stands there, or the nearest thing around it."""
        written = self._last_correction(pointer)
        if written is not None:
            return str(written)
        return str(self._sources.place(pointer.removeprefix("#")))

    def _last_correction(self, pointer: str) -> Place | None:
        """The overlay action that wrote what stands at ``pointer``, if the files of the description did not."""
        for one in reversed(self._corrections):
            for change in one.changes:
                inside = pointer == change.pointer or pointer.startswith(f"{change.pointer}/")
                if inside and change.how is not How.REMOVED:
                    return Place(one.file, one.line)
        return None


def source_map(description: Description, root: Path = ROOT) -> SourceMap | None:
    """The map of a description, None when the files of ``root`` cannot be read or make another one."""
    try:
        found, effective = _read(root)
    except InputError:
        return None
    return found if effective == _canonical(description.document) else None


@functools.lru_cache(maxsize=2)
def _read(root: Path) -> tuple[SourceMap, str]:
    layout = Layout(root)
    bundled = bundle(layout.entry, root=root)
    effective, corrections = replay(bundled.document, layout.description_overlays, root)
    return SourceMap(bundled.sources, corrections), _canonical(effective)


def _canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True)


def nearest(description: Description, pointer: str) -> str:
    """The longest beginning of a pointer ``#/…`` that the description holds."""
    tokens = pointers.split(pointer.removeprefix("#"))
    for length in range(len(tokens), 0, -1):
        beginning = pointers.join("", *tokens[:length])
        try:
            pointers.follow(description.document, beginning)
        except pointers.PointerToNowhere:
            continue
        return f"#{beginning}"
    return "#"
