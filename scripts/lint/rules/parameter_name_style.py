"""A parameter keeps its flat name on the wire in snake_case and brackets, ``filter[name][contains]``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"[a-z][a-z0-9_]*(?:\[[a-z][a-z0-9_]*\])*")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter of another style."""
    for node in subject.document.nodes("parameters"):
        name = text(node.value.get("name"))
        if "$ref" not in node.value and node.value.get("in") != "header" and not STYLE.fullmatch(name):
            at = pointers.join(node.pointer, "name")
            yield Finding(at, f"the parameter {name!r} is no flat name", "write it like page[number]")
