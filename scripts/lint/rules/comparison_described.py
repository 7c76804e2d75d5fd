"""A comparing filter is described as what its name says: ``[lt]`` is not "greater than"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
OPERATOR = re.compile(r"\[(lt|lte|gt|gte)\]$|_(lt|lte|gt|gte)$")
LESS = re.compile(r"\b(?:less|before|earlier|smaller|below|older|until|at most|up to)\b", re.IGNORECASE)
MORE = re.compile(r"\b(?:greater|after|later|larger|above|more than|newer|since|at least)\b", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each filter whose description says the opposite of its name."""
    for node in subject.document.nodes("parameters"):
        found = OPERATOR.search(text(node.value.get("name")))
        description = text(node.value.get("description"))
        if found is None:
            continue
        operator = found[1] or found[2]
        meant, opposite = (LESS, MORE) if operator.startswith("lt") else (MORE, LESS)
        if opposite.search(description) and not meant.search(description):
            at = pointers.join(node.pointer, "description")
            yield Finding(at, f"{node.value['name']} is described as its opposite", "say what the operator compares")
