"""Changes of one member of an object, or of one value: what the drifts of fields are made of."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..exchange import Json, Record
from .changing import Edit


def mapping(change: Callable[[Json], Json]) -> Edit:
    """Change the value of a member that is there and not null."""

    def edit(holder: Record, name: str) -> None:
        if holder.get(name) is not None:
            holder[name] = change(holder[name])

    return edit


def drop(holder: Record, name: str) -> None:
    """Leave a member out."""
    holder.pop(name, None)


def change_type(holder: Record, name: str) -> None:
    """Give a member a value of another JSON type."""
    if name in holder:
        holder[name] = other_type(holder[name])


def nullify(holder: Record, name: str) -> None:
    """Make a member null."""
    if name in holder:
        holder[name] = None


def add(holder: Record, name: str) -> None:
    """Add a member that no description knows."""
    holder.setdefault(name, "planted")


def unknown_member(holder: Record, name: str) -> None:
    """Give a member a text that no enumeration holds."""
    if name in holder:
        holder[name] = "planted-value"


def rename(holder: Record, name: str) -> None:
    """Send a member under another name."""
    if name in holder:
        holder[f"{name}_renamed"] = holder.pop(name)


def null_to_empty(holder: Record, name: str) -> None:
    """Send an empty text for null."""
    if name in holder and holder[name] is None:
        holder[name] = ""


def other_type(value: Json) -> Json:
    """A value of another JSON type, as near as one comes to a plausible slip."""
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case str():
            return int(value) if value.isascii() and value.isdigit() else 12345
        case list():
            return {str(index): item for index, item in enumerate(value)}
        case dict():
            return [value]
        case _:
            return False


def camel(name: str) -> str:
    """``created_at`` → ``createdAt``."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """``createdAt`` → ``created_at``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)


def in_camel_case(content: Json) -> Json:
    """Every member of every record renamed."""
    return _renamed(content, camel)


def in_snake_case(content: Json) -> Json:
    """Every member of every record renamed."""
    return _renamed(content, snake)


def _renamed(node: Json, change: Callable[[str], str]) -> Json:
    if isinstance(node, list):
        return [_renamed(item, change) for item in node]
    if isinstance(node, dict):
        return {change(name): _renamed(value, change) for name, value in node.items()}
    return node


def with_offset(value: Json) -> Json:
    """``2019-01-23T18:10:02.574Z`` → ``2019-01-23 18:10:02``: no longer RFC 3339."""
    return str(value)[:19].replace("T", " ")


def epoch(value: Json) -> Json:
    """A moment as a number of seconds."""
    return 1548267002.574 if isinstance(value, str) else value


def rounded(value: Json) -> Json:
    """A number, or one in a text, without what stands behind the point."""
    return int(value) if isinstance(value, float) else re.sub(r"\.\d+$", "", value) if isinstance(value, str) else value
