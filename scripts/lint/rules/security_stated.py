"""The document demands a credential, by a scheme that it declares, for every operation."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each gap."""
    document = subject.document
    known = set(document.components("securitySchemes"))
    demanded = sequence(document.root.get("security"))
    if not any(mapping(one) for one in demanded):
        yield Finding("", "the document demands no credential", "add security with the scheme that the API uses")
    holders = [("", document.root), *((operation.pointer, operation.value) for operation in document.operations)]
    for pointer, holder in holders:
        for requirement in sequence(holder.get("security")):
            for name in mapping(requirement):
                if name not in known:
                    yield Finding(
                        pointers.join(pointer, "security"), f"there is no security scheme {name}", "declare it"
                    )
        if pointer and "security" in holder and not any(mapping(one) for one in sequence(holder["security"])):
            yield Finding(
                pointers.join(pointer, "security"), "the operation needs no credential", "remove security here"
            )
