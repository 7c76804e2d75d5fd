"""A schema as it acts: references followed, ``allOf`` merged, ``nullable`` of OpenAPI 3.0 and ``null`` of 3.1 alike.

Two schemas that say the same in different words give the same view (OpenAPI 3.0.4, section 4.7.24; JSON Schema
2020-12). Nothing here trusts the document: what has the wrong type reads as absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from scripts.lint.document import Document
from scripts.lint.reading import mapping, sequence, text, texts, types
from scripts.pipeline import pointers

# Keywords that say nothing about values; a reference with no others beside it stays a reference.
ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "nullable"}
    | {"externalDocs", "xml", "$comment", "discriminator"}
)
LOWER = {"minimum": "exclusiveMinimum", "minLength": "", "minItems": "", "minProperties": ""}
UPPER = {"maximum": "exclusiveMaximum", "maxLength": "", "maxItems": "", "maxProperties": ""}
# Keywords that are compared as they stand; nothing is known about which of two is the stricter.
OPAQUE = (
    *("not", "if", "then", "else", "contains", "prefixItems", "patternProperties", "propertyNames"),
    *("dependentRequired", "dependentSchemas", "unevaluatedProperties", "contentEncoding", "contentMediaType"),
)
DEEPEST = 50


@attrs.frozen
class Part:
    """A value of a document and the pointer to it."""

    pointer: str
    value: Any = attrs.field(repr=False)

    def down(self, *tokens: str | int) -> Part:
        """The member at ``tokens``, which must exist."""
        value = self.value
        for token in tokens:
            value = value[token]
        return Part(pointers.join(self.pointer, *tokens), value)


@attrs.frozen
class Place:
    """What stands at one place: the schema behind references, and what the place itself adds to it."""

    target: Part
    name: str | None
    nullable: bool
    annotations: dict[str, Any]


@attrs.frozen
class View:
    """What a schema allows. Empty ``types`` stand for all; ``null`` is never among them, ``nullable`` says it."""

    types: frozenset[str] = frozenset()
    nullable: bool = False
    enum: tuple[Any, ...] | None = None
    keywords: dict[str, Any] = attrs.Factory(dict)
    properties: dict[str, Part] = attrs.Factory(dict)
    required: frozenset[str] = frozenset()
    items: Part | None = None
    additional: Part | bool = True
    members: tuple[Part, ...] = ()


def place(document: Document, part: Part) -> Place:
    """Follow references that stand alone, also those wrapped to allow null, to describe or to deprecate."""
    name, nullable, annotations = None, False, dict[str, Any]()
    for _ in range(DEEPEST):
        value = mapping(part.value)
        nullable |= value.get("nullable") is True and _wrapped(value) is not None
        inner = _wrapped(value)
        if inner is None:
            break
        annotations = {key: kept for key, kept in value.items() if annotation(key)} | annotations
        steps, null = inner
        nullable |= null
        part = part.down(*steps)
        pointer, resolved = document.resolve(part.pointer, part.value)
        if resolved is None:
            break
        if pointer != part.pointer:
            name = pointer
        part = Part(pointer, resolved)
    return Place(part, name, nullable, annotations)


def annotation(key: str) -> bool:
    """Whether a keyword describes instead of constraining."""
    return key in ANNOTATIONS or key.startswith("x-")


def _wrapped(value: dict[str, Any]) -> tuple[tuple[str | int, ...], bool] | None:
    """The way to a lone reference inside a schema that adds nothing but annotations, and whether null is allowed."""
    rest = [key for key in value if not annotation(key)]
    if rest == ["$ref"]:
        return (), False
    if len(rest) != 1 or rest[0] not in {"allOf", "anyOf", "oneOf"}:
        return None
    kept = [(index, member) for index, member in enumerate(sequence(value[rest[0]])) if not is_null(member)]
    null = len(kept) < len(sequence(value[rest[0]]))
    if len(kept) != 1 or (null and rest[0] == "allOf") or not isinstance(kept[0][1], dict):
        return None
    return (rest[0], kept[0][0]), null


def is_null(schema: Any) -> bool:
    """Whether a schema allows null and nothing else."""
    return isinstance(schema, dict) and (types(schema) == ["null"] or schema.get("enum") == [None])


def view(document: Document, part: Part) -> View:
    """What the schema at ``part`` allows."""
    if part.value is False:
        return View(types=frozenset({"nothing"}))
    result = View()
    for fragment in _fragments(document, part, set()):
        result = _merge(result, _read(fragment))
    return result


def _fragments(document: Document, part: Part, seen: set[str]) -> Iterator[Part]:
    """The schemas that hold at once: those of ``allOf`` and behind ``$ref`` first, the schema's own keywords last.

    Each once, whatever the number of ways to it: there may be more ways than anybody can walk.
    """
    value = mapping(part.value)
    if part.pointer in seen:
        return
    seen.add(part.pointer)
    if "$ref" in value:
        pointer, resolved = document.resolve(part.pointer, value)
        if isinstance(resolved, dict):
            yield from _fragments(document, Part(pointer, resolved), seen)
    for index in range(len(sequence(value.get("allOf")))):
        yield from _fragments(document, part.down("allOf", index), seen)
    for keyword in ("anyOf", "oneOf"):
        kept = [i for i, member in enumerate(sequence(value.get(keyword))) if not is_null(member)]
        if len(kept) == 1:
            yield from _fragments(document, part.down(keyword, kept[0]), seen)
    yield Part(part.pointer, {key: kept for key, kept in value.items() if key != "$ref"})


def _read(part: Part) -> View:
    """One schema's own keywords."""
    value = part.value
    named = types(value)
    choices = [value["const"]] if "const" in value else value.get("enum")
    enum = tuple(one for one in choices if one is not None) if isinstance(choices, list) else None
    kinds = frozenset(named) - {"null"}
    if not kinds and isinstance(value.get("properties"), dict):
        kinds = frozenset({"object"})
    unions = [part.down(key, i) for key in ("oneOf", "anyOf") for i in range(len(sequence(value.get(key))))]
    members = [member for member in unions if not is_null(member.value)]
    null = "null" in named or value.get("nullable") is True or len(members) < len(unions)
    additional = value.get("additionalProperties", True)
    return View(
        types=kinds,
        nullable=null or (isinstance(choices, list) and None in choices),
        enum=enum,
        keywords=_keywords(value),
        properties={name: part.down("properties", name) for name in mapping(value.get("properties"))},
        required=frozenset(texts(value.get("required"))),
        items=part.down("items") if "items" in value else None,
        additional=part.down("additionalProperties") if isinstance(additional, dict) and additional else additional,
        members=tuple(members) if len(members) > 1 else (),
    )


def _keywords(value: dict[str, Any]) -> dict[str, Any]:
    """Keywords with one value each; the exclusive limits of OpenAPI 3.0 (true or false) as those of 3.1 (numbers)."""
    skipped = {"type", "enum", "const", "properties", "required", "items", "additionalProperties", "allOf", "anyOf"}
    skipped |= {"oneOf", "nullable", "$ref", "discriminator"}
    kept = {key: one for key, one in value.items() if key not in skipped}
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if kept.get(exclusive) is True and limit in kept:
            kept[exclusive] = kept.pop(limit)
        elif isinstance(kept.get(exclusive), bool):
            del kept[exclusive]
    if (property_name := text(mapping(value.get("discriminator")).get("propertyName"))) != "":
        kept["discriminator"] = property_name
    return kept


def _merge(first: View, second: View) -> View:
    """What both allow; of keywords with one value the second's stands.

    Null has to be allowed by both where both say types. Where only one does, either may allow it: so OpenAPI 3.0 adds
    ``nullable`` beside a reference.
    """
    null = (first.nullable, second.nullable)
    properties = dict(first.properties)
    for name, part in second.properties.items():
        other = properties.get(name)
        properties[name] = part if other is None else Part(part.pointer, {"allOf": [other.value, part.value]})
    enum = second.enum if first.enum is None else first.enum
    if first.enum is not None and second.enum is not None:
        enum = tuple(one for one in first.enum if one in second.enum)
    return View(
        types=first.types & second.types if first.types and second.types else first.types | second.types,
        nullable=all(null) if first.types and second.types else any(null),
        enum=enum,
        keywords=first.keywords | second.keywords,
        properties=properties,
        required=first.required | second.required,
        items=second.items or first.items,
        additional=first.additional if second.additional is True else second.additional,
        members=second.members or first.members,
    )
