"""No parameter has a name that the generated function needs for itself."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import names

SCOPE = Scope.ANY
# The generator renames these by itself.
RENAMED = frozenset({"client", "url"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter that would shadow or break a local name of the function."""
    reserved = names.RESERVED_PARAMETERS - RENAMED
    spelled = python_names.attribute(subject)
    for node in subject.document.nodes("parameters"):
        name = text(node.value.get("name"))
        if name and spelled(name) in reserved:
            yield Finding(
                node.pointer,
                f"a parameter named {name!r} breaks the generated function",
                "leave it out for the generator, and send it with the client's httpx arguments",
                Loss.GARBLED,
                (overlay_action.remove(node.pointer, subject.document.root),),
            )
