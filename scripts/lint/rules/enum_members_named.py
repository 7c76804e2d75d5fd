"""Each value of a string enum begins with a letter, or has a name in ``x-enum-varnames``.

The generator numbers other values by position (``VALUE_0``): a value that is added in front renames them all.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import sequence, texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.FOREIGN
VARNAMES = "x-enum-varnames"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each enum with values that are numbered."""
    for node in subject.document.schemas:
        values = texts(node.value.get("enum"))
        unnamed = [value for value in values if not value or not value[0].isalpha()]
        names = sequence(node.value.get(VARNAMES))
        if not unnamed or len(names) == len(values):
            continue
        given = [python_names.member(f"value {value or 'empty'}" if value in unnamed else value) for value in values]
        mend = (overlay_action.update(node.pointer, {VARNAMES: given}, subject.document.root),)
        yield Finding(
            pointers.join(node.pointer, "enum"),
            f"the enum value {unnamed[0]!r} is named by its position",
            f"add {VARNAMES} with a name for each value",
            Loss.GARBLED,
            mend if not names and len(set(given)) == len(given) else (),
        )
