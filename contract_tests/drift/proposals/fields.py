"""Fields and values: what a schema would have to say for an answer, or for a request that was taken, to be allowed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contract_tests.drift.anchors import parts, resolved
from contract_tests.drift.proposals.case import Case, Json, Step, last
from scripts.lint import overlay_action
from scripts.pipeline import pointers

# The word in a finding's kind → the keywords of JSON Schema that it stands for.
KEYWORDS = {
    "format": ("format",),
    "pattern": ("pattern",),
    "length": ("minLength", "maxLength"),
    "range": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "items": ("minItems", "maxItems", "uniqueItems"),
}
LIMITS = tuple(keyword for keywords in KEYWORDS.values() for keyword in keywords)
# Forms of text that JSON Schema has a format for.
FORMATS = frozenset({"uuid", "date-time", "date", "uri", "email"})
# What a mock may show of a field whose values nobody knows, by type and format.
EMPTY: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
EMPTY_TEXT = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "date-time": "1970-01-01T00:00:00Z",
    "date": "1970-01-01",
    "uri": "https://example.com",
    "email": "nobody@example.com",
}


def added(case: Case) -> Iterator[Step]:
    """Describe a field that came and that nobody described."""
    for anchor in case.anchors():
        holder = anchor.rpartition("/properties/")[0]
        member = _schema_of(list(case.rows(anchor)) or list(_rows_as_told(case, anchor)))
        if not holder or member is None:
            continue
        member["description"] = "Seen in answers; no document tells about it."
        field = last(anchor)
        owner, found = resolved(case.description, holder)
        if isinstance(found, Mapping) and "properties" in found:
            yield Step(f"Describes {field}.", overlay_action.update(owner[1:] + "/properties", {field: member}))
        else:
            yield Step(f"Describes {field}.", overlay_action.update(owner[1:], {"properties": {field: member}}))


def _rows_as_told(case: Case, anchor: str) -> Iterator[Json]:
    """The types that the finding itself names, where its operations were not this run's business and have no table."""
    for place in case.finding["places"]:
        word = place["observed"].rpartition(" ")[2]
        if place["described"] == anchor and word in EMPTY:
            yield {"types": {word: 1}, "formats": {}, "null": 0}


def _schema_of(rows: Sequence[Json]) -> dict[str, Any] | None:
    """The schema of a field that was seen: types, null and form, and that nobody knows who sets it."""
    types, forms = _summed(rows, "types"), _summed(rows, "formats")
    if not types:
        return None
    names = sorted(types)
    form = next(iter(forms), "")
    made: dict[str, Any] = {"type": names if len(names) > 1 else names[0]}
    if any(row["null"] for row in rows):
        made["type"] = [*names, "null"]
    else:
        made["x-initial"] = EMPTY_TEXT.get(form, "") if names == ["string"] and len(forms) == 1 else EMPTY[names[0]]
    if names == ["string"] and len(forms) == 1 and form in FORMATS:
        made["format"] = form
    if "array" in names:
        made["items"] = {}
    made["x-server-varies"] = True
    return made


def _summed(rows: Sequence[Json], key: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row[key])
    return found


def other_type(case: Case) -> Iterator[Step]:
    """Let a field hold the types that were seen, beside those that the documents give."""
    for anchor in case.anchors():
        rows = list(case.rows(anchor))
        seen = set(_summed(rows, "types")) | ({"null"} if any(row["null"] for row in rows) else set())
        if not seen:
            seen = {_type_of(case.finding["evidence"]["value"])} if "value" in case.finding["evidence"] else set()
        yield from _with_types(case, anchor, seen)


def _with_types(case: Case, anchor: str, seen: set[str]) -> Iterator[Step]:
    node = case.at(anchor)
    if not isinstance(node, Mapping) or not seen:
        return
    name = last(anchor)
    text = f"Lets {name} be {' or '.join(sorted(seen))}."
    if "type" in node:
        known = [node["type"]] if isinstance(node["type"], str) else list(node["type"])
        new = sorted(seen - set(known) - ({"integer"} if "number" in known else set()))
        if new:
            remove, update = overlay_action.replace(anchor[1:], "type", [*known, *new])
            yield Step(f"Takes off the type of {name}.", remove)
            yield Step(text, update)
        return
    described = {each for at, part in parts(case.description, anchor) for each in _types_in(part)}
    new = sorted(seen - described)
    if not new:
        return
    extra = [{"type": each} for each in new]
    if "anyOf" in node:
        yield from (Step(text, overlay_action.update(f"{anchor[1:]}/anyOf", each)) for each in extra)
    elif "$ref" in node:
        holder = anchor[1:].rpartition("/")[0]
        beside = {each: value for each, value in node.items() if each != "$ref"}
        value = {**beside, "anyOf": [{"$ref": node["$ref"]}, *extra]}
        remove, update = overlay_action.replace(holder, name, value)
        yield Step(f"Takes off the schema of {name}.", remove)
        yield Step(text, update)


def _types_in(node: Json) -> list[str]:
    found = node.get("type", [])
    return [found] if isinstance(found, str) else list(found)


def more_members(case: Case) -> Iterator[Step]:
    """List the values that came beside those of the enum."""
    for anchor in case.anchors():
        values = [json.loads(text) for row in case.rows(anchor) for text in row["new_values"]]
        if not values and isinstance(case.finding["evidence"].get("value"), str | int):
            values = [case.finding["evidence"]["value"]]
        for at, node in parts(case.description, anchor):
            listed = node["enum"] if "enum" in node else [node["const"]] if "const" in node else None
            new = [value for value in dict.fromkeys(values) if listed is not None and value not in listed]
            if not new:
                continue
            shown = ", ".join(map(str, new))
            if "enum" in node:
                yield Step(f"Lists {shown}.", overlay_action.update(at[1:], {"enum": new}))
                yield from _names(case, at, new)
            else:
                yield Step("Takes off the constant.", overlay_action.remove(f"{at[1:]}/const"))
                yield Step(f"Lists {shown}.", overlay_action.update(at[1:], {"enum": [*(listed or []), *new]}))


def _names(case: Case, at: str, values: list[Any]) -> Iterator[Step]:
    """Names for the new members in the package, where the generator is given names for the others."""
    try:
        taken = [*pointers.follow(case.hinted, f"{at[1:]}/x-enum-varnames")]
    except pointers.PointerToNowhere:
        return
    for value in values:
        name = re.sub(r"\W+", "_", str(value)).strip("_").upper() or "EMPTY"
        name = f"VALUE_{name}" if name[0].isdigit() else name
        while name in taken:
            name += "_"
        taken.append(name)
    added = {"x-enum-varnames": taken[-len(values) :]}
    yield Step(f"Names {', '.join(added['x-enum-varnames'])}.", overlay_action.update(at[1:], added), generator=True)


def optional(case: Case) -> Iterator[Step]:
    """Let a field be absent."""
    for anchor in case.anchors():
        holder, name = anchor[1:].rpartition("/properties/")[0], last(anchor)
        node = case.at(f"#{holder}")
        if isinstance(node, Mapping) and name in node.get("required", ()):
            target = f"{overlay_action.path(holder)}['required'][?@ == {overlay_action.quoted(name)}]"
            yield Step(f"Makes {name} optional.", {"target": target, "remove": True})


def wider(case: Case) -> Iterator[Step]:
    """Take off the keyword that an answer breaks: ``expected`` begins with it."""
    word = case.finding["kind"].removeprefix("response-")
    said = re.split(r"[\s:]", case.finding["expected"], maxsplit=1)[0]
    for anchor in case.anchors():
        yield from _without(case, anchor, said if said in KEYWORDS.get(word, ()) else "")


def laxer(case: Case) -> Iterator[Step]:
    """What the target takes although a limit of the request forbids it: the limit goes."""
    said = re.search(r"since (\w+) ", case.finding["expected"])
    keyword = said[1] if said else ""
    for anchor in case.anchors():
        yield from _without(case, anchor, keyword if keyword in LIMITS else "")


def _without(case: Case, anchor: str, keyword: str) -> Iterator[Step]:
    place = anchor
    if keyword and anchor.startswith("#/components/parameters/"):
        place = f"{anchor}/schema"
    for at, node in parts(case.description, place) if keyword else ():
        if keyword in node:
            name = last(anchor)
            yield Step(f"Takes {keyword} {node[keyword]} off {name}.", overlay_action.remove(f"{at[1:]}/{keyword}"))
            return


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = ((int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")
