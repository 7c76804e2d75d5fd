"""No two schemas become one class: ``Foo.bar``, ``FooBar`` and an object in the property ``bar`` of ``Foo`` all would.

The generator drops the second and everything that refers to it; enums with the same values may share a class.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import classes, overlay_action
from scripts.lint.classes import Generated
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each schema whose class name is taken."""
    seen: dict[str, Generated] = {}
    for made in classes.generated(subject.document):
        first = seen.setdefault(made.name, made)
        if first is made or first.pointer == made.pointer:
            continue
        if made.values is not None and made.values == first.values:
            continue
        yield Finding(
            made.pointer,
            f"the class {made.name} is taken by {first.pointer}",
            "rename the component, or give the inner schema a title of its own",
            Loss.SCHEMA,
            (overlay_action.update(made.pointer, {"title": f"{made.name}2"}, subject.document.root),),
        )
