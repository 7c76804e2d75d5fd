"""No two values of an enum get one member name: ``in-progress`` and ``in_progress``, ``A`` and ``a``.

Depending on their order the generator ends in a traceback, or the second takes the place of the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import sequence, texts, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
VARNAMES = "x-enum-varnames"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each enum with values that clash."""
    for node in subject.document.schemas:
        values = [value for value in sequence(node.value.get("enum")) if value is not None]
        if types(node.value) == ["boolean"] or not values or not all(isinstance(value, str) for value in values):
            continue
        clash = _clash(values, texts(node.value.get(VARNAMES)))
        if clash is None:
            continue
        one, other, crashes = clash
        mend: tuple[OverlayAction, ...] = ()
        if VARNAMES not in node.value:
            mend = (overlay_action.update(node.pointer, {VARNAMES: distinct(values)}, subject.document.root),)
        yield Finding(
            pointers.join(node.pointer, "enum"),
            f"the enum values {one!r} and {other!r} get one name",
            f"add {VARNAMES} with a name for each value",
            Loss.EVERYTHING if crashes else Loss.GARBLED,
            mend,
        )


def _clash(values: list[Any], names: list[str]) -> tuple[str, str, bool] | None:
    """The first two values of one name, and whether the generator notices, which is a crash."""
    seen: dict[str, str] = {}
    quiet: tuple[str, str, bool] | None = None
    for index, value in enumerate(values):
        key = names[index] if len(names) == len(values) else default_name(value, index)
        if key in seen:
            return seen[key], value, True
        member = python_names.member(key)
        if member in seen and quiet is None:
            quiet = seen[member], value, False
        seen[member] = value
    return quiet


def default_name(value: str, index: int) -> str:
    """What the generator calls a value before it cleans the name."""
    return value.upper() if value and value[0].isalpha() else f"VALUE_{index}"


def distinct(values: list[Any]) -> list[str]:
    """Names for values, told apart by a number where they clash."""
    found: list[str] = []
    for index, value in enumerate(values):
        name = python_names.member(default_name(str(value), index))
        number = 2
        while name in found:
            name, number = f"{python_names.member(default_name(str(value), index))}_{number}", number + 1
        found.append(name)
    return found
