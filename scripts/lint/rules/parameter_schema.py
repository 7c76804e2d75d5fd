"""Every parameter has a schema: the generator leaves one with ``content`` or nothing out of the function.

As a component such a parameter takes the operation with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter without a schema."""
    document = subject.document
    for node in document.nodes("parameters"):
        parameter = node.value
        if "$ref" in parameter or isinstance(parameter.get("schema"), (dict, bool)):
            continue
        lost = node.pointer.startswith("/components/") or parameter.get("in") == "path"
        yield Finding(
            node.pointer,
            f"the parameter {text(parameter.get('name'))} has no schema",
            "describe it with schema instead of content",
            Loss.OPERATION if lost else Loss.GARBLED,
            (overlay_action.update(node.pointer, {"schema": {"type": "string"}}, document.root),),
        )
