"""No schema of a request has a ``default``: the generator makes it an argument's value and sends it every time.

A PATCH then resets settings that nobody meant to touch. Our pipeline removes defaults before it generates.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.FOREIGN


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each default that would be sent."""
    for node in subject.document.sent:
        if node.value.get("default") is not None:
            at = pointers.join(node.pointer, "default")
            shown = repr(node.value["default"])[:60]
            fix = "leave it out for the generator; it tells what the server does"
            mend = (overlay_action.remove(at, subject.document.root),)
            yield Finding(at, f"the default {shown} is sent with every request", fix, Loss.GARBLED, mend)
