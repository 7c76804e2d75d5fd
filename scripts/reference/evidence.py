"""What stands in ``openapi/evidence``, with the words: documents, claims, conflicts, assumptions.

``scripts.lint.evidence_files`` checks these files and keeps what a check needs; here the texts are kept for readers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from scripts.lint import evidence_files
from scripts.pipeline import load, pointers
from scripts.pipeline.load import Source


@attrs.frozen
class Document:
    """A source that claims cite; ``trust`` 1 is the strongest."""

    id: str
    title: str
    address: str
    date: str
    kind: str
    trust: int


@attrs.frozen
class Claim:
    """A statement about the parts of the description at ``pointers`` (``#/…``); ``place`` is file and line."""

    pointers: tuple[str, ...]
    text: str
    documents: tuple[str, ...]
    assumed: bool
    place: str


@attrs.frozen
class Position:
    """What some documents say in a conflict."""

    says: str
    documents: tuple[str, ...]


@attrs.frozen
class Conflict:
    """Documents that contradict each other, the choice made and its reason; ``pointers`` may be empty."""

    id: str
    topic: str
    positions: tuple[Position, ...]
    choice: str
    why: str
    pointers: tuple[str, ...]
    place: str


@attrs.frozen
class Assumption:
    """A point that no document tells, the choice made and its reason; ``pointers`` may be empty."""

    topic: str
    choice: str
    why: str
    pointers: tuple[str, ...]
    place: str


@attrs.frozen
class Ledger:
    """All of it, in the order of files and lines."""

    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    assumptions: tuple[Assumption, ...]


def read(folder: Path, root: Path) -> Ledger:
    """The evidence in ``folder``; places are relative to ``root``. ``InputError`` for what the lint refuses to read."""
    evidence_files.read(folder, root)  # reports every fault of shape, so that nothing below has to
    sources = [load.read(path, path.relative_to(root).as_posix()) for path in sorted(folder.glob("*.yaml"))]
    listed = next(source for source in sources if source.path.name == evidence_files.DOCUMENTS)
    others = [source for source in sources if source is not listed]
    return Ledger(
        documents=tuple(_document(entry) for entry in listed.contents["documents"]),
        claims=tuple(_claim(entry, place) for entry, place in _entries(others, "claims")),
        conflicts=tuple(_conflict(entry, place) for entry, place in _entries(others, "conflicts")),
        assumptions=tuple(
            Assumption(str(entry["topic"]), str(entry["choice"]), str(entry["why"]), _pointers(entry), place)
            for entry, place in _entries(others, "assumptions")
        ),
    )


def _entries(sources: list[Source], section: str) -> list[tuple[dict[str, Any], str]]:
    """The entries of one section of all files, each with ``file:line``."""
    return [
        (entry, f"{source.name}:{source.line(pointers.join('', section, index))}")
        for source in sources
        for index, entry in enumerate(source.contents.get(section, []))
    ]


def _document(entry: dict[str, Any]) -> Document:
    texts = {name: str(entry[name]) for name in ("id", "title", "address", "date", "kind")}
    return Document(**texts, trust=int(entry["trust"]))


def _claim(entry: dict[str, Any], place: str) -> Claim:
    return Claim(
        _pointers(entry), str(entry["claim"]), tuple(entry["documents"]), entry.get("assumption") is True, place
    )


def _conflict(entry: dict[str, Any], place: str) -> Conflict:
    positions = tuple(Position(str(one["says"]), tuple(one["documents"])) for one in entry["positions"])
    return Conflict(
        id=str(entry["id"]),
        topic=str(entry["topic"]),
        positions=positions,
        choice=str(entry["choice"]),  # a status is a number there
        why=str(entry["why"]),
        pointers=_pointers(entry),
        place=place,
    )


def _pointers(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(entry["pointers"]) if "pointers" in entry else (entry["pointer"],) if "pointer" in entry else ()
