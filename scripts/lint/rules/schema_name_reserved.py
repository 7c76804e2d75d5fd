"""No schema has the name of a class that the generated modules need beside it."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import names, pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each schema whose class would hide another one."""
    for name in subject.document.components("schemas"):
        if name in names.RESERVED_SCHEMAS:
            yield Finding(
                pointers.join("/components/schemas", name),
                f"a schema named {name!r} would hide a class that the generated modules need",
                f"give it another name, {name}Record for instance",
                Loss.GARBLED,
            )
