"""A copy of the description for the renderer: harmless text, with meaning and evidence below each description."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.pipeline import grammar, pointers
from scripts.pipeline.load import JsonObject
from scripts.reference import markup
from scripts.reference.blocks import Blocks
from scripts.reference.provenance import Provenance, parts

# Their descriptions stand in many places, some of a single line: chapters of their own tell the rest.
TOLD_ELSEWHERE = frozenset({"responses", "schema"})
NOTHING = Provenance()


def annotate(document: JsonObject, found: Mapping[str, Provenance], blocks: Blocks) -> JsonObject:
    """The copy; ``document`` stays as it is.

    Every description is made harmless, and below that of an operation, a parameter, a header, a security scheme and a
    field stands what it means and rests on. For what its answers rest on, an operation leads to their chapter.
    """
    copied = copy.deepcopy(document)
    for holder in [copied.get("info"), *copied.get("tags", []), *copied.get("servers", [])]:
        _escape(holder, "description", "summary")
    added = {pointer: block for pointer, block in _blocks(document, found, blocks) if block}
    for node in grammar.walk(copied):
        _escape(node.value, "description")
        if block := added.get(f"#{node.pointer}"):
            node.value["description"] = f"{_description(node.value, document)}\n\n{block}".strip()
    return copied


def _blocks(document: JsonObject, found: Mapping[str, Provenance], blocks: Blocks) -> Iterator[tuple[str, str]]:
    """The part's pointer and the HTML to stand below its description."""
    for pointer, kind in parts(document).items():
        part, provenance = _follow(document, pointer), found.get(pointer, NOTHING)
        if kind == "operation":
            answers = blocks.answers(part.get("responses", {}))
            yield pointer, blocks.operation_meaning(part) + blocks.evidence(provenance, _own(pointer, found)) + answers
        elif kind == "property":
            yield pointer, blocks.meaning(part) + blocks.evidence(provenance, _values(document, part, found))
        elif kind not in TOLD_ELSEWHERE:
            yield pointer, blocks.meaning(part) + blocks.evidence(provenance)


def _escape(holder: Any, *names: str) -> None:
    if not isinstance(holder, dict):
        return
    for name in names:
        if isinstance(holder.get(name), str):
            holder[name] = markup.markdown(holder[name])
    _escape(holder.get("externalDocs"), "description")


def _description(part: Mapping[str, Any], document: JsonObject) -> str:
    """Its own description, or that of the schema it refers to, which one of its own would hide."""
    if "description" in part or "$ref" not in part:
        return str(part.get("description", ""))
    return markup.markdown(str(_follow(document, part["$ref"]).get("description", "")))


def _own(pointer: str, found: Mapping[str, Provenance]) -> Iterator[tuple[str, Provenance]]:
    """What answers rest on that are written inside the operation, by status."""
    inside = f"{pointer}/responses/"
    for part, provenance in found.items():
        if part.startswith(inside) and "/" not in part.removeprefix(inside):
            yield f"Answer {part.removeprefix(inside)}", provenance


def _values(
    document: JsonObject, part: Mapping[str, Any], found: Mapping[str, Provenance]
) -> Iterator[tuple[str, Provenance]]:
    """What the values of a field rest on, where a component of its own without fields describes them."""
    choices = [part, part.get("items"), *part.get("anyOf", []), *part.get("oneOf", [])]
    references = [choice["$ref"] for choice in choices if isinstance(choice, dict) and "$ref" in choice]
    for reference in dict.fromkeys(references):
        if reference in found and "properties" not in _follow(document, reference):
            yield reference.rpartition("/")[2], found[reference]


def _follow(document: JsonObject, reference: str) -> Mapping[str, Any]:
    """The object that ``#/…`` leads to; an empty one when it leads to none."""
    try:
        value = pointers.follow(document, reference.removeprefix("#"))
    except (pointers.PointerToNowhere, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
