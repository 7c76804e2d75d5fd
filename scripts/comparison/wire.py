"""Whether two packages send the same bytes for the same calls, and whether the comparison said so.

Each package runs in a process of its own, because two versions have one name. Every request has to be equal to the
byte (method, address, headers in their order, body), unless a change of the operation says that requests differ.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

from scripts.comparison import wire_calls
from scripts.comparison.change import Change
from scripts.comparison.comparison import Comparison
from scripts.comparison.snapshot import Snapshot
from scripts.comparison.wire_calls import Call
from scripts.errors import InputError
from scripts.lint.document import Document
from scripts.pipeline.load import JsonObject

DRIVER = Path(__file__).resolve().with_name("wire_driver.py")
PARTS = ("method", "url", "headers", "body")
Progress = Callable[[str], None]


@attrs.frozen
class WireDifference:
    """One way of making a call that sends something else now; ``explained`` names the change that says so."""

    operation: str
    way: str
    arguments: str
    part: str
    before: str
    after: str
    explained: str | None


@attrs.frozen
class WireReport:
    """``calls``: how many were made; ``requests``: how many were compared; and what differs."""

    calls: int
    requests: int
    differences: tuple[WireDifference, ...]

    @property
    def unexplained(self) -> tuple[WireDifference, ...]:
        """What no change accounts for."""
        return tuple(one for one in self.differences if one.explained is None)


def compare(before: Snapshot, after: Snapshot, found: Comparison, progress: Progress = lambda text: None) -> WireReport:
    """Make the calls through both; ``InputError`` when either lacks what is needed, or nothing could be compared."""
    for one in (before, after):
        if one.description is None or one.package is None:
            raise InputError(
                f"{one.name} has no {'package' if one.description else 'description'}, so no calls can be made",
                fix="compare two revisions or working copies",
            )
    assert before.description is not None
    assert after.description is not None
    made = [*wire_calls.calls(Document(before.description), Document(after.description))]
    progress(f"making {len(made)} calls in three ways, through both packages")
    recorded = [
        _record(snapshot, made, [getattr(call, end) for call in made])
        for snapshot, end in ((before, "before"), (after, "after"))
    ]
    differences: list[WireDifference] = []
    requests = 0
    for call, old, new in zip(made, *recorded, strict=True):
        for way in old:
            if "error" in old[way] and "error" in new[way]:
                continue  # neither can make it: no caller can have relied on it
            requests += 1
            if (different := _difference(call, way, old[way], new[way], found)) is not None:
                differences.append(different)
    if made and not requests:
        raise InputError("neither package could make a single call", fix="regenerate both")
    return WireReport(len(made), requests, tuple(differences))


def _record(snapshot: Snapshot, made: Sequence[Call], ids: list[str]) -> list[dict[str, JsonObject]]:
    """What one package sends for each call, by the way in which the call is made."""
    given = [
        {"operation": name, "path": call.path, "query": call.query, "header": call.header, "body": call.body}
        for call, name in zip(made, ids, strict=True)
    ]
    # -I: neither the caller's folder nor PYTHONPATH may put another version of the package in the way.
    command = [sys.executable, "-I", str(DRIVER), str(snapshot.package)]
    result = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    if result.returncode:
        said = "\n".join(result.stderr.strip().splitlines()[-3:])
        raise InputError(f"the package of {snapshot.name} can't make calls:\n{said}")
    answered: list[dict[str, JsonObject]] = json.loads(result.stdout)
    return answered


def _difference(call: Call, way: str, old: JsonObject, new: JsonObject, found: Comparison) -> WireDifference | None:
    if old == new:
        return None
    part = "error" if "error" in old or "error" in new else next(key for key in PARTS if old[key] != new[key])
    was, now = (str(one.get(part, "sent")) for one in (old, new))
    return WireDifference(call.after, way, call.label, part, was, now, _explanation(call, part, found))


def _explanation(call: Call, part: str, found: Comparison) -> str | None:
    """The change that tells it: of the operation's requests, or, for a call that fails, of its Python names."""
    for change in found.changes or ():
        if {call.before, call.after} & set(change.operations) and (
            change.on_wire or (part == "error" and _fails(change))
        ):
            return f"{change.place}: {change.kind.replace('-', ' ')}"
    return None


def _fails(change: Change) -> bool:
    """Whether a change says that a call which could be made can't be made any more, or the other way round."""
    return any("TypeError" in one.callers or "another name" in one.callers for one in change.consequences)


def lines(report: WireReport, most: int = 20) -> list[str]:
    """The outcome for people, what is not explained first."""
    written = []
    ordered = sorted(report.differences, key=lambda one: one.explained is not None)
    for one in ordered[:most]:
        said = f"explained by {one.explained}" if one.explained else "NOT EXPLAINED by any change"
        written.append(f"  {one.operation} ({one.way}, {one.arguments}): {one.part} differs; {said}")
        written.append(f"      before: {one.before[:200]}")
        written.append(f"      after:  {one.after[:200]}")
    if len(ordered) > most:
        written.append(f"  and {len(ordered) - most} more")
    equal = report.requests - len(report.differences)
    tail = f"{len(report.differences)} differ, {len(report.unexplained)} of them unexplained"
    return [*written, f"wire: {report.calls} calls, {report.requests} requests compared: {equal} equal, {tail}"]


def as_json(report: WireReport) -> dict[str, Any]:
    """The report for programs."""
    return {
        "calls": report.calls,
        "requests": report.requests,
        "unexplained": len(report.unexplained),
        "differences": [attrs.asdict(one) for one in report.differences],
    }
