"""The Overlay actions that would make our description say what theirs says, where an action can.

Their words stay out: descriptions are for a person to write when the proposal is accepted. Objects and enums become
components, as the house rules want, named after the field that they were found at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from scripts.comparison import schema_view
from scripts.comparison.schema_view import Part
from scripts.lint import overlay_action
from scripts.lint.document import Document
from scripts.lint.finding import OverlayAction
from scripts.lint.reading import mapping, sequence
from scripts.pipeline import pointers
from scripts.published.disagreements import Disagreement

DEPTH = 6
# Keywords that are taken over as they stand.
KEPT = (
    *("format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "default"),
    *("readOnly", "writeOnly", "deprecated"),
)
WORDS = "As the published description has it; to be described."


class NotAdoptable(Exception):
    """No action can say it; the text tells why."""


@attrs.define
class Adopter:
    """Writes actions for points between two documents; ``names`` grows by the components that they add."""

    ours: Document
    theirs: Document
    names: set[str]

    def actions(self, point: Disagreement) -> list[OverlayAction]:
        """The actions in order; ``NotAdoptable`` where a person has to write them."""
        maker = MAKERS.get(point.kind)
        if maker is None:
            raise NotAdoptable("it takes a person to say what that means here")
        found = list(maker(self, point))
        if not found:
            raise NotAdoptable("there is nothing in our description to hang it on")
        return found

    def at(self, pointer: str) -> Any:
        """What stands at a pointer into our document; ``NotAdoptable`` for nothing."""
        try:
            return pointers.follow(self.ours.root, pointer)
        except pointers.PointerToNowhere as problem:
            raise NotAdoptable("our description says it in parts that are merged (allOf)") from problem

    def schema(self, part: Part, name: str, made: dict[str, Any], depth: int = 0) -> Any:
        """Their schema in our own form; components that it takes are put into ``made``."""
        if depth > DEPTH:
            raise NotAdoptable("their schema refers to itself, or is nested too deeply")
        view = schema_view.view(self.theirs, part)
        if view.members:
            raise NotAdoptable("their schema is one of several; that needs a design of ours")
        own: dict[str, Any] = {key: view.keywords[key] for key in KEPT if key in view.keywords}
        if view.properties:
            own = {"type": "object", "description": WORDS, "properties": {}}
            for field, below in view.properties.items():
                inner = self.schema(below, name + _pascal(field), made, depth + 1)
                own["properties"][field] = _described(inner)
        elif view.enum is not None:
            own = {
                "type": sorted(view.types)[0] if view.types else "string",
                "description": WORDS,
                "enum": list(view.enum),
            }
        elif view.types:
            own = {"type": sorted(view.types)[0] if len(view.types) == 1 else sorted(view.types), **own}
        if "array" in view.types and view.items is not None:
            own["items"] = self.schema(view.items, f"{name}Item", made, depth + 1)
        if view.properties or view.enum is not None:
            if name in self.names or name in made:
                raise NotAdoptable(f"there is a component {name} already")
            made[name] = own
            reference = {"$ref": f"#/components/schemas/{name}"}
            return {"anyOf": [reference, {"type": "null"}]} if view.nullable else reference
        if view.nullable and isinstance(own.get("type"), str):
            own["type"] = [own["type"], "null"]
        return own


def _described(schema: Any) -> Any:
    """A field's schema with words, unless the component behind it has them."""
    return schema if "$ref" in schema else {**schema, "description": WORDS}


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", name))


def _added_property(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    holder, _, _ = point.pointer_ours.rpartition("/properties/")
    field = pointers.split(point.pointer_ours)[-1]
    schema = adopter.at(holder)
    made: dict[str, Any] = {}
    owner = _pascal(pointers.split(holder)[-1])
    if not holder.startswith("/components/schemas/") or len(pointers.split(holder)) != 3:
        raise NotAdoptable("the object around it is no component of ours")
    member = adopter.schema(Part(point.pointer_theirs, point.theirs), owner + _pascal(field), made)
    if made:
        yield overlay_action.update("/components/schemas", made)
    described = {field: _described(member)}
    if "properties" in mapping(schema):
        yield overlay_action.update(f"{holder}/properties", described)
    else:
        yield overlay_action.update(holder, {"properties": described})


def _added_parameter(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    theirs = mapping(point.theirs)
    if theirs.get("style") == "deepObject" or "schema" not in theirs:
        raise NotAdoptable("its style has no counterpart here: flat parameters are needed")
    made: dict[str, Any] = {}
    at = Part(pointers.join(point.pointer_theirs, "schema"), theirs["schema"])
    schema = adopter.schema(at, _pascal(str(theirs.get("name"))), made)
    parameter = {"name": theirs.get("name"), "in": theirs.get("in"), "description": WORDS, "schema": schema}
    if theirs.get("required") is True:
        parameter["required"] = True
    if made:
        yield overlay_action.update("/components/schemas", made)
    operation = adopter.at(point.pointer_ours)
    if "parameters" in operation:
        yield overlay_action.update(pointers.join(point.pointer_ours, "parameters"), parameter)
    else:
        yield overlay_action.update(point.pointer_ours, {"parameters": [parameter]})


def _enum_member(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    holder = point.pointer_ours.rpartition("/")[0]
    if "enum" not in mapping(adopter.at(holder)):
        raise NotAdoptable("our values are a constant")
    yield overlay_action.update(holder, {"enum": [point.theirs]})


def _error_status(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    """An error of theirs gets the answer that our operation has for the most similar one."""
    responses = mapping(mapping(adopter.at(point.pointer_ours)).get("responses"))
    alike = sorted(status for status in responses if status[:1] == str(point.theirs)[:1] and status.isdigit())
    known = responses.get(alike[0]) if alike else responses.get("default")
    if known is None:
        raise NotAdoptable("no answer of ours is like it")
    yield overlay_action.update(pointers.join(point.pointer_ours, "responses"), {str(point.theirs): known})


def _keyword(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    """A keyword with one value: limit, format, default."""
    holder, _, keyword = point.pointer_ours.rpartition("/")
    schema = mapping(adopter.at(holder))
    try:
        theirs = pointers.follow(adopter.theirs.root, point.pointer_theirs)
    except pointers.PointerToNowhere:
        theirs = None
    if keyword in schema and theirs is not None:
        yield from overlay_action.replace(holder, keyword, theirs)
    elif theirs is not None:
        yield overlay_action.update(holder, {keyword: theirs})
    elif keyword in schema:
        yield overlay_action.remove(point.pointer_ours)


def _type(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    holder = point.pointer_ours.rpartition("/")[0]
    schema = mapping(adopter.at(holder))
    theirs = schema_view.view(adopter.theirs, adopter_part(adopter, point.pointer_theirs.rpartition("/")[0]))
    if "type" not in schema or not theirs.types or {"object", "array"} & theirs.types:
        raise NotAdoptable("the type is more than a word in one of the two")
    named: list[str] = [*sorted(theirs.types), *(["null"] if theirs.nullable else [])]
    yield from overlay_action.replace(holder, "type", named if len(named) > 1 else named[0])


def adopter_part(adopter: Adopter, pointer: str) -> Part:
    """The part of their document at a pointer; ``NotAdoptable`` for nothing."""
    try:
        return Part(pointer, pointers.follow(adopter.theirs.root, pointer))
    except pointers.PointerToNowhere as problem:
        raise NotAdoptable("their description says it in parts that are merged (allOf)") from problem


def _required(adopter: Adopter, point: Disagreement) -> Iterator[OverlayAction]:
    holder, _, _ = point.pointer_ours.rpartition("/properties/")
    field = pointers.split(point.pointer_ours)[-1]
    listed = sequence(mapping(adopter.at(holder)).get("required"))
    if point.kind == "property-became-required":
        yield overlay_action.update(holder, {"required": [field]})
    elif field in listed:
        path = overlay_action.path(pointers.join(holder, "required"))
        yield {"target": f"{path}[?@ == {overlay_action.quoted(field)}]", "remove": True}


Maker = Callable[[Adopter, Disagreement], Iterator[OverlayAction]]
MAKERS: dict[str, Maker] = {
    "property-added": _added_property,
    "required-property-added": _added_property,
    "parameter-added": _added_parameter,
    "required-parameter-added": _added_parameter,
    "enum-member-added": _enum_member,
    "error-status-added": _error_status,
    "limit-tightened": _keyword,
    "limit-loosened": _keyword,
    "limit-changed": _keyword,
    "format-added": _keyword,
    "format-changed": _keyword,
    "format-removed": _keyword,
    "format-changes-type": _keyword,
    "default-changed": _keyword,
    "type-changed": _type,
    "type-widened": _type,
    "type-narrowed": _type,
    "nullable-added": _type,
    "nullable-removed": _type,
    "property-became-required": _required,
    "property-became-optional": _required,
}
