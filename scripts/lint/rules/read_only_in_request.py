"""No field that the server owns stands in a schema that clients send: the generator ignores ``readOnly``.

A record that is read, changed and written would carry it back.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each read-only field of a request."""
    for node in subject.document.sent:
        if node.value.get("readOnly") is True:
            yield Finding(
                node.pointer,
                "a read-only field is sent by clients",
                "describe requests by a schema of their own",
                Loss.GARBLED,
                (overlay_action.remove(node.pointer, subject.document.root),),
            )
