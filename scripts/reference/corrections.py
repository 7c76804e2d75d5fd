"""What each Overlay action really changed: the actions are carried out one by one and the documents compared."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from scripts.pipeline import merge, overlay, pointers
from scripts.pipeline.load import JsonObject
from scripts.pipeline.overlay import Action, Overlay


class How(Enum):
    """What became of a value."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@attrs.frozen
class Change:
    """The topmost value that differs (pointer ``#/…``) and how."""

    pointer: str
    how: How


@attrs.frozen
class Citation:
    """A document that an action rests on, and what it says there."""

    document: str
    note: str


@attrs.frozen
class Correction:
    """One action: where it is written (``file``, ``line``), why and since when, and everything it changed.

    ``cause`` is its ``x-cause``: ``api-changed``, ``we-were-wrong``, or ``""`` where it does not say.
    """

    file: str
    line: int | None
    number: int
    description: str
    date: str
    reason: str
    citations: tuple[Citation, ...]
    changes: tuple[Change, ...]
    cause: str = ""

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"


def replay(bundled: JsonObject, folder: Path, root: Path) -> tuple[JsonObject, tuple[Correction, ...]]:
    """The document after all overlays of ``folder``, and what each action changed on the way.

    ``InputError`` for an overlay that can't be read or applied.
    """
    document, found = bundled, []
    for path in overlay.overlay_files(folder):
        laid = overlay.read(path, path.relative_to(root).as_posix())
        for action in laid.actions:
            before, document = document, overlay.acted(document, laid, action)
            found.append(_correction(laid, action, tuple(changes(before, document))))
    return document, tuple(found)


def changes(before: Any, after: Any, pointer: str = "#") -> Iterator[Change]:
    """How two JSON values differ, topmost differences only. A list that grew at its end has its new entries added."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            here = pointers.join(pointer, key)
            if key not in after:
                yield Change(here, How.REMOVED)
            elif key not in before:
                yield Change(here, How.ADDED)
            else:
                yield from changes(before[key], after[key], here)
    elif isinstance(before, list) and isinstance(after, list) and merge.same(before, after[: len(before)]):
        for index in range(len(before), len(after)):
            yield Change(pointers.join(pointer, index), How.ADDED)
    elif not merge.same(before, after):
        yield Change(pointer, How.CHANGED)


def _correction(laid: Overlay, action: Action, changed: tuple[Change, ...]) -> Correction:
    cited = action.extensions.get("x-evidence")
    entries = [entry for entry in cited if isinstance(entry, dict)] if isinstance(cited, list) else []
    return Correction(
        file=laid.name,
        line=laid.source.line(pointers.join("", "actions", action.number - 1)),
        number=action.number,
        description=action.description,
        date=str(action.extensions.get("x-date", "")),
        reason=str(action.extensions.get("x-reason", "")),
        citations=tuple(Citation(str(entry.get("document", "")), str(entry.get("note", ""))) for entry in entries),
        changes=changed,
        cause=str(action.extensions.get("x-cause", "")),
    )
