"""Read ``openapi/evidence``: ``documents.yaml`` and one file of claims, conflicts and assumptions for each resource."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.errors import InputError
from scripts.lint.evidence import Claim, Evidence
from scripts.pipeline import load, pointers
from scripts.pipeline.load import Source

DOCUMENTS = "documents.yaml"
# Fields of an entry: those it must have, then those it may have.
DOCUMENT = ({"id", "title", "address", "date", "kind", "trust"}, set[str]())
CLAIM = ({"claim", "documents"}, {"pointer", "pointers", "assumption"})
CONFLICT = ({"id", "topic", "positions", "choice", "why"}, {"pointers"})
POSITION = ({"says", "documents"}, set[str]())
ASSUMPTION = ({"topic", "choice", "why"}, {"pointers"})
SECTIONS = {"claims": CLAIM, "conflicts": CONFLICT, "assumptions": ASSUMPTION}
# The names of a file's conflicts and assumptions, once more: nothing else would miss an entry that was dropped.
INDEX = "open_points"


def read(folder: Path, root: Path) -> Evidence:
    """The evidence in ``folder``; messages name files relative to ``root``.

    ``InputError`` for a missing or unknown field, a wrong type, or an id that stands twice.
    """
    sources = [load.read(path, path.relative_to(root).as_posix()) for path in sorted(folder.glob("*.yaml"))]
    by_name = {source.path.name: source for source in sources}
    if DOCUMENTS not in by_name:
        raise InputError("is missing", file=(folder / DOCUMENTS).relative_to(root).as_posix())
    documents = _documents(by_name.pop(DOCUMENTS))
    claims: list[Claim] = []
    citations: list[tuple[str, str]] = []
    mentions: list[tuple[str, str]] = []
    unlisted: list[str] = []
    for source in by_name.values():
        _sections(source)
        claims += _claims(source)
        citations += _positions(source)
        mentions += _mentions(source)
        unlisted += _unlisted(source)
    return Evidence(tuple(claims), documents, tuple(citations), tuple(mentions), tuple(unlisted))


def _documents(source: Source) -> frozenset[str]:
    found: set[str] = set()
    for pointer, entry in _entries(source, "documents", DOCUMENT):
        if entry["id"] in found:
            raise source.error(f"the document {entry['id']!r} is listed twice", pointer)
        found.add(entry["id"])
    return frozenset(found)


def _unlisted(source: Source) -> Iterator[str]:
    """How a file's index differs from the conflicts and assumptions that stand in it."""
    index = source.contents.get(INDEX, [])
    line = source.line(pointers.join("", INDEX)) if INDEX in source.contents else 1
    listed = set(_texts(source, index, pointers.join("", INDEX))) if index else set()
    there = {entry["id"] for _, entry in _entries(source, "conflicts", CONFLICT)}
    there |= {entry["topic"] for _, entry in _entries(source, "assumptions", ASSUMPTION)}
    for name in sorted(listed ^ there):
        said = f"{INDEX} lists it and nothing here has that name" if name in listed else f"{INDEX} does not list it"
        yield f"{source.name}:{line}: open point {name!r}: {said}"


def _sections(source: Source) -> None:
    unknown = set(source.contents) - {*SECTIONS, INDEX}
    if unknown:
        raise source.error(f"unknown section {sorted(unknown)[0]!r}", pointers.join("", sorted(unknown)[0]))
    for _ in _entries(source, "assumptions", ASSUMPTION):
        pass  # reading them is the check


def _claims(source: Source) -> Iterator[Claim]:
    for pointer, entry in _entries(source, "claims", CLAIM):
        if ("pointer" in entry) == ("pointers" in entry):
            raise source.error("a claim has either pointer or pointers", pointer)
        about = _texts(source, entry["pointers"], pointer) if "pointers" in entry else [entry["pointer"]]
        documents = tuple(_texts(source, entry["documents"], pointer))
        place = f"{source.name}:{source.line(pointer)}"
        for target in about:
            yield Claim(target, documents, place, entry.get("assumption") is True)


def _positions(source: Source) -> Iterator[tuple[str, str]]:
    """The documents that the positions of conflicts cite; a conflict has at least two positions."""
    seen: set[str] = set()
    for pointer, conflict in _entries(source, "conflicts", CONFLICT):
        if conflict["id"] in seen:
            raise source.error(f"the conflict {conflict['id']!r} stands twice", pointer)
        seen.add(conflict["id"])
        positions = conflict["positions"]
        if not isinstance(positions, list) or len(positions) < 2:
            raise source.error("a conflict has at least two positions", pointers.join(pointer, "positions"))
        for index, position in enumerate(positions):
            here = pointers.join(pointer, "positions", index)
            _fields(source, position, POSITION, here)
            for name in _texts(source, position["documents"], here):
                yield name, f"{source.name}:{source.line(here)}"


def _mentions(source: Source) -> Iterator[tuple[str, str]]:
    """The parts of the description that conflicts and assumptions say they are about."""
    for section in ("conflicts", "assumptions"):
        for pointer, entry in _entries(source, section, SECTIONS[section]):
            for about in _texts(source, entry["pointers"], pointer) if "pointers" in entry else ():
                yield about, f"{source.name}:{source.line(pointer)}"


def _entries(source: Source, section: str, fields: tuple[set[str], set[str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a list of objects with their pointers, checked for missing and unknown fields."""
    root = source.contents
    entries = root.get(section, []) if isinstance(root, dict) else None
    if not isinstance(entries, list):
        raise source.error("must be a list", pointers.join("", section))
    for index, entry in enumerate(entries):
        pointer = pointers.join("", section, index)
        _fields(source, entry, fields, pointer)
        yield pointer, entry


def _fields(source: Source, entry: Any, fields: tuple[set[str], set[str]], pointer: str) -> None:
    needed, allowed = fields
    if not isinstance(entry, dict):
        raise source.error("must be an object", pointer)
    missing = sorted(name for name in needed if entry.get(name) in (None, "", []))
    unknown = sorted(set(entry) - needed - allowed)
    if missing or unknown:
        name, what = (missing[0], "is missing") if missing else (unknown[0], "is not a known field")
        raise source.error(f"{name!r} {what}", pointer)


def _texts(source: Source, value: Any, pointer: str) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise source.error("must be a list of at least one text", pointer)
    return value
