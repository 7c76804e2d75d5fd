"""No two paths differ only in the names of their parameters: a server could not tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each path that another stands for already."""
    seen: dict[str, str] = {}
    for path in mapping(subject.document.root.get("paths")):
        other = seen.setdefault(re.sub(r"{[^{}]*}", "{}", path), path)
        if other != path:
            yield Finding(
                pointers.join("/paths", path), f"{path} is the same path as {other}", "put them into one path item"
            )
