"""A component parameter or response says what it is, instead of referring to another component.

The generator follows one reference, not two: the operation or the response behind the second is dropped.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each component that is only a reference."""
    document = subject.document
    for kind, loss in (("parameters", Loss.OPERATION), ("responses", Loss.RESPONSE)):
        for name, value in document.components(kind).items():
            if not isinstance(value, dict) or "$ref" not in value:
                continue
            at = pointers.join("/components", kind, name)
            target = document.resolve(at, value)[1]
            mend: tuple[OverlayAction, ...] = ()
            if isinstance(target, dict):
                mend = (
                    overlay_action.remove(pointers.join(at, "$ref")),
                    overlay_action.update(at, copy.deepcopy(target)),
                )
            yield Finding(
                at, f"the component {name} is only a reference", "write it out, or refer to its target", loss, mend
            )
