"""Every body, parameter and header has an example, and every success shows one."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each place without an example."""
    for operation in subject.document.operations:
        for body in subject.document.bodies(operation):
            if not mapping(body.value.get("examples")):
                at = body.pointer
                yield Finding(
                    at, f"{operation.label} {body.role} has no example", "add one under examples/ and refer to it"
                )
    for kind in ("parameters", "headers"):
        for node in subject.document.nodes(kind):
            if "$ref" not in node.value and "example" not in node.value:
                name = text(node.value.get("name")) or pointers.split(node.pointer)[-1]
                yield Finding(node.pointer, f"{name} has no example", "add one that can be sent as it stands")
