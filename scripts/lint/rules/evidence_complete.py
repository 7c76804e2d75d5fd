"""Every statement of the description and of an overlay rests on a document, or is marked as an assumption."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint import evidence
from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline.places import Place

SCOPE = Scope.HOUSE
FIX = "add a claim to openapi/evidence, or x-evidence, x-reason and x-date to the overlay action"
# What to do about a problem, by a part of what is said about it; the first that fits.
FIXES = {
    "is nowhere in the description": "remove or correct the pointer",
    "there is no document": "add it to openapi/evidence/documents.yaml, or correct the id",
    "is cited by nothing": "cite it where something rests on it, or remove it from openapi/evidence/documents.yaml",
    "names no document": "name the documents that the claim rests on",
    " times": "keep one claim for the pointer and remove the others",
    "open point ": "put the entry back, or make open_points of that file agree with it",
    "has no x-": "add it to the overlay action",
}
PLACE = re.compile(r"(?P<file>[^\s:]+\.ya?ml):(?P<line>\d+): (?P<said>.*)", re.DOTALL)
POINTER = re.compile(r"#(?P<pointer>/\S*) (?P<said>.*)", re.DOTALL)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each statement without evidence and each claim that is wrong."""
    if subject.house is None:
        return
    for problem in evidence.problems(subject.document.root, subject.house.evidence, subject.house.overlays):
        if placed := PLACE.fullmatch(problem):
            said = placed["said"]
            yield Finding("", said, _fix(said), place=Place(placed["file"], int(placed["line"])))
        elif pointed := POINTER.fullmatch(problem):
            yield Finding(pointed["pointer"], pointed["said"], _fix(pointed["said"]))
        else:
            yield Finding("", problem, _fix(problem))


def _fix(said: str) -> str:
    return next((fix for part, fix in FIXES.items() if part in said), FIX)
