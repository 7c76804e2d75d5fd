"""Each request body can be sent as JSON, a form or bytes, and has a schema.

The generator drops an operation when none of its bodies can be, and otherwise the body.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import content_types, overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each media type of a request that is left out."""
    seen: set[str] = set()
    for operation in subject.document.operations:
        for body in subject.document.bodies(operation):
            if body.role != "request" or body.pointer in seen:
                continue
            seen.add(body.pointer)
            if not content_types.can_be_sent(body.content_type):
                fix = "set content_type_overrides in the generator's configuration: "
                fix += f"{{{body.content_type}: application/octet-stream}}; no overlay can mend it"
                yield Finding(body.pointer, f"{body.content_type} can't be sent", fix, Loss.OPERATION)
            elif not isinstance(body.value.get("schema"), (dict, bool)):
                is_json = content_types.is_json(body.content_type)
                schema = {} if is_json else {"type": "string", "format": "binary"}
                mend = (overlay_action.update(body.pointer, {"schema": schema}, subject.document.root),)
                yield Finding(body.pointer, "the body has no schema", "describe it", Loss.OPERATION, mend)
    yield from _without_content(subject)


def _without_content(subject: Subject) -> Iterator[Finding]:
    """A body that names no media type makes the generator refuse the document."""
    for node in subject.document.nodes("requestBodies"):
        if "$ref" not in node.value and not isinstance(node.value.get("content"), dict):
            at = pointers.join(node.pointer, "content")
            yield Finding(at, "the request body has no content", "name its media types", Loss.EVERYTHING)
