"""An enum holds only strings or only integers; the generator drops every other."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import sequence, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each enum of mixed or other types."""
    for node in subject.document.schemas:
        values = [value for value in sequence(node.value.get("enum")) if value is not None]
        found = {type(value).__name__ for value in values}
        if not values or found in ({"str"}, {"int"}) or types(node.value) == ["boolean"]:
            continue
        said = " and ".join(sorted(found))
        yield Finding(
            node.pointer,
            f"the enum holds {said}",
            "describe the values in words instead, or keep to one type",
            Loss.SCHEMA,
            (overlay_action.remove(pointers.join(node.pointer, "enum"), subject.document.root),),
        )
