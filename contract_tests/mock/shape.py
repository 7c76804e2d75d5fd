"""How a value sent by a client becomes a stored value: what the schema does not know falls away, nested defaults enter.

Three readings of a schema are made once, at start: the variant to validate requests against (read-only members are
open and never required, because the API ignores them), the shape that prunes and completes nested objects, and
whether null may stand there.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..description import Description
from .exchange import Json

# Keywords whose value is data, not a schema: they are carried over as they stand.
DATA_KEYWORDS = frozenset({"enum", "const", "default", "example", "examples", "required"})


class _Absent:
    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(slots=True)
class Shape:
    """What is known about the members of an object (``members``) or the items of an array (``items``).

    A member is (default or ABSENT, shape or None). Built in two steps because schemas may refer to themselves.
    """

    members: dict[str, tuple[Json, Shape | None]] | None = None
    items: Shape | None = None
    open: bool = False

    def complete(self, value: Json, *, base: Json = None) -> Json:
        """A copy of ``value`` without unknown members (unless the schema is open) and with nested defaults.

        With ``base``, the object stored so far, members that ``value`` leaves out come from there, before defaults.
        """
        if isinstance(value, dict) and self.members is not None:
            former = base if isinstance(base, dict) else {}
            made = {}
            for name, (default, inner) in self.members.items():
                if name in value:
                    made[name] = inner.complete(value[name]) if inner else value[name]
                elif name in former:
                    made[name] = former[name]
                elif default is not ABSENT:
                    made[name] = copy.deepcopy(default)
            if self.open:
                made.update((name, item) for name, item in value.items() if name not in self.members)
            return made
        if isinstance(value, list) and self.items is not None:
            return [self.items.complete(item) for item in value]
        return value


@dataclass(slots=True)
class Shapes:
    """Makes shapes; one for each schema object, so that recursive schemas end."""

    description: Description
    _made: dict[int, Shape] = field(default_factory=dict)

    def of(self, node: Any) -> Shape | None:
        """The shape of a schema; None when nothing is to be pruned or completed there."""
        schema = self.branch(node)
        if not isinstance(schema, Mapping):
            return None
        if id(schema) in self._made:
            return self._made[id(schema)]
        if "properties" in schema:
            shape = self._made[id(schema)] = Shape(members={}, open=bool(schema.get("additionalProperties", False)))
            members: dict[str, tuple[Json, Shape | None]] = {}
            for name, member in self.description.properties(schema).items():
                if not member.get("readOnly"):
                    members[name] = (member.get("default", ABSENT), self.of(schema["properties"][name]))
            shape.members = members
            return shape
        if "items" in schema:
            inner = self.of(schema["items"])
            return Shape(items=inner) if inner else None
        return None

    def branch(self, node: Any) -> Any:
        """The schema behind references and behind "this or null"; a real union stays as it is."""
        schema = self.description.resolve(node)
        if not isinstance(schema, Mapping):
            return schema
        for keyword in ("anyOf", "oneOf"):
            branches = [self.description.resolve(branch) for branch in schema.get(keyword, ())]
            real = [branch for branch in branches if branch.get("type") != "null"]
            if len(real) == 1:
                return self.branch(real[0])
        return schema


def is_nullable(description: Description, node: Any) -> bool:
    """Whether null is valid for a schema, as far as type, enum and unions tell."""
    schema = description.resolve(node)
    if not isinstance(schema, Mapping):
        return schema is True
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return any(is_nullable(description, branch) for branch in schema[keyword])
    if "enum" in schema:
        return None in schema["enum"]
    kind = schema.get("type")
    return kind is None or kind == "null" or (isinstance(kind, list) and "null" in kind)


def without_read_only(node: Any) -> Any:
    """A copy of a schema, or of a map of schemas, in which read-only members may be anything or be missing."""
    if isinstance(node, list):
        return [without_read_only(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: value if key in DATA_KEYWORDS else without_read_only(value) for key, value in node.items()}
    members = node.get("properties")
    if isinstance(members, dict):
        closed = {name for name, member in members.items() if isinstance(member, dict) and member.get("readOnly")}
        made["properties"] = {name: True if name in closed else made["properties"][name] for name in members}
        if closed and isinstance(node.get("required"), list):
            made["required"] = [name for name in node["required"] if name not in closed]
    return made
