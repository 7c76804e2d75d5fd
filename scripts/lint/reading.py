"""Read values of a document that may be anything: what has the wrong type reads as empty; a shape rule reports it."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """``value`` if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """``value`` if it is a string, else ``""``."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """The strings among the entries of an array."""
    return [entry for entry in sequence(value) if isinstance(entry, str)]


def types(schema: dict[str, Any]) -> list[str]:
    """The ``type`` of a schema as a list, whichever way it is written."""
    named = schema.get("type")
    return [named] if isinstance(named, str) else texts(named)


def nullable(schema: dict[str, Any]) -> bool:
    """Whether null is allowed by ``type`` (3.1) or ``nullable`` (3.0)."""
    return "null" in types(schema) or schema.get("nullable") is True


def is_object(schema: dict[str, Any]) -> bool:
    """Whether a schema stands for an object with named members, which becomes a class."""
    return bool(mapping(schema.get("properties"))) and set(types(schema)) <= {"object", "null"}
