"""What the generator gets to see: the effective description without the things it would misread."""

from __future__ import annotations

import copy
import json
from typing import Any

from scripts.pipeline import grammar, names
from scripts.pipeline.load import JsonObject


def prepare(document: JsonObject) -> JsonObject:
    """A copy of ``document``: security on every operation, described arguments, no titles, no defaults, and envelopes
    and ids required."""
    result = copy.deepcopy(document)
    _spread_security(result)
    _describe_arguments(result)
    _name_members(result)
    _drop_titles(result)
    _drop_defaults(result)
    _require_what_answers_live_by(result)
    return result


def _spread_security(document: JsonObject) -> None:
    """Write the root's security into each operation that has none of its own, in place.

    The generator looks at operations only; without this a protected operation would accept a client without token.
    """
    if "security" not in document:
        return
    for node in grammar.walk(document):
        if node.kind == "operation":
            node.value.setdefault("security", copy.deepcopy(document["security"]))


def _describe_arguments(document: JsonObject) -> None:
    """Copy each parameter's description into its schema, in place: the generator's docstrings read it only there.

    Where the schema is a reference, its docstring line has the description of what it leads to.
    """
    for node in grammar.walk(document):
        schema = node.value.get("schema")
        described = node.kind == "parameters" and "description" in node.value
        if described and isinstance(schema, dict) and "$ref" not in schema:
            node.value["schema"] = {**schema, "description": node.value["description"]}


def _name_members(document: JsonObject) -> None:
    """Name the members of every enum of texts after their values, in place.

    The generator numbers those that do not begin with a letter, by position: a new one would rename the others.
    """
    for node in grammar.walk(document):
        values = node.value.get("enum") if node.kind == "schemas" else None
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            node.value.setdefault("x-enum-varnames", list(map(names.member_name, values)))


def _drop_titles(document: JsonObject) -> None:
    """Remove the ``title`` of every schema, in place: the generator would name the class after it, not the file."""
    for node in grammar.walk(document):
        if node.kind == "schemas":
            node.value.pop("title", None)


def _drop_defaults(document: JsonObject) -> None:
    """Turn the ``default`` of every schema into a sentence of its description, in place.

    A default says what the server does when a field is absent. The generator makes it a constructor argument and
    sends it with every request, which on a PATCH resets what nobody meant to touch.
    """
    for node in grammar.walk(document):
        if node.kind == "schemas" and "default" in node.value:
            default = node.value.pop("default")
            if "$ref" not in node.value:
                node.value["description"] = with_default(node.value.get("description"), default)


def with_default(description: Any, default: Any) -> str:
    """``description`` with a sentence about the default that the server takes."""
    sentence = f"The server's default is {json.dumps(default, ensure_ascii=False)}."
    return f"{description} {sentence}" if isinstance(description, str) and description else sentence


def _require_what_answers_live_by(document: JsonObject) -> None:
    """Make the envelope of every ``…Response`` and the server-made id of every record required, in place.

    Documents rarely say what an answer always holds. Without this, type checkers would ask every caller to prove that
    a record has an id. A field that is missing all the same reads as UNSET and is reported as drift, nothing raises.
    """
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
        said = schema.get("x-envelope") or {"records": "data", "told": "meta"}
        found = [key for key in said.values() if key in properties] if name.endswith("Response") else []
        found += [
            key
            for key, one in properties.items()
            if isinstance(one, dict) and one.get("x-generated") == "id" and one.get("readOnly")
        ]
        if added := [key for key in found if key not in schema.get("required", [])]:
            schema["required"] = [*schema.get("required", []), *added]
