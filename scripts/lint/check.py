"""Apply rules to a subject and put what they find in the order of files and lines."""

from __future__ import annotations

from collections.abc import Iterable

from scripts.lint import collection
from scripts.lint.finding import Finding, Problem
from scripts.lint.rule import Rule
from scripts.lint.subject import Subject


def check(subject: Subject, rules: Iterable[Rule]) -> list[Problem]:
    """Every problem that the rules meant for this subject find, sorted by file, line and rule."""
    with collection.paused():
        return _check(subject, rules)


def _check(subject: Subject, rules: Iterable[Rule]) -> list[Problem]:
    found: list[tuple[Rule, Finding]] = []
    for rule in rules:
        if rule.applies(subject):
            found += [(rule, finding) for finding in rule.check(subject)]
    if subject.prepare is not None:
        subject.prepare({finding.pointer for _, finding in found if finding.place is None})
    problems = [Problem(rule.id, finding.place or subject.locate(finding.pointer), finding) for rule, finding in found]
    return sorted(problems, key=lambda problem: (problem.place.file, problem.place.line or 0, problem.rule))
