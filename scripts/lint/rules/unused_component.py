"""Every component and every file of the description is used: what nothing refers to reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import local
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import grammar, pointers
from scripts.pipeline.places import Place

SCOPE = Scope.HOUSE


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each component and each file that nothing refers to."""
    document = subject.document
    used = set()
    for node in document.every_node:
        used.add(local(node.value.get("$ref")))
        for target in mapping(mapping(node.value.get("discriminator")).get("mapping")).values():
            used.add(local(target))
    schemes = set(_schemes(document.root)) | {
        name for node in document.nodes("operation") for name in _schemes(node.value)
    }
    used |= {pointers.join("/components/securitySchemes", name) for name in schemes}
    for kind in grammar.COMPONENT_KINDS:
        for name in document.components(kind):
            at = pointers.join("/components", kind, name)
            if at not in used:
                yield Finding(at, f"nothing refers to the component {kind}/{name}", "refer to it, or delete its file")
    for file in subject.house.unused if subject.house else ():
        yield Finding("", "nothing refers to this file", "refer to it, or delete it", place=Place(file, 1))


def _schemes(holder: dict[str, Any]) -> Iterator[str]:
    for requirement in sequence(holder.get("security")):
        yield from mapping(requirement)
