"""Faults from a file: YAML or JSON, checked, with the line of whatever is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from scripts.errors import InputError

from .fault import Fault, When

TOP = ("seed", "faults")
CONDITIONS = tuple(one.name for one in fields(When))


def load(path: Path | str) -> tuple[list[Fault], int | None]:
    """The faults of a file and its seed (None: not given); ``InputError`` with file and line when it is not valid."""
    # Only who has a file needs a reader that knows lines.
    from scripts.pipeline.load import read

    source = read(Path(path))
    try:
        return parse(source.contents)
    except InputError as problem:
        raise source.error(problem.message, problem.pointer or "", problem.fix) from None


def parse(data: Any) -> tuple[list[Fault], int | None]:
    """The same for a value such as the file holds; the pointer of an ``InputError`` leads into it."""
    if not isinstance(data, dict):
        raise InputError("holds no object", pointer="", fix="write 'faults:' and a list below it")
    for name in data:
        if name not in TOP:
            raise InputError(f"{name!r} is not known here", pointer=f"/{name}", fix=f"known are {', '.join(TOP)}")
    seed = data.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise InputError(f"the seed is {seed!r}", pointer="/seed", fix="write a whole number")
    entries = data.get("faults")
    if not isinstance(entries, list) or not entries:
        raise InputError("there are no faults", pointer="/faults", fix="list at least one under 'faults:'")
    return [_fault(entry, f"/faults/{index}") for index, entry in enumerate(entries)], seed


def _fault(entry: Any, place: str) -> Fault:
    if not isinstance(entry, dict) or not isinstance(entry.get("fault"), str):
        raise InputError("a fault is an object with its kind under 'fault'", pointer=place, fix="say 'fault: latency'")
    when = entry.get("when", {})
    if not isinstance(when, dict):
        raise InputError("'when' is no object", pointer=f"{place}/when", fix=f"it may hold {', '.join(CONDITIONS)}")
    for name, value in when.items():
        if name not in CONDITIONS:
            raise InputError(
                f"{name!r} is no condition", pointer=f"{place}/when/{name}", fix=f"known are {', '.join(CONDITIONS)}"
            )
        if name in {"operation", "method", "path"} and not isinstance(value, str):
            raise InputError(f"{name} is {value!r}", pointer=f"{place}/when/{name}", fix="write a text")
    settings = {name: value for name, value in entry.items() if name not in {"fault", "when"}}
    try:
        return Fault(entry["fault"], When(**when), settings)
    except InputError as problem:
        raise InputError(problem.message, pointer=f"{place}{problem.pointer or ''}", fix=problem.fix) from None
