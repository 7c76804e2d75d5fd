"""The classes of webhook events by event type, for ``webhooks.py``: written from the description's ``webhooks``.

An event's class is the schema of the request that brings it. Its type is what the schema says about
``data.event_type`` (a constant or a list of values), or where there is none about ``data.record_type``, or about the
event's own ``type``; a schema that says nothing has the webhook's own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.errors import InputError
from scripts.pipeline import pointers
from scripts.pipeline.load import JsonObject

FILE = "event_classes.py"
HEAD = '''"""The class of each event: by event type its module, relative to this package, and its name."""

from __future__ import annotations

from typing import Final

EVENTS: Final[dict[str, tuple[str, str]]] = {
'''


def write(package: Path, document: JsonObject, classes: Mapping[str, str]) -> int:
    """Write ``event_classes.py``; ``classes`` are the package's modules by class. Returns how many types there are.

    ``InputError`` when two webhooks claim one type, or a webhook brings no component of the description.
    """
    found: dict[str, str] = {}
    for name, item in document.get("webhooks", {}).items():
        at = pointers.join("/webhooks", name)
        schema = _schema(document, item, at)
        if schema not in classes:
            raise InputError(f"the webhook {name} brings {schema}, which is no class", pointer=at)
        for event_type in _types(document, schema) or (name,):
            if found.setdefault(event_type, schema) != schema:
                raise InputError(f"{found[event_type]} and {schema} both claim the event type {event_type}", pointer=at)
    lines = [f"    {key!a}: {(f'.{classes[schema]}', schema)!a},\n" for key, schema in sorted(found.items())]
    (package / FILE).write_text("".join([HEAD, *lines, "}\n"]), encoding="utf-8", newline="\n")
    return len(found)


def types(document: JsonObject, name: str) -> tuple[str, ...]:
    """The types that the events of a webhook may have; ``InputError`` where it brings no component."""
    at = pointers.join("/webhooks", name)
    return _types(document, _schema(document, document["webhooks"][name], at)) or (name,)


def _schema(document: JsonObject, item: Any, at: str) -> str:
    """The name of the component that a webhook's request holds."""
    body = _resolved(document, _resolved(document, item).get("post", {}).get("requestBody", {}))
    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    reference = schema.get("$ref", "") if isinstance(schema, dict) else ""
    if not reference.startswith("#/components/schemas/"):
        raise InputError("a webhook's request must be a component of its own", pointer=at)
    return str(pointers.split(reference[1:])[-1])


def _types(document: JsonObject, schema: str) -> tuple[str, ...]:
    """What the schema says of the member that tells its type: the first of them that it has at all."""
    whole = document["components"]["schemas"][schema]
    holders = list(_property(document, whole, "data")) or [whole]
    for name in ("event_type", "record_type", "type"):
        if any(True for holder in holders for _ in _property(document, holder, name)):
            return tuple(value for holder in holders for value in _values(document, holder, name))
    return ()


def _values(document: JsonObject, holder: JsonObject, name: str) -> Iterator[str]:
    """The texts that a property may be."""
    for member in _property(document, holder, name):
        values = [member["const"]] if "const" in member else member.get("enum", [])
        yield from (value for value in values if isinstance(value, str))


def _property(document: JsonObject, schema: Any, name: str) -> Iterator[JsonObject]:
    """The schemas of a property: the object's own and those of what its allOf names."""
    schema = _resolved(document, schema)
    for part in schema.get("allOf", ()):
        yield from _property(document, part, name)
    if name in schema.get("properties", {}):
        yield _resolved(document, schema["properties"][name])


def _resolved(document: JsonObject, node: Any) -> JsonObject:
    while isinstance(node, dict) and "$ref" in node:
        node = pointers.follow(document, node["$ref"][1:])
    return node if isinstance(node, dict) else {}
