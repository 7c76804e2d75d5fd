"""A parameter keeps its flat name on the wire in snake_case and brackets, ``filter[name][contains]``.

One in camelCase belongs to operations whose records have members in camelCase, as ``brandId`` beside ``brandId``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint import answers
from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"[a-z][a-z0-9_]*(?:\[[a-z][a-z0-9_]*\])*")
CAMEL = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter of another style."""
    document = subject.document
    for node in document.nodes("parameters"):
        name = text(node.value.get("name"))
        if "$ref" in node.value or node.value.get("in") == "header" or STYLE.fullmatch(name):
            continue
        if not CAMEL.fullmatch(name) or not _suits(document, node.pointer):
            at = pointers.join(node.pointer, "name")
            yield Finding(at, f"the parameter {name!r} is no flat name", "write it like page[number]")


def _suits(document: Document, pointer: str) -> bool:
    """Whether everything that takes the parameter at a pointer shows members in camelCase."""
    takers = [one for one in document.operations if pointer in {at for at, _ in one.parameters}]
    return bool(takers) and all(_shows_camel_case(document, operation) for operation in takers)


def _shows_camel_case(document: Document, operation: Operation) -> bool:
    return any(
        CAMEL.fullmatch(name)
        for body in answers.successes(document, operation)
        for _, record in answers.records(document, body)
        for name in mapping(record.get("properties"))
    )
