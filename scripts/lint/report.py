"""Print what was found: lines for people, or one JSON object; what the generator would lose comes last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import yaml

from scripts.lint.consequences import Outcome
from scripts.lint.finding import Loss, Problem

# Lines a rule may fill before the rest is only counted; --all shows everything.
MOST_PER_RULE = 20


def lines(problems: Sequence[Problem], outcome: Outcome | None, *, everything: bool, overlay: bool) -> list[str]:
    """The report for people; ``overlay`` adds the actions that mend each problem as YAML."""
    printed: list[str] = []
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.rule] += 1
        if everything or shown[problem.rule] <= MOST_PER_RULE:
            printed += _lines(problem, overlay)
    for rule, number in sorted(shown.items()):
        if not everything and number > MOST_PER_RULE:
            printed.append(f"... and {number - MOST_PER_RULE} more of {rule} (--all shows them)")
    if outcome is not None:
        printed += _outcome(outcome)
    return [escaped(line) for line in printed]


def escaped(line: str) -> str:
    """A line with what would move the cursor, colour the terminal or reorder the text written as an escape."""
    return "".join(
        char if char == " " or char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in line
    )


def _lines(problem: Problem, overlay: bool) -> list[str]:
    finding = problem.finding
    loss = f" ({finding.loss.value})" if finding.loss else ""
    said = [f"{problem.place}: {problem.rule}: {finding.message}{loss}", f"    at {finding.pointer or 'the root'}"]
    said.append(f"    fix: {finding.fix}")
    if overlay and finding.mend:
        text = yaml.safe_dump(list(finding.mend), sort_keys=False, allow_unicode=True, width=100)
        said += ["    overlay:", *(f"      {line}" for line in text.rstrip().split("\n"))]
    return said


def _outcome(outcome: Outcome) -> list[str]:
    said = ["", f"openapi-python-client would generate {outcome.kept} of {outcome.described} operations"]
    for title, lost in (
        ("operation lost", outcome.operations),
        ("schema lost", outcome.schemas),
        ("response untyped", outcome.responses),
    ):
        names = sorted(lost)
        said += [f"  {title}: {name} because of {lost[name]}" for name in names[:MOST_PER_RULE]]
        if len(names) > MOST_PER_RULE:
            said.append(f"  ... and {len(names) - MOST_PER_RULE} more of: {title}")
    return said


def as_json(problems: Sequence[Problem], outcome: Outcome | None, summary: dict[str, Any]) -> str:
    """The whole report as one JSON object."""
    report: dict[str, Any] = dict(summary)
    report["problems"] = [_entry(problem) for problem in problems]
    if outcome is not None:
        report["generator"] = {
            "described": outcome.described,
            "generated": outcome.kept,
            "lost_operations": dict(sorted(outcome.operations.items())),
            "lost_schemas": dict(sorted(outcome.schemas.items())),
            "untyped_responses": dict(sorted(outcome.responses.items())),
        }
    return json.dumps(report, indent=2, ensure_ascii=False)


def _entry(problem: Problem) -> dict[str, Any]:
    finding = problem.finding
    entry: dict[str, Any] = {
        "rule": problem.rule,
        "file": problem.place.file,
        "line": problem.place.line,
        "pointer": finding.pointer,
        "message": finding.message,
        "fix": finding.fix,
    }
    if isinstance(finding.loss, Loss):
        entry["loss"] = finding.loss.value
    if finding.mend:
        entry["overlay"] = list(finding.mend)
    return entry
