"""Known drift: deviations that somebody decided to live with for a while, each with a reason and a date to look again.

``known.yaml`` holds ``known``, a list of entries: ``id`` (as reports print it), ``reason``, ``date`` and ``expires``,
and where it helps ``operations`` (that show it), ``target`` (the entry is about that target alone) and ``budget``
(smaller runs cannot see it). A known finding does not fail a run; an entry that has expired, or that a run had to see
and did not, does.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.budget import BUDGETS
from contract_tests.drift.cause import Cause
from scripts.pipeline import load
from scripts.pipeline.load import Source

FILE = Path(__file__).with_name("known.yaml")
REQUIRED = ("id", "reason", "date", "expires")
OPTIONAL = ("what", "operations", "target", "budget")
IDENTITY = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One known drift; empty ``operations``, ``target`` and ``budget`` mean any. ``place`` is file and line."""

    identity: str
    reason: str
    date: datetime.date
    expires: datetime.date
    operations: tuple[str, ...]
    target: str
    budget: str
    place: str


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that has to go or to be looked at again, and why."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run could see: ``exercised`` are the operations that it sent something to.

    ``complete``: it came to its end; ``whole``: it was not restricted to some operations.
    """

    target: str
    budget: str
    exercised: frozenset[str]
    complete: bool
    whole: bool
    today: datetime.date


def read(path: Path = FILE, name: str | None = None) -> tuple[Entry, ...]:
    """The entries of a file; ``InputError`` with line and fix for one that says too little or something twice."""
    source = load.read(path, name if name is not None else path.name)
    contents = source.contents
    if not isinstance(contents, dict) or not isinstance(contents.get("known"), list) or len(contents) > 1:
        raise source.error("must hold one key, known, with a list", "", "write `known: []` when nothing is known")
    entries = [_entry(source, index, raw) for index, raw in enumerate(contents["known"])]
    said: dict[str, Entry] = {}
    for index, one in enumerate(entries):
        if one.identity in said:
            raise source.error(
                f"{one.identity} stands twice",
                f"/known/{index}",
                f"keep one; the other is at {said[one.identity].place}",
            )
        said[one.identity] = one
    return tuple(entries)


def match(causes: Iterable[Cause], entries: Iterable[Entry], seen: Seen) -> dict[str, Entry]:
    """The causes (by fingerprint) that are known to this target, with their entries; expired entries excuse nothing."""
    valid = {one.identity: one for one in entries if _concerns(one, seen) and one.expires >= seen.today}
    found = {}
    for cause in causes:
        # A behaviour of many fields is known when each of them is.
        by_part = [valid[part] for part in cause.parts if part in valid]
        if cause.fingerprint in valid:
            found[cause.fingerprint] = valid[cause.fingerprint]
        elif by_part and len(by_part) == len(cause.parts):
            found[cause.fingerprint] = by_part[0]
    return found


def stale(occurring: Iterable[str], entries: Iterable[Entry], seen: Seen) -> list[Stale]:
    """The entries that have expired, and those that this run had to see and that are not among ``occurring``."""
    occurring = set(occurring)
    found = []
    for one in entries:
        if not _concerns(one, seen):
            continue
        if one.expires < seen.today:
            found.append(Stale(one, f"expired on {one.expires}"))
        elif one.identity not in occurring and _visible(one, seen):
            found.append(Stale(one, "no longer occurs"))
    return found


def _concerns(entry: Entry, seen: Seen) -> bool:
    return entry.target in {"", seen.target}


def _visible(entry: Entry, seen: Seen) -> bool:
    """Whether a run had to show the drift if it were still there."""
    order = list(BUDGETS)
    enough = not entry.budget or order.index(seen.budget) >= order.index(entry.budget)
    # All of its operations: the drift may show in any one of them.
    reached = set(entry.operations) <= seen.exercised if entry.operations else seen.whole and bool(seen.exercised)
    return seen.complete and enough and reached


def _entry(source: Source, index: int, raw: Any) -> Entry:
    at = f"/known/{index}"
    if not isinstance(raw, Mapping):
        raise source.error("must be an object", at, f"write {', '.join(REQUIRED)}")
    for key in raw:
        if key not in (*REQUIRED, *OPTIONAL):
            raise source.error(f"{key!r} has no place here", f"{at}/{key}", f"use {', '.join((*REQUIRED, *OPTIONAL))}")
    for key in REQUIRED:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            raise source.error(f"{key} is missing" if key not in raw else f"{key} must be text", at, _FIXES[key])
    if not IDENTITY.fullmatch(raw["id"]):
        raise source.error("id must be twelve hex digits", f"{at}/id", _FIXES["id"])
    budget = raw.get("budget", "")
    if budget and budget not in BUDGETS:
        raise source.error(f"there is no budget {budget!r}", f"{at}/budget", f"choose one of {', '.join(BUDGETS)}")
    operations = raw.get("operations", [])
    if not isinstance(operations, list) or not all(isinstance(one, str) and one for one in operations):
        raise source.error("operations must be a list of operationIds", f"{at}/operations")
    target = raw.get("target", "")
    if not isinstance(target, str):
        raise source.error("target must be text", f"{at}/target", "write it as --target takes it")
    date, expires = _date(source, raw, at, "date"), _date(source, raw, at, "expires")
    if expires <= date:
        raise source.error("expires must come after date", f"{at}/expires")
    place = f"{source.name}:{source.line(at)}"
    return Entry(raw["id"], raw["reason"], date, expires, tuple(operations), target, budget, place)


_FIXES = {
    "id": "copy it from drift.md, where each finding names its id",
    "reason": "say why this may stay as it is for now",
    "date": "write the day of the decision as 2026-01-31",
    "expires": "write the day to look at it again as 2026-01-31",
}


def _date(source: Source, raw: Mapping[str, Any], at: str, key: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw[key])
    except ValueError:
        raise source.error(f"{key} is no date: {raw[key]!r}", f"{at}/{key}", _FIXES[key]) from None
