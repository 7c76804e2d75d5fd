"""What differs between two schemas at one level; what stands below is handed back as pairs to be compared in turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs

from scripts.comparison.change import BOTH, Direction
from scripts.comparison.schema_view import LOWER, OPAQUE, UPPER, Part, View
from scripts.lint.reading import mapping
from scripts.pipeline import merge, pointers

# Formats that become a Python type of their own (openapi-python-client 0.29.1); every other one stays text.
TYPED_FORMATS = frozenset({"date-time", "date", "uuid", "binary"})
# Sizes of numbers, which Python's have not.
SIZES = frozenset({"int32", "int64", "float", "double", None})
TEXTS = ("description", "title", "example", "examples", "externalDocs", "$comment", "xml")
FLAGS = {"deprecated": "deprecated", "readOnly": "read-only", "writeOnly": "write-only"}


@attrs.frozen
class Raw:
    """A difference inside one schema: ``way`` leads from the schema to the keyword, ``label`` is for people."""

    kind: str
    before: Any
    after: Any
    way: tuple[str | int, ...] = ()
    label: str = ""
    only: frozenset[Direction] = BOTH
    # Where it stands instead, when that is not below the schema itself (a member of an ``allOf``).
    at: tuple[str | None, str | None] = (None, None)


@attrs.frozen
class Child:
    """Two schemas below that belong together, and the directions in which they are used."""

    label: str
    before: Part
    after: Part
    only: frozenset[Direction] = BOTH


def compare(before: View, after: View) -> tuple[list[Raw], list[Child]]:
    """Differences of this level, and the pairs below it."""
    raws = [*_types(before, after), *_format(before, after), *_limits(before, after), *_closed(before, after)]
    if bool(before.members) == bool(after.members):  # else one schema became several, which says it all
        raws += _enum(before, after)
    raws += [
        Raw("constraint-changed", before.keywords.get(key), after.keywords.get(key), (key,))
        for key in (*OPAQUE, "discriminator")
        if not merge.same(before.keywords.get(key), after.keywords.get(key))
    ]
    raws += described(before.keywords, after.keywords)
    children: list[Child] = []
    for found in (_properties(before, after), _below(before, after), _members(before, after)):
        for one in found:
            if isinstance(one, Raw):
                raws.append(one)
            else:
                children.append(one)
    return raws, children


def described(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Raw]:
    """Keywords that describe: texts, defaults, flags and extensions."""
    for key in TEXTS:
        if not merge.same(before.get(key), after.get(key)):
            yield Raw("description-changed", before.get(key), after.get(key), (key,))
    if not merge.same(before.get("default"), after.get("default")) or ("default" in before) != ("default" in after):
        yield Raw("default-changed", before.get("default"), after.get("default"), ("default",))
    for key, name in FLAGS.items():
        if (before.get(key) is True) != (after.get(key) is True):
            verb = "added" if after.get(key) is True else "removed"
            yield Raw(f"{name}-{verb}", before.get(key), after.get(key), (key,))
    yield from extensions(before, after)


def extensions(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Raw]:
    """Extensions, each under its own name: ``x-on-null-changed`` and the like."""
    for key in sorted({key for key in (*before, *after) if key.startswith("x-")}):
        if merge.same(before.get(key), after.get(key)) and (key in before) == (key in after):
            continue
        verb = "added" if key not in before else "removed" if key not in after else "changed"
        yield Raw(f"{key}-{verb}", before.get(key), after.get(key), (key,))


def _types(before: View, after: View) -> Iterator[Raw]:
    old, new = before.types, after.types
    if _anything(before) or _anything(after):
        if _anything(before) != _anything(after):
            kind = "type-narrowed" if _anything(before) else "type-widened"
            yield Raw(kind, _named(before), _named(after), ("type",))
        return
    if before.nullable != after.nullable:
        kind = "nullable-added" if after.nullable else "nullable-removed"
        yield Raw(kind, before.nullable, after.nullable, ("type",))
    if old == new or bool(before.members) != bool(after.members):
        return
    if not old or _within(old, new):
        kind = "type-widened" if old else "type-narrowed"
    else:
        kind = "type-narrowed" if new and _within(new, old) else "type-widened" if not new else "type-changed"
    yield Raw(kind, _named(before), _named(after), ("type",))


def _anything(view: View) -> bool:
    """Whether a schema says nothing about what a value may be."""
    return not (view.types or view.enum is not None or view.members or view.properties or view.items)


def _within(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether every value of the first types has one of the second; each integer is a number."""
    return all(one in others or (one == "integer" and "number" in others) for one in some)


def _named(view: View) -> str:
    return " or ".join(sorted(view.types)) or ("one of several" if view.members else "anything")


def _enum(before: View, after: View) -> Iterator[Raw]:
    if before.enum is None or after.enum is None:
        if before.enum is not after.enum:
            verb = "introduced" if before.enum is None else "dropped"
            yield Raw(f"enum-{verb}", _listed(before.enum), _listed(after.enum), ("enum",))
        return
    old, new = ({json.dumps(one): one for one in view.enum or ()} for view in (before, after))
    for text, value in old.items():
        if text not in new:
            yield Raw("enum-member-removed", value, None, ("enum",), label=str(value))
    for text, value in new.items():
        if text not in old:
            yield Raw("enum-member-added", None, value, ("enum",), label=str(value))


def _listed(enum: tuple[Any, ...] | None) -> list[Any] | None:
    return None if enum is None else list(enum)


def _format(before: View, after: View) -> Iterator[Raw]:
    old, new = before.keywords.get("format"), after.keywords.get("format")
    if merge.same(old, new):
        return
    if {old, new} <= SIZES:
        yield Raw("description-changed", old, new, ("format",))
    elif old in TYPED_FORMATS or new in TYPED_FORMATS:
        yield Raw("format-changes-type", old, new, ("format",))
    else:
        verb = "added" if old is None else "removed" if new is None else "changed"
        yield Raw(f"format-{verb}", old, new, ("format",))


def _limits(before: View, after: View) -> Iterator[Raw]:
    for names, sign in ((LOWER, 1), (UPPER, -1)):
        for limit, exclusive in names.items():
            old, new = _limit(before, limit, exclusive, sign), _limit(after, limit, exclusive, sign)
            if old != new:
                tightened = old is None or (new is not None and new > old)
                kind = "limit-tightened" if tightened else "limit-loosened"
                shown = [_shown(view, limit, exclusive) for view in (before, after)]
                yield Raw(kind, shown[0], shown[1], (limit,), label=limit)
    for key in ("pattern", "multipleOf"):
        old, new = before.keywords.get(key), after.keywords.get(key)
        if not merge.same(old, new):
            kind = "limit-tightened" if old is None else "limit-loosened" if new is None else "limit-changed"
            yield Raw(kind, old, new, (key,), label=key)
    unique = [view.keywords.get("uniqueItems") is True for view in (before, after)]
    if unique[0] != unique[1]:
        kind = "limit-tightened" if unique[1] else "limit-loosened"
        yield Raw(kind, unique[0], unique[1], ("uniqueItems",), label="uniqueItems")


def _limit(view: View, limit: str, exclusive: str, sign: int) -> tuple[float, bool] | None:
    """The limit as something that grows with strictness: its value, and whether the value itself is out."""
    found = [
        (sign * view.keywords[key], key == exclusive)
        for key in (limit, exclusive)
        if isinstance(view.keywords.get(key), int | float) and not isinstance(view.keywords[key], bool)
    ]
    neutral = limit.startswith("min") and limit != "minimum"
    found = [one for one in found if not (neutral and one[0] <= 0)]  # a length of at least 0 says nothing
    return max(found, default=None)


def _shown(view: View, limit: str, exclusive: str) -> Any:
    if exclusive and exclusive in view.keywords and limit not in view.keywords:
        return f"{'more' if limit == 'minimum' else 'less'} than {view.keywords[exclusive]}"
    return view.keywords.get(limit)


def _closed(before: View, after: View) -> Iterator[Raw]:
    """Whether fields that are not described may come along."""
    old, new = before.additional is not False, after.additional is not False
    if old != new:
        kind = "additional-properties-allowed" if new else "additional-properties-refused"
        yield Raw(kind, old, new, ("additionalProperties",))


def _properties(before: View, after: View) -> Iterator[Raw | Child]:
    for name, part in before.properties.items():
        if name not in after.properties:
            kind = "property-removed"
            raw = Raw(kind, part.value, None, ("properties", name), f".{name}", directions(part.value))
            yield attrs.evolve(raw, at=(part.pointer, None))
    for name, part in after.properties.items():
        required = name in after.required
        if name not in before.properties:
            kind = "required-property-added" if required else "property-added"
            raw = Raw(kind, None, part.value, ("properties", name), f".{name}", directions(part.value))
            yield attrs.evolve(raw, at=(None, part.pointer))
            continue
        old = before.properties[name]
        only = directions(old.value) & directions(part.value)
        if required != (name in before.required):
            kind = "property-became-required" if required else "property-became-optional"
            raw = Raw(kind, not required, required, ("properties", name), f".{name}", only)
            yield attrs.evolve(raw, at=(old.pointer, part.pointer))
        # Also where no direction is left, because one was read-only and the other write-only: the flags differ.
        yield Child(f".{name}", old, part, only)
    for name in sorted(before.required ^ after.required):
        if name not in before.properties and name not in after.properties:
            kind = "constraint-changed"
            yield Raw(kind, name in before.required, name in after.required, ("required",), f".{name}")


def directions(value: Any) -> frozenset[Direction]:
    """Where a property may stand: ``readOnly`` ones are never sent, ``writeOnly`` ones never received."""
    schema = mapping(value)
    if schema.get("readOnly") is True:
        return frozenset({Direction.RESPONSE})
    return frozenset({Direction.REQUEST}) if schema.get("writeOnly") is True else BOTH


def _below(before: View, after: View) -> Iterator[Raw | Child]:
    if before.items is not None and after.items is not None:
        yield Child("[]", before.items, after.items)
    elif (before.items is None) != (after.items is None) and "array" in before.types & after.types:
        kind = "type-narrowed" if before.items is None else "type-widened"
        old, new = (view.items.value if view.items else None for view in (before, after))
        yield Raw(kind, old, new, ("items",), "[]")
    old, new = before.additional, after.additional
    if isinstance(old, Part) and isinstance(new, Part):
        yield Child("{}", old, new)
    elif isinstance(old, Part) != isinstance(new, Part) and old is not False and new is not False:
        kind = "type-narrowed" if isinstance(new, Part) else "type-widened"
        shown = [one.value if isinstance(one, Part) else one for one in (old, new)]
        yield Raw(kind, shown[0], shown[1], ("additionalProperties",), "{}")


def _members(before: View, after: View) -> Iterator[Raw | Child]:
    """Pair the members of two unions: by the component they refer to, then equal ones, then what is left in order."""
    if not before.members and not after.members:
        return
    if not before.members or not after.members:
        yield Raw("union-changed", len(before.members) or None, len(after.members) or None, (), " (one of several)")
        return
    old, new = list(before.members), list(after.members)
    for same in (_same_reference, _same_value, _same_type):
        for one in [*old]:
            other = next((other for other in new if same(one, other)), None)
            if other is not None:
                old.remove(one)
                new.remove(other)
                yield Child(f"|{_member_name(one)}", one, other)
    for one in old:
        raw = Raw("union-member-removed", one.value, None, (), f"|{_member_name(one)}")
        yield attrs.evolve(raw, at=(one.pointer, None))
    for one in new:
        raw = Raw("union-member-added", None, one.value, (), f"|{_member_name(one)}")
        yield attrs.evolve(raw, at=(None, one.pointer))


def _same_reference(one: Part, other: Part) -> bool:
    return "$ref" in mapping(one.value) and mapping(one.value)["$ref"] == mapping(other.value).get("$ref")


def _same_value(one: Part, other: Part) -> bool:
    return merge.same(one.value, other.value)


def _same_type(one: Part, other: Part) -> bool:
    old, new = mapping(one.value), mapping(other.value)
    plain = "$ref" not in old and "$ref" not in new
    return plain and old.get("type") == new.get("type") and old.get("title") == new.get("title")


def _member_name(part: Part) -> str:
    value = mapping(part.value)
    if isinstance(value.get("$ref"), str):
        return pointers.split("/" + value["$ref"].rpartition("/")[2])[0]
    return str(value.get("title") or value.get("type") or part.pointer.rpartition("/")[2])
