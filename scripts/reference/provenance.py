"""Sort evidence and corrections by the part of the description that they are about.

A part is what a reader looks at as one thing: an operation, a parameter, a header, a response, a security scheme, a
component schema or a property. What points inside a part (at its ``enum``, say) belongs to it, with the rest of the
pointer as ``where``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs

from scripts.pipeline import grammar, pointers
from scripts.reference.corrections import Correction, How
from scripts.reference.evidence import Assumption, Claim, Conflict, Ledger

WHOLE = frozenset({"operation", "parameters", "headers", "responses", "securitySchemes"})
Subject = TypeVar("Subject")


@attrs.frozen
class About(Generic[Subject]):
    """Something that is about a part, or about what stands at ``where`` inside it (``""`` for the part itself)."""

    subject: Subject
    where: str = ""


@attrs.frozen
class Changed:
    """A correction and what it did to the part or to something inside it."""

    correction: Correction
    how: How


@attrs.frozen
class Provenance:
    """Everything that one part rests on."""

    claims: tuple[About[Claim], ...] = ()
    corrections: tuple[About[Changed], ...] = ()
    conflicts: tuple[About[Conflict], ...] = ()
    assumptions: tuple[About[Assumption], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.claims or self.corrections or self.conflicts or self.assumptions)


def parts(document: Mapping[str, Any]) -> dict[str, str]:
    """Pointer (``#/…``) → kind of every part: a kind of ``grammar``, or ``property`` or ``schema``; parents first."""
    found: dict[str, str] = {}
    schemas: set[str] = set()
    for node in grammar.walk(document):
        tokens = pointers.split(node.pointer)
        if node.kind in WHOLE and "$ref" not in node.value:
            found[f"#{node.pointer}"] = node.kind
        elif node.kind == "schemas":
            schemas.add(node.pointer)
            if len(tokens) > 2 and tokens[-2] == "properties" and pointers.join("", *tokens[:-2]) in schemas:
                found[f"#{node.pointer}"] = "property"
            elif len(tokens) == 3 and tokens[0] == "components":
                found[f"#{node.pointer}"] = "schema"
    return found


def collect(document: Mapping[str, Any], ledger: Ledger, corrections: tuple[Correction, ...]) -> dict[str, Provenance]:
    """Part → what it rests on, for every part that rests on anything."""
    known = parts(document)
    collected: dict[str, dict[str, list[Any]]] = {}

    def note(kind: str, pointer: str, subject: object) -> None:
        part, where = owner(pointer, known)
        if part:
            collected.setdefault(part, {}).setdefault(kind, []).append(About(subject, where))

    for claim in ledger.claims:
        for pointer in claim.pointers:
            note("claims", pointer, claim)
    for conflict in ledger.conflicts:
        for pointer in conflict.pointers:
            note("conflicts", pointer, conflict)
    for assumption in ledger.assumptions:
        for pointer in assumption.pointers:
            note("assumptions", pointer, assumption)
    for correction in corrections:
        for pointer, how in _touched(correction, known):
            note("corrections", pointer, Changed(correction, how))
    return {
        part: Provenance(**{kind: tuple(dict.fromkeys(found)) for kind, found in kinds.items()})
        for part, kinds in collected.items()
    }


def owner(pointer: str, known: Mapping[str, str]) -> tuple[str, str]:
    """The innermost part that holds ``pointer``, and the rest of the way; two empty texts when none does."""
    tokens = pointers.split(pointer.removeprefix("#"))
    for length in range(len(tokens), 0, -1):
        part = "#" + pointers.join("", *tokens[:length])
        if part in known:
            return part, "/".join(tokens[length:])
    return "", ""


def _touched(correction: Correction, known: Mapping[str, str]) -> Iterator[tuple[str, How]]:
    """What a correction changed; an object that it added brings all parts inside with it."""
    for change in correction.changes:
        yield change.pointer, change.how
        if change.how is not How.REMOVED:
            yield from ((part, change.how) for part in known if part.startswith(f"{change.pointer}/"))
