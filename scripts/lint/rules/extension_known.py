"""Every ``x-`` field is one that the mock, the suite or the pipeline reads: a misspelt one would be ignored."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers, references

SCOPE = Scope.HOUSE
# ``openapi/README.md`` tells what each of them means.
KNOWN = {
    "operation": "effect sdk-method resource rule-errors blocked-by empty-update",
    "schemas": "on-null on-empty-string on-object on-zero references ignored-unless-in required-while-unset"
    " missing-error wildcard effect label recipient generated initial sensitive personal server-varies enum-varnames",
    "parameters": "page filter sort",
}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each unknown extension of an object."""
    for node in subject.document.every_node:
        known = [f"x-{name}" for name in KNOWN.get(node.kind, "").split()]
        for key in node.value:
            if node.kind == "document" or not key.startswith("x-") or key in known or _is_name(node.kind):
                continue
            guess = references.nearest(key, known)
            fix = f"did you mean {guess}?" if guess else f"{node.kind} has: {', '.join(known) or 'none'}"
            yield Finding(pointers.join(node.pointer, key), f"nobody reads {key} here", fix)


def _is_name(kind: str) -> bool:
    """Whether the keys of such an object are names that somebody chose."""
    return kind in {"components", "callbacks"}
