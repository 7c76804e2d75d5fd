"""Each operation has one tag in snake_case that the document declares, with a description and a name for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence, text, texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"[a-z][a-z0-9_]*")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each tag that is missing, undeclared, unused or of another style."""
    declared = {text(mapping(tag).get("name")): mapping(tag) for tag in sequence(subject.document.root.get("tags"))}
    used: set[str] = set()
    for operation in subject.document.operations:
        tags = texts(operation.value.get("tags"))
        used |= set(tags)
        at = pointers.join(operation.pointer, "tags")
        if len(tags) != 1:
            yield Finding(operation.pointer, f"{operation.label} has {len(tags)} tags", "give it one: its resource")
        for tag in tags:
            if not STYLE.fullmatch(tag):
                yield Finding(at, f"the tag {tag!r} is not in snake_case", "write it like messaging_profiles")
            if tag not in declared:
                yield Finding(at, f"the tag {tag!r} is not declared", "list it under tags in openapi.yaml")
    for index, (tag, value) in enumerate(declared.items()):
        at = pointers.join("/tags", index)
        if tag not in used:
            yield Finding(at, f"no operation has the tag {tag!r}", "remove it")
        for field in ("x-displayName", "description"):
            if not text(value.get(field)):
                yield Finding(at, f"the tag {tag!r} has no {field}", f"add {field}")
