"""A copy of the description for the renderer: harmless text, with meaning and evidence below each description."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from scripts.pipeline import grammar, pointers
from scripts.pipeline.load import JsonObject
from scripts.reference import markup
from scripts.reference.blocks import Blocks
from scripts.reference.provenance import Provenance, parts

# Where the renderer shows a description in a single line, so that a block would break it.
SINGLE_LINE = frozenset({"responses"})
NOTHING = Provenance()


def annotate(document: JsonObject, found: Mapping[str, Provenance], blocks: Blocks) -> JsonObject:
    """The copy; ``document`` stays as it is.

    What a response rests on is told by the operations that answer with it. A component schema is annotated by its
    chapter, because the renderer shows its description in many places.
    """
    copied = copy.deepcopy(document)
    for pointer, kind in parts(document).items():
        part = pointers.follow(copied, pointer.removeprefix("#"))
        provenance = found.get(pointer, NOTHING)
        added = ""
        if kind == "operation":
            added = blocks.operation_meaning(part) + blocks.evidence(provenance, _answers(document, part, found))
        elif kind == "property":
            added = blocks.meaning(part) + blocks.evidence(provenance, _value(document, part, found))
        elif kind != "schema" and kind not in SINGLE_LINE:
            added = blocks.meaning(part) + blocks.evidence(provenance)
        if added:
            # Marked as made here, and joined to the escaped text below.
            part[_ADDED] = added
    _rewrite(copied, document)
    return copied


_ADDED = "x-reference-block"


def _rewrite(copied: JsonObject, document: JsonObject) -> None:
    """Escape every description, then put the blocks below them."""
    for holder in [copied.get("info"), *copied.get("tags", []), *copied.get("servers", [])]:
        _escape(holder, ("description", "summary"))
    for node in grammar.walk(copied):
        added = node.value.pop(_ADDED, None)
        # A summary is shown as plain text, except where it stands above a path.
        _escape(node.value, ("description",))
        if added:
            node.value["description"] = f"{_description(node.value, document)}\n\n{added}".strip()


def _escape(holder: Any, names: tuple[str, ...]) -> None:
    if not isinstance(holder, dict):
        return
    for name in names:
        if isinstance(holder.get(name), str):
            holder[name] = markup.markdown(holder[name])
    if isinstance(holder.get("externalDocs"), dict):
        _escape(holder["externalDocs"], ("description",))


def _description(part: Mapping[str, Any], document: JsonObject) -> str:
    """Its own description, or that of the schema it refers to: a description beside ``$ref`` would hide that one."""
    if "description" in part or "$ref" not in part:
        return str(part.get("description", ""))
    referred = _follow(document, part["$ref"])
    return markup.markdown(str(referred.get("description", "")))


def _answers(
    document: JsonObject, operation: Mapping[str, Any], found: Mapping[str, Provenance]
) -> list[tuple[str, Provenance]]:
    """What each answer of an operation rests on, by status."""
    answers = []
    for status, response in operation.get("responses", {}).items():
        reference = response.get("$ref") if isinstance(response, dict) else None
        if isinstance(reference, str) and reference in found:
            answers.append((f"Answer {status}", found[reference]))
    return answers


def _value(
    document: JsonObject, part: Mapping[str, Any], found: Mapping[str, Provenance]
) -> list[tuple[str, Provenance]]:
    """What the values of a field rest on, where a component of its own without fields describes them."""
    choices = [part, part.get("items"), *part.get("anyOf", []), *part.get("oneOf", [])]
    references = [choice["$ref"] for choice in choices if isinstance(choice, dict) and "$ref" in choice]
    return [
        (reference.rpartition("/")[2], found[reference])
        for reference in dict.fromkeys(references)
        if reference in found and "properties" not in _follow(document, reference)
    ]


def _follow(document: JsonObject, reference: str) -> Mapping[str, Any]:
    try:
        value = pointers.follow(document, reference.removeprefix("#"))
    except (pointers.PointerToNowhere, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
