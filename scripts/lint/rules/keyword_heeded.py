"""No keyword that the generator passes over carries meaning: its classes would accept more than is said."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
PASSED_OVER = ("patternProperties", "if", "not", "dependentSchemas", "dependentRequired", "contains", "propertyNames")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each schema with such a keyword."""
    for node in subject.document.schemas:
        found = [keyword for keyword in PASSED_OVER if keyword in node.value]
        if found:
            drop = [
                keyword for keyword in (*found, *(("then", "else") if "if" in found else ())) if keyword in node.value
            ]
            mend = tuple(overlay_action.remove(pointers.join(node.pointer, key), subject.document.root) for key in drop)
            fix = "say it in the description, and check it in the caller"
            yield Finding(node.pointer, f"the generator passes over {', '.join(found)}", fix, Loss.GARBLED, mend)
