"""Which operation of one document is which of the other: by what is on the wire first, then by operationId."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import attrs

from scripts.lint.document import Operation

_NAMES = re.compile(r"\{[^{}]*\}")


@attrs.frozen
class Matched:
    """Operations that correspond, and those without a counterpart, in document order."""

    pairs: tuple[tuple[Operation, Operation], ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]


def match(before: Iterable[Operation], after: Iterable[Operation], *, by_id: bool = True) -> Matched:
    """Pair operations: equal method and path, then equal but for the names of path parameters, then equal ids."""
    old, new = list(before), list(after)
    pairs: list[tuple[Operation, Operation]] = []
    for key in (lambda one: (one.method, one.path), lambda one: (one.method, template(one.path)), _id):
        if key is _id and not by_id:
            continue
        pairs += _pair(old, new, key)
        left = {one.pointer for one, _ in pairs}, {other.pointer for _, other in pairs}
        old = [one for one in old if one.pointer not in left[0]]
        new = [one for one in new if one.pointer not in left[1]]
    return Matched(tuple(pairs), tuple(old), tuple(new))


def template(path: str) -> str:
    """A path without the names of its parameters and without a slash at its end."""
    return _NAMES.sub("{}", path).rstrip("/") or "/"


def label(operation: Operation) -> str:
    """How an operation is listed: its operationId, or method and path."""
    return operation.id or operation.label


def _id(operation: Operation) -> object:
    return operation.id or None


def _pair(
    old: list[Operation], new: list[Operation], key: Callable[[Operation], object]
) -> list[tuple[Operation, Operation]]:
    known: dict[object, Operation] = {}
    for other in new:
        if key(other) is not None:
            known.setdefault(key(other), other)
    found = []
    for one in old:
        wanted = key(one)
        if wanted is not None and wanted in known:
            found.append((one, known.pop(wanted)))
    return found
