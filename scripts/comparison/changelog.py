"""The entry of ``CHANGELOG.md``: one line for each change that a caller can notice, replaced by the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scripts.comparison.change import Cause, Effect
from scripts.comparison.comparison import Comparison
from scripts.comparison.python_changes import PythonChange
from scripts.comparison.report import listed, shown
from scripts.errors import InputError
from scripts.lint.report import escaped

SECTION = "## Unreleased"
BEGIN, END = "<!-- changes: begin -->", "<!-- changes: end -->"
TOLD = (Effect.BREAKING, Effect.DEGRADED, Effect.ADDITIVE)


def entry(found: Comparison) -> list[str]:
    """The lines of the entry, without its marks; empty when nobody can notice anything."""
    written = [*_lines(found)]
    if not written:
        return []
    return [f"### For callers, since {_one_line(found.before)}: {found.verdict.value}", "", *written]


def _lines(found: Comparison) -> Iterator[str]:
    for effect in TOLD:
        for change in found.changes or ():
            if change.effect is effect:
                said = f"**{effect.value}** `{_one_line(change.place)}`: {change.kind.replace('-', ' ')}"
                values = (
                    f" ({shown(change.before)} → {shown(change.after)})"
                    if _telling(change.before, change.after)
                    else ""
                )
                reason = f"; {change.evidence.cause.value}" if change.evidence.cause is not Cause.UNKNOWN else ""
                callers = dict.fromkeys(each.callers for each in change.consequences if each.effect is effect)
                names = f" [{listed(change.operations)}]" if change.operations else ""
                yield f"- {said}{values}: {'; '.join(callers)}{reason}{names}"
        for one in found.python or ():
            if one.effect is effect and (found.changes is None or effect is not Effect.ADDITIVE):
                kind = one.kind.replace("-", " ") + (f" ({one.before} → {one.after})" if _is_rename(one) else "")
                yield f"- **{effect.value}** Python `{one.names[0]}`: {kind}: {one.callers}"


def _is_rename(change: PythonChange) -> bool:
    return change.kind.endswith("-renamed")


def _one_line(text: str) -> str:
    """A name from a description of anybody as it can stand in a list and between backticks."""
    return escaped(text).replace("`", "'")


def _telling(before: object, after: object) -> bool:
    """Whether the values say more than the kind of change does."""
    return before is not None and after is not None and not isinstance(before, dict) and not isinstance(after, dict)


def insert(text: str, written: list[str], name: str) -> str:
    """``text`` of a changelog with the entry under "Unreleased", in the place of an earlier one.

    ``InputError`` when there is no such section, or when its marks don't pair.
    """
    kept = text.split("\n")
    marks = kept.count(BEGIN), kept.count(END)
    if marks == (1, 1) and kept.index(BEGIN) < kept.index(END):
        begin, end = kept.index(BEGIN), kept.index(END) + 1
        while begin and not kept[begin - 1].strip():
            begin -= 1
        kept[begin:end] = []
    elif marks != (0, 0):
        raise InputError(f"{BEGIN} and {END} don't pair", file=name, fix="keep one of each, in this order, or none")
    if not written:
        return "\n".join(kept)
    if SECTION not in kept:
        raise InputError(f"has no section {SECTION!r}", file=name, fix="add it above the newest release")
    after = kept.index(SECTION) + 1
    end = next((index for index in range(after, len(kept)) if kept[index].startswith("## ")), len(kept))
    while end > after and not kept[end - 1].strip():
        end -= 1
    kept[end:end] = ["", BEGIN, *written, END]
    return "\n".join(kept)


def update(path: Path, found: Comparison) -> bool:
    """Write the entry into the changelog at ``path``; whether that changed anything. ``InputError`` as ``insert``."""
    try:
        before = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise InputError(
            f"can't be read: {problem.strerror}", file=path, fix=f"it has to have {SECTION!r}"
        ) from problem
    except UnicodeDecodeError as problem:
        raise InputError("is not UTF-8 text", file=path, fix="save the file as UTF-8") from problem
    after = insert(before, entry(found), path.name)
    if after == before:
        return False
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(after, encoding="utf-8")
    draft.replace(path)
    return True
