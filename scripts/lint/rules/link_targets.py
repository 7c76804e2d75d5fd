"""A link names an operation that exists, and parameters that this operation has."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers, references

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each link to nowhere and each parameter that its target does not take."""
    by_id = {operation.id: operation for operation in subject.document.operations if operation.id}
    for node in subject.document.nodes("links"):
        name = node.value.get("operationId")
        if "$ref" in node.value or name is None:
            continue
        at = pointers.join(node.pointer, "operationId")
        target = by_id.get(name) if isinstance(name, str) else None
        if target is None:
            guess = references.nearest(str(name), by_id)
            yield Finding(
                at, f"there is no operation {name!r}", f"did you mean {guess}?" if guess else "name one that exists"
            )
            continue
        known = {text(parameter.get("name")) for _, parameter in target.parameters}
        known |= {f"{text(parameter.get('in'))}.{text(parameter.get('name'))}" for _, parameter in target.parameters}
        for parameter in mapping(node.value.get("parameters")):
            if parameter not in known:
                at = pointers.join(node.pointer, "parameters", parameter)
                yield Finding(at, f"{name} has no parameter {parameter!r}", "use the parameter's name on the wire")
