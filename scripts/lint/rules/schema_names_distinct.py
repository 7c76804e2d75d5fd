"""No two schemas become one class: ``Foo.bar``, ``FooBar`` and an object in the property ``bar`` of ``Foo`` all would.

The generator drops the second and everything that refers to it; enums with the same values may share a class.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from scripts.lint import classes, overlay_action
from scripts.lint.classes import Generated
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each schema whose class name is taken."""
    document = subject.document
    seen: dict[str, Generated] = {}
    for _, unit in itertools.groupby(classes.generated(document), key=lambda made: made.unit):
        new: dict[str, Generated] = {}
        taken = False
        for made in unit:
            first = seen.get(made.name) or new.setdefault(made.name, made)
            if not _clash(made, first):
                continue
            taken = True
            yield Finding(
                made.pointer,
                f"the class {made.name} is taken by {first.pointer}",
                "rename the component, or give the inner schema a title of its own",
                Loss.SCHEMA,
                (overlay_action.update(made.pointer, {"title": f"{made.name}2"}, document.root),),
            )
        if not taken:
            seen |= new


def _clash(made: Generated, first: Generated) -> bool:
    """Whether two classes are different and have one name; a parameter of two operations is one class."""
    same_enum = made.values is not None and made.values == first.values
    return made is not first and made.pointer != first.pointer and not same_enum
