"""What an Overlay's ``update`` does to one value (Overlay 1.0.0 and 1.1.0, section 4.4.3 "Action Object").

Objects merge member by member, arrays that meet inside an object are concatenated, primitives are replaced; values
of different kinds don't meet. Values are copied on the way in, so that two targets never share one object.
"""

from __future__ import annotations

import copy
import json
from typing import Any


class MergeError(ValueError):
    """The update does not fit the target; the text says where and why."""


def kind(value: Any) -> str:
    """``object``, ``array`` or ``primitive`` (null included)."""
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "primitive"


def into_object(target: dict[str, Any], update: dict[str, Any], where: str = "") -> bool:
    """Merge ``update`` into ``target`` in place; whether anything changed."""
    changed = False
    for key, value in update.items():
        here = f"{where}/{key}"
        if key not in target:
            target[key] = copy.deepcopy(value)
            changed = True
            continue
        old, new = kind(target[key]), kind(value)
        if old != new:
            raise MergeError(f"{_article(new)} can't be merged into {_article(old)} at {here}")
        if old == "object":
            changed |= into_object(target[key], value, here)
        elif old == "array":
            changed |= append(target[key], value, here)
        elif not same(target[key], value):
            target[key] = value
            changed = True
    return changed


def append(target: list[Any], entries: list[Any], where: str = "") -> bool:
    """Append copies of ``entries`` to ``target`` in place; whether there were any.

    An entry that is there already is refused, though the specification would append it again: the correction has
    been made elsewhere since, and a doubled parameter or enum value makes an invalid description.
    """
    for entry in entries:
        if any(same(entry, there) for there in target):
            text = json.dumps(entry, ensure_ascii=False)
            shown = text if len(text) <= 60 else text[:57] + "..."
            raise MergeError(f"the array at {where or 'the target'} has the entry {shown} already")
        target.append(copy.deepcopy(entry))
    return bool(entries)


def same(one: Any, other: Any) -> bool:
    """Equality as JSON sees it: ``1`` and ``true`` differ, which Python calls equal."""
    if one is other:
        return True
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _article(kind_name: str) -> str:
    return f"a {kind_name}" if kind_name == "primitive" else f"an {kind_name}"
