"""Every operation says by itself what it is protected with: the generator does not look at the document's ``security``.

Its functions would take a client without a token. Our pipeline writes the root's security into each operation.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.FOREIGN


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for the document, with an action for each operation."""
    security = sequence(subject.document.root.get("security"))
    bare = [operation for operation in subject.document.operations if "security" not in operation.value]
    if security and bare:
        mend = tuple(overlay_action.update(operation.pointer, {"security": security}) for operation in bare)
        message = f"{len(bare)} operations rely on the document's security, which is ignored"
        yield Finding("/security", message, "repeat it in each operation", Loss.GARBLED, mend)
