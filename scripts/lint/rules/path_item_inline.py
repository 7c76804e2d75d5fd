"""Path items stand in ``paths`` themselves.

Behind a ``$ref`` the generator finds no operation; it exits with 0 and says nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each path item that is a reference."""
    document = subject.document
    for path, item in mapping(document.root.get("paths")).items():
        if not isinstance(item, dict) or "$ref" not in item or path.startswith("x-"):
            continue
        at = pointers.join("/paths", path)
        target = document.resolve(at, item)[1]
        mend: tuple[OverlayAction, ...] = ()
        if isinstance(target, dict):
            mend = (overlay_action.remove(pointers.join(at, "$ref")), overlay_action.update(at, copy.deepcopy(target)))
        yield Finding(
            at, f"the operations of {path} are behind a reference", "write the path item out", Loss.OPERATION, mend
        )
