"""Every object and every enum is a component, so that its class has a name somebody chose.

Inside another schema or a body the generator names it after its place: ``CreateThingResponse200DataItem``.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import classes, overlay_action
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each object or enum that is named after its place."""
    root = subject.document.root
    seen: set[str] = set()
    for made in classes.generated(subject.document):
        if not made.inline or made.pointer in seen:
            continue
        seen.add(made.pointer)
        what = "an object" if made.values is None else "an enum"
        mend = _mend(made.pointer, made.name, root) if made.name not in subject.document.components("schemas") else ()
        fix = "give it a component of its own"
        yield Finding(
            made.pointer, f"{what} inside another schema becomes the class {made.name}", fix, Loss.GARBLED, mend
        )


def _mend(pointer: str, name: str, root: object) -> tuple[OverlayAction, ...]:
    """Move the schema into a component; not from a list, whose later entries would change places."""
    holder, _, last = pointer.rpartition("/")
    if not holder or isinstance(pointers.follow(root, holder), list):
        return ()
    schema = pointers.follow(root, pointer)
    key = pointers.split(f"/{last}")[0]
    return (
        overlay_action.update("", {"components": {"schemas": {name: schema}}}),
        *overlay_action.replace(holder, key, {"$ref": f"#/components/schemas/{name}"}, root),
    )
