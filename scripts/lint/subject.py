"""What rules look at: the document, the way back to its files, and for our own description what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from scripts.lint.document import Document
from scripts.lint.evidence import Evidence
from scripts.pipeline.overlay import Overlay
from scripts.pipeline.places import Place

Locate = Callable[[str], Place]


@attrs.frozen
class House:
    """What belongs to our description beside the document itself.

    ``seeds``: the mock's records by collection, as data. ``files``: the source file of each object that has a file of
    its own, by pointer into the document. ``unused``: files of the description that nothing refers to.
    """

    evidence: Evidence
    overlays: tuple[Overlay, ...] = ()
    seeds: Mapping[str, list[dict[str, Any]]] = attrs.field(factory=dict, repr=False)
    files: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    unused: tuple[str, ...] = ()


@attrs.frozen
class Subject:
    """One document under lint; ``house`` is set for our own description only.

    ``prepare`` is told all pointers before ``locate`` is asked for them one by one.
    """

    document: Document = attrs.field(repr=False)
    locate: Locate = attrs.field(repr=False)
    house: House | None = None
    prepare: Callable[[set[str]], None] | None = attrs.field(default=None, repr=False)
