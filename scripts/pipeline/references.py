"""References: the rules of where they may stand, what to say when they lead nowhere, and a check of whole documents."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from scripts.pipeline import grammar, pointers

# A reference may replace these; everywhere else OpenAPI 3.1 has no place for one.
REFERABLE = frozenset(grammar.COMPONENT_KINDS)
# What may stand beside ``$ref`` (OpenAPI 3.1.1, 4.8.23); a schema may carry any keyword (JSON Schema 2020-12).
SIBLINGS = {"summary", "description"}
COMPONENT_NAME = re.compile(r"[A-Za-z0-9._-]+")
# Keywords that give a schema an address or base of its own; one file = one component makes them needless.
UNSUPPORTED_KEYWORDS = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor")


@attrs.frozen
class Dangling:
    """A reference in a document that leads nowhere: where it stands, what it says, the nearest name if any."""

    pointer: str
    reference: str
    nearest: str | None
    is_text: bool = True


def forbidden_siblings(kind: str, node: dict[str, Any]) -> list[str]:
    """The members that must not stand beside ``$ref`` in a node of this kind."""
    if kind == "schemas":
        return []
    allowed = set() if kind == "pathItems" else SIBLINGS
    return sorted(key for key in node if key != "$ref" and key not in allowed)


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like ``name``, if one is close enough to be meant."""
    candidates = sorted(choices)
    by_case = {choice.casefold(): choice for choice in reversed(candidates)}
    if name.casefold() in by_case:
        return by_case[name.casefold()]
    found = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    return found[0] if found else None


def nearest_file(wanted: Path, folder: Path) -> Path | None:
    """A file below ``folder`` that a reference to the missing ``wanted`` may mean: of the same name, else of a similar
    name where it was looked for."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml", ".json"})
    if same_name := [path for path in files if path.name == wanted.name]:
        return same_name[0]
    nearby = {path.name: path for path in files if path.parent == wanted.parent}
    guess = nearest(wanted.name, nearby)
    return nearby[guess] if guess else None


def relative(path: Path, folder: Path) -> str:
    """``path`` as a reference written in a file of ``folder`` says it."""
    return Path(os.path.relpath(path, folder)).as_posix()


def dangling(document: dict[str, Any]) -> Iterator[Dangling]:
    """References of a one-file document that lead nowhere, including discriminator mappings."""
    for node in grammar.walk(document):
        found = [(pointers.join(node.pointer, "$ref"), node.value["$ref"])] if "$ref" in node.value else []
        if node.kind == "schemas" and isinstance(choice := node.value.get("discriminator"), dict):
            at = pointers.join(node.pointer, "discriminator", "mapping")
            named = mapping.items() if isinstance(mapping := choice.get("mapping"), dict) else ()
            found += [(pointers.join(at, key), target) for key, target in named]
        for pointer, reference in found:
            if (problem := _follow(document, reference)) is not None:
                yield Dangling(pointer, str(reference), problem.suggestion, isinstance(reference, str))


@attrs.frozen
class _Nowhere:
    suggestion: str | None


def _follow(document: dict[str, Any], reference: Any) -> _Nowhere | None:
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return _Nowhere(None)
    try:
        pointers.follow(document, reference[1:])
    except pointers.PointerToNowhere as problem:
        guess = nearest(problem.token, problem.choices)
        return _Nowhere(None if guess is None else f"#{pointers.join(problem.parent, guess)}")
    return None
