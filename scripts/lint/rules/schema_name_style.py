"""A schema is named in PascalCase with acronyms as words (``SimCard``, ``UrlShortenerSettings``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"(?:[A-Z][a-z0-9]+)+")
KINDS = ("schemas", "parameters", "responses", "headers", "links", "requestBodies")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each component of another style; examples have a rule of their own."""
    for kind in KINDS:
        for name in subject.document.components(kind):
            if not STYLE.fullmatch(name):
                words = re.sub(r"[A-Z]{2,}(?=[A-Z][a-z]|$|[^A-Za-z])", lambda m: m[0].capitalize(), name)
                better = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", words))
                at = pointers.join("/components", kind, name)
                yield Finding(at, f"the name {name} is not in PascalCase", f"rename the file, say {better}.yaml")
