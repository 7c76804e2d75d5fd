"""References by which a document can't be compared: to nowhere, into other files, and in circles.

What is behind such a reference would read as nothing: as removed, or as never having been there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from scripts.lint.reading import sequence
from scripts.pipeline import grammar, pointers, references
from scripts.pipeline.references import Dangling

BUNDLE = "bundle the description into one file"
MAPPING = "/discriminator/mapping/"


@attrs.frozen
class Fault:
    """What is wrong with the reference at ``pointer``, and what to do about it."""

    message: str
    pointer: str
    fix: str


def faults(document: dict[str, Any]) -> Iterator[Fault]:
    """The faults of a one-file document, those of single references first."""
    for one in references.dangling(document):
        if (found := _single(one)) is not None:
            yield found
    yield from _circles(document)


def _single(one: Dangling) -> Fault | None:
    if one.reference.startswith("#"):
        fix = f"did you mean {one.nearest}?" if one.nearest else "a file that was cut?"
        return Fault(f"{one.reference} leads nowhere", one.pointer, fix)
    if MAPPING in one.pointer:  # the name of a schema, or of one that is described elsewhere (OpenAPI 3.1.1, 4.8.25)
        return None
    if not one.is_text or not one.reference:
        return Fault(f"$ref is {one.reference or 'empty'}, which leads nowhere", one.pointer, "name what is meant")
    return Fault(f"{one.reference} is in another file, which is not read", one.pointer, BUNDLE)


def _circles(document: dict[str, Any]) -> Iterator[Fault]:
    """Objects that are what another one is, which is what they are: nobody says what.

    Through properties and items an object may well lead to itself; there is an end to it where there is no value.
    """
    leads: dict[str, list[str]] = {}
    for node in grammar.walk(document):
        reference = node.value.get("$ref")
        parts = sequence(node.value.get("allOf")) if node.kind == "schemas" else []
        to = [reference[1:]] if isinstance(reference, str) and reference.startswith("#/") else []
        to += [pointers.join(node.pointer, "allOf", index) for index in range(len(parts))]
        if to:
            leads[node.pointer] = to
    done: set[str] = set()
    for start in leads:
        around: dict[str, Iterator[str]] = {}
        step: str | None = start
        while step is not None:  # depth first, without recursion: chains may be long
            if step not in around:
                around[step] = iter(leads.get(step, ()))
            following = next((one for one in around[step] if one not in done), None)
            if following is None:
                done.add(step)
                del around[step]
            elif following in around:
                said = f"#{following} leads back to itself, and nothing on the way says what it is"
                yield Fault(said, pointers.join(step, "$ref"), "let one of them be described")
                return
            else:
                around[following] = iter(leads.get(following, ()))
            step = next(reversed(around), None)
