"""Each response can be read as JSON, text or bytes, and its status is a number, a range like ``4XX``, or ``default``.

The generator leaves others out; callers get nothing to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint import content_types
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
STATUS = re.compile(r"\d+|[1-9]XX|default")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each response that is left out."""
    document = subject.document
    seen: set[str] = set()
    for operation in document.operations:
        for status, at, response in document.responses(operation):
            listed = pointers.join(operation.pointer, "responses", status)
            if not STATUS.fullmatch(status):
                yield Finding(listed, f"{status!r} is no status", "write a number, 4XX or default", Loss.RESPONSE)
            content = list(mapping(response.get("content")))
            if at in seen or not content or any(map(content_types.can_be_read, content)):
                continue
            seen.add(at)
            fix = "set content_type_overrides in the generator's configuration: "
            fix += f"{{{content[0]}: application/octet-stream}}; no overlay can mend it"
            yield Finding(at, f"{', '.join(content)} can't be read", fix, Loss.RESPONSE)
