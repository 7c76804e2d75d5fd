"""Write Overlay actions (1.0.0) that mend a finding: targets as normalised JSONPath, updates as values."""

from __future__ import annotations

from typing import Any

from scripts.lint.finding import OverlayAction
from scripts.pipeline import pointers


def path(pointer: str, document: Any = None) -> str:
    """The JSONPath of a pointer. With the ``document``, entries of arrays become indexes; else digits stay keys."""
    parts, value = ["$"], document
    for token in pointers.split(pointer):
        if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            parts.append(f"[{int(token)}]")
            value = value[int(token)]
        else:
            parts.append(f"[{quoted(token)}]")
            value = value.get(token) if isinstance(value, dict) else None
    return "".join(parts)


def quoted(token: str) -> str:
    """A string literal of RFC 9535 in single quotes."""
    escaped = token.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + "'"


def update(pointer: str, value: Any, document: Any = None) -> OverlayAction:
    """Merge ``value`` into the object at ``pointer`` (or append it to the array)."""
    return {"target": path(pointer, document), "update": value}


def remove(pointer: str, document: Any = None) -> OverlayAction:
    """Delete what stands at ``pointer``."""
    return {"target": path(pointer, document), "remove": True}


def replace(pointer: str, key: str, value: Any, document: Any = None) -> tuple[OverlayAction, OverlayAction]:
    """Put ``value`` in place of member ``key`` of the object at ``pointer``, of whatever kind it was."""
    return remove(pointers.join(pointer, key), document), update(pointer, {key: value}, document)
