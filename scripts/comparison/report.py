"""A comparison as lines for a terminal, as Markdown for a pull request, and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scripts.comparison.change import Cause, Change, Consequence, Effect, Verdict
from scripts.comparison.comparison import Comparison
from scripts.comparison.python_changes import PythonChange
from scripts.lint.report import escaped
from scripts.pipeline.load import JsonObject

VERSION = 1
SHOWN = 72
LISTED = 6
# A pull request's text holds 65,536 characters; what is left out is said.
MOST_CHARACTERS = 60_000
HEADS = {
    Effect.BREAKING: "Breaking",
    Effect.DEGRADED: "Degraded",
    Effect.ADDITIVE: "Additive",
    Effect.DOCUMENTATION: "Documentation",
}
API_HEAD = ("| place | change | operations | on the wire | callers | cause |", "|---|---|---|---|---|---|")
PYTHON_HEAD = ("| name | change | callers |", "|---|---|---|")
SAYING = {
    Verdict.NONE: "nothing changed",
    Verdict.PATCH: "patch: nothing that a program can notice",
    Verdict.MINOR: "minor: code that worked goes on working",
    Verdict.MAJOR: "major: code that worked can fail",
}


def lines(found: Comparison, *, everything: bool = False) -> Iterator[str]:
    """Lines for people; words alone are counted, not listed, unless ``everything`` is wanted."""
    for effect in Effect:
        changes = [one for one in found.changes or () if one.effect is effect]
        python = [one for one in found.python or () if one.effect is effect]
        if not changes and not python:
            continue
        yield f"{effect.value}: {counted(len(changes), len(python))}"
        if effect is Effect.DOCUMENTATION and not everything:
            yield "  (--all lists them)"
            continue
        for change in changes:
            yield from _change(change)
        for one in python:
            yield f"  python  {one.names[0]}: {one.kind.replace('-', ' ')}{_arrow(one.before, one.after)}"
            yield f"      callers: {one.callers}{more(one.names)}"
    yield from compared(found)


def compared(found: Comparison) -> Iterator[str]:
    """What was compared, what was not, and the verdict."""
    if found.changes is None:
        yield "not compared: descriptions, because one of the two has none"
    if found.python is None:
        yield "not compared: packages, because one of the two has none"
    yield f"verdict: {SAYING[found.verdict]} ({found.before} -> {found.after})"


def counted(changes: int, python: int) -> str:
    """``3 changes of the API, 2 of Python names``."""
    return ", ".join(
        filter(None, (f"{changes} of the API" if changes else "", f"{python} of Python names" if python else ""))
    )


def _change(change: Change) -> Iterator[str]:
    yield f"  {change.place}: {change.kind.replace('-', ' ')}{_arrow(change.before, change.after)}"
    if change.operations:
        yield f"      operations: {listed(change.operations)}"
    for one in change.consequences:
        yield f"      {_direction(one)}wire: {one.wire}; callers: {one.callers}"
    if change.evidence.cause is not Cause.UNKNOWN or change.evidence.notes:
        yield f"      cause: {change.evidence.cause.value}"
        yield from (f"        {escaped(note)}" for note in change.evidence.notes[:LISTED])


def _direction(one: Consequence) -> str:
    return f"in {one.direction.value}s: " if one.direction else ""


def _arrow(before: Any, after: Any) -> str:
    """What it was and what it is, where there is anything to show."""
    if before is None and after is None:
        return ""
    return f": {shown(before)} -> {shown(after)}"


def shown(value: Any) -> str:
    """A value in a few words on one line."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = escaped(text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def listed(operations: tuple[str, ...]) -> str:
    """The first few names, and how many more there are."""
    rest = len(operations) - LISTED
    return ", ".join(map(escaped, operations[:LISTED])) + (f" and {rest} more" if rest > 0 else "")


def more(names: tuple[str, ...]) -> str:
    """How many variants share a change."""
    return f" ({len(names)} variants)" if len(names) > 1 else ""


def markdown(found: Comparison, sent: Sequence[str] = ()) -> str:
    """The report for a pull request, short enough for one; ``sent`` is what was said of requests, and is never cut."""
    head = [f"## What this does to callers: {found.verdict.value}", "", f"{SAYING[found.verdict].capitalize()}."]
    head.append(f"Compared {cell(found.before)} with {cell(found.after)}.")
    body: list[str] = []
    for effect in Effect:
        rows = [*_rows(one for one in found.changes or () if one.effect is effect)]
        names = [*_python_rows(one for one in found.python or () if one.effect is effect)]
        if not rows and not names:
            continue
        closed = effect in {Effect.ADDITIVE, Effect.DOCUMENTATION}
        summary = f"{HEADS[effect]}: {counted(len(rows), len(names))}"
        body += ["", *([f"<details><summary>{summary}</summary>"] if closed else [f"### {summary}"])]
        body += ["", *API_HEAD, *rows] if rows else []
        body += ["", *PYTHON_HEAD, *names] if names else []
        body += ["", "</details>"] if closed else []
    tail = ["", *(line for line in compared(found) if line.startswith("not compared"))]
    block = ["", "```text", *map(escaped, sent), "```"] if sent else []
    room = MOST_CHARACTERS - sum(len(line) + 1 for line in block)
    return "\n".join([*_fitting([*head, *body, *tail], room), *block]) + "\n"


def _fitting(written: list[str], room: int) -> list[str]:
    """As many lines as fit in so many characters; a table that is cut says so, and ``<details>`` is closed."""
    kept: list[str] = []
    size = 0
    for line in written:
        size += len(line) + 1
        if size > room:
            rest = sum(one.startswith("| ") for one in written[len(kept) :])
            opened = sum(one.startswith("<details>") for one in kept) - kept.count("</details>")
            kept += ["", *["</details>"] * opened, "", f"{rest} more rows do not fit here; `--json` has them all."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip().split("\n")


def _rows(changes: Iterable[Change]) -> Iterator[str]:
    for one in changes:
        wire = "<br>".join(f"{_direction(each)}{each.wire}" for each in one.consequences)
        callers = "<br>".join(f"{_direction(each)}{each.callers}" for each in one.consequences)
        notes = "".join(f"<br>{cell(note)}" for note in one.evidence.notes[:2])
        what = f"{one.kind.replace('-', ' ')}{cell(_arrow(one.before, one.after))}"
        names = cell(listed(one.operations))
        yield f"| `{cell(one.place)}` | {what} | {names} | {wire} | {callers} | {one.evidence.cause.value}{notes} |"


def _python_rows(changes: Iterable[PythonChange]) -> Iterator[str]:
    for one in changes:
        what = f"{one.kind.replace('-', ' ')}{cell(_arrow(one.before, one.after))}"
        yield f"| `{cell(one.names[0])}` | {what} | {one.callers}{more(one.names)} |"


def cell(text: str) -> str:
    """Text that can't break out of a table, become markup or mention somebody."""
    text = escaped(text).replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("\n", " ")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u200b")


def as_json(found: Comparison) -> JsonObject:
    """Everything, for programs; ``version`` moves when a field changes its meaning or goes."""
    totals = Counter(effect.value for effect in found.effects)
    return {
        "version": VERSION,
        "before": found.before,
        "after": found.after,
        "verdict": found.verdict.value,
        "totals": {effect.value: totals[effect.value] for effect in Effect},
        "operations_compared": found.operations,
        "changes": None if found.changes is None else [_change_json(one) for one in found.changes],
        "python": None if found.python is None else [_python_json(one) for one in found.python],
    }


def _change_json(one: Change) -> JsonObject:
    return {
        "kind": one.kind,
        "effect": one.effect.value,
        "place": one.place,
        "operations": list(one.operations),
        "before": one.before,
        "after": one.after,
        "pointer_before": one.pointer_before,
        "pointer_after": one.pointer_after,
        "consequences": [
            {
                "direction": each.direction.value if each.direction else None,
                "effect": each.effect.value,
                "wire": each.wire,
                "callers": each.callers,
            }
            for each in one.consequences
        ],
        "cause": one.evidence.cause.value,
        "evidence": list(one.evidence.notes),
    }


def _python_json(one: PythonChange) -> JsonObject:
    return {
        "kind": one.kind,
        "effect": one.effect.value,
        "names": list(one.names),
        "before": one.before,
        "after": one.after,
        "callers": one.callers,
    }
