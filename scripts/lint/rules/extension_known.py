"""Every ``x-`` field is one that the mock, the suite or the pipeline reads: a misspelt one would be ignored.

So would a misspelt member of one, and a word that none of them knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers, references

SCOPE = Scope.HOUSE
# ``openapi/README.md`` tells what each of them means.
KNOWN = {
    "operation": "effect sdk-method resource rule-errors blocked-by empty-update sent-after",
    "schemas": "on-null on-empty-string on-object on-zero references ignored-unless-in required-while-unset"
    " missing-error wildcard effect label recipient generated initial sensitive personal follows server-varies"
    " enum-varnames envelope undescribed-events",
    "parameters": "page filter sort",
}
# What an extension that is an object, or a list of objects, has. ``values`` of a filter are words of the parameter.
MEMBERS = {
    "x-resource": "collection action key lookup order parent",
    "parent": "collection parameter field",
    "x-rule-errors": "status code when",
    "x-blocked-by": "collection field status code",
    "x-missing-error": "status code",
    "x-envelope": "records number size pages total",
    "x-filter": "field operator values member",
    "x-sort": "field by",
    "x-sent-after": "operation address given outside told told_of events same holds course",
    "course": "at through ends",
    "x-undescribed-events": "format why headers flat",
}
# The words that one may have, or a member of one.
WORDS = {
    "x-generated": "id key created-at updated-at secret constant",
    "x-page": "number size",
    "operator": "eq contains in gte lte holds",
    "by": "value",
    "outside": "receive_message follow_link",
}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each unknown extension of an object, and for each unknown part of a known one."""
    for node in subject.document.every_node:
        if node.kind == "document" or _is_name(node.kind):
            continue
        known = [f"x-{name}" for name in KNOWN.get(node.kind, "").split()]
        for key, value in node.value.items():
            at = pointers.join(node.pointer, key)
            if key.startswith("x-") and key not in known:
                yield Finding(at, f"nobody reads {key} here", _fix(key, known, node.kind))
            elif key.startswith("x-"):
                yield from _parts(at, key, value)


def _parts(at: str, name: str, value: Any) -> Iterator[Finding]:
    words = WORDS.get(name, "").split()
    if words and value not in words:
        yield Finding(at, f"{name} can't be {value!r}", _fix(str(value), words, name))
    known = MEMBERS.get(name, "").split()
    if not known:
        return
    if isinstance(value, list):
        for index, entry in enumerate(sequence(value)):
            yield from _parts(pointers.join(at, index), name, entry)
        return
    for key, part in mapping(value).items():
        here = pointers.join(at, key)
        if key not in known:
            yield Finding(here, f"nobody reads {key} of {name}", _fix(key, known, name))
        else:
            yield from _parts(here, key, part)


def _fix(key: str, known: Iterable[str], holder: str) -> str:
    known = list(known)
    guess = references.nearest(key, known)
    return f"did you mean {guess}?" if guess else f"{holder} has: {', '.join(known) or 'none'}"


def _is_name(kind: str) -> bool:
    """Whether the keys of such an object are names that somebody chose."""
    return kind in {"components", "callbacks"}
