"""Walk two documents side by side: everything behind a reference is compared once, and remembers who uses it.

A ``Unit`` is what stands behind a reference (or one operation). It holds its own differences and the units that it
refers to. So a difference in a schema that twelve operations share is found once, and a schema that refers to
itself ends the walk.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import attrs

from scripts.comparison import schema_pairs, schema_view
from scripts.comparison.change import BOTH, Difference, Direction
from scripts.comparison.schema_pairs import Raw
from scripts.comparison.schema_view import Part, Place
from scripts.lint.document import Document
from scripts.pipeline import merge, pointers

Key = tuple[str, str]
RENAMED, REPLACED = "schema-renamed", "schema-replaced"
DEFAULT, NULL = "default-changed", frozenset({"nullable-added", "nullable-removed"})
Ways = frozenset[Direction]


@attrs.frozen
class Edge:
    """A unit refers to another one, in data that goes in these directions; an operation's says which it is."""

    target: Key
    only: frozenset[Direction] = BOTH
    direction: Direction | None = None


@attrs.define
class Unit:
    """Two things that correspond: their differences, and what they refer to."""

    differences: list[Difference] = attrs.Factory(list)
    edges: list[Edge] = attrs.Factory(list)


class Walk:
    """The units of two documents. With ``names`` it counts when a component is called something else."""

    def __init__(self, before: Document, after: Document, *, names: bool = True) -> None:
        self.before = before
        self.after = after
        self.units: dict[Key, Unit] = {}
        self._names = names
        self._pending: deque[tuple[Key, Part, Part, str]] = deque()
        # Differences behind references about null and defaults, and the places that say nothing of their own about it;
        # where others do (``_answered``), these tell it, each for itself.
        self._held: dict[tuple[Key, str], Difference] = {}
        self._silent: dict[tuple[Key, str], list[tuple[Unit, Difference]]] = {}
        self._answered: set[tuple[Key, str]] = set()

    def schema(self, unit: Unit, before: Part, after: Part, label: str, only: Ways = BOTH, around: Ways = BOTH) -> None:
        """Compare two schemas as parts of ``unit``; ``label`` names the place for people.

        ``only``: the directions in which they are used; ``around``: those of the object that they belong to, in which
        it matters that one of them is not used any more.
        """
        old, new = schema_view.place(self.before, before), schema_view.place(self.after, after)
        if old.name is None and new.name is None:
            self._level(unit, before, after, label, only, around)
            return
        at, key = (before.pointer, after.pointer), (old.target.pointer, new.target.pointer)
        raws = self._beside(old, new)
        named = self._named(old, new) if self._names else None
        if named is not None and named.kind == REPLACED:
            raws.append(named)
        unit.differences += [_difference(attrs.evolve(raw, only=_ways(raw, only, around)), label, at) for raw in raws]
        for keyword, answered in _answered(old, new).items():
            if answered:
                self._answered.add((key, keyword))
            else:
                way = (keyword,) if keyword == "default" else ()
                here = _difference(Raw(keyword, None, None, way, only=only), label, at)
                self._silent.setdefault((key, keyword), []).append((unit, here))
        if key not in self.units:
            self.units[key] = Unit()
            self._pending.append((key, old.target, new.target, _name(old, label)))
            if named is not None and named.kind == RENAMED:  # whoever leads here meets the new name
                self.units[key].differences.append(_difference(named, _name(old, label), key))
        unit.edges.append(Edge(key, only))

    def _beside(self, old: Place, new: Place) -> list[Raw]:
        """What the places say beside the references: whether null is allowed, a default, descriptions.

        About the first two a place and what it refers to speak together: a difference is what both together say anew.
        """
        raws = [raw for raw in schema_pairs.described(old.annotations, new.annotations) if raw.kind != DEFAULT]
        answered = _answered(old, new)
        if answered["type"]:
            before, after = _takes_null(self.before, old), _takes_null(self.after, new)
            if before != after:
                raws.append(Raw("nullable-added" if after else "nullable-removed", before, after))
        if answered["default"]:
            raws += schema_pairs.described(_default(self.before, old), _default(self.after, new))
        return raws

    def _named(self, old: Place, new: Place) -> Raw | None:
        """The component that a class is made from has another name, or another one stands in its place.

        It is another one where the former is still there, or the new one was there before.
        """
        before, after = _component(old), _component(new)
        if before is None or after is None or before == after:
            return None
        stays = before in self.after.components("schemas") or after in self.before.components("schemas")
        return Raw(REPLACED if stays else RENAMED, before, after)

    def _level(self, unit: Unit, before: Part, after: Part, label: str, only: Ways, around: Ways) -> None:
        """Compare what two schemas say themselves, then what stands below them."""
        if merge.same(before.value, after.value) and not _refers(before.value):
            return
        old, new = schema_view.view(self.before, before), schema_view.view(self.after, after)
        raws, children = schema_pairs.compare(old, new)
        unit.differences += [
            _difference(attrs.evolve(raw, only=ways), label, (before.pointer, after.pointer))
            for raw in raws
            if (ways := _ways(raw, only, around))
        ]
        for child in children:
            if only:
                self.schema(unit, child.before, child.after, label + child.label, child.only & only, only)

    def shared(self, parent: Unit, before: Part, after: Part, direction: Direction | None = None) -> Unit | None:
        """The unit of two objects that a reference may stand for, such as responses; ``None`` if it was there."""
        key = (before.pointer, after.pointer)
        parent.edges.append(Edge(key, direction=direction))
        if key in self.units:
            return None
        self.units[key] = Unit()
        return self.units[key]

    def finish(self) -> None:
        """Compare everything that was referred to, until nothing new turns up."""
        while self._pending:
            key, before, after, label = self._pending.popleft()
            self._level(self.units[key], before, after, label, BOTH, BOTH)
            self._hold(key)
        for one in [one for one in self._held if one in self._silent]:
            told = self._held.pop(one)
            if one not in self._answered:
                self.units[one[0]].differences.append(told)
                continue
            for unit, here in self._silent[one]:
                unit.differences.append(attrs.evolve(here, kind=told.kind, before=told.before, after=told.after))

    def _hold(self, key: Key) -> None:
        """Keep back what the places that refer to a schema may say in its stead."""
        unit = self.units[key]
        for one in list(unit.differences):
            keyword = "default" if one.kind == DEFAULT else "type" if one.kind in NULL else ""
            if keyword and one.pointer_before == pointers.join(key[0], keyword):
                unit.differences.remove(one)
                self._held[key, keyword] = one


def _answered(old: Place, new: Place) -> dict[str, bool]:
    """By keyword, whether one of two places says itself what else stands behind the reference."""
    default = "default" in old.annotations or "default" in new.annotations
    return {"type": old.nullable or new.nullable, "default": default}


def _takes_null(document: Document, place: Place) -> bool:
    """Whether null may stand at a place, by what it says itself or by what it refers to."""
    return place.nullable or schema_view.view(document, place.target).nullable


def _default(document: Document, place: Place) -> dict[str, Any]:
    """The default at a place, its own before that of what it refers to, as a schema with nothing else."""
    says = place.annotations if "default" in place.annotations else schema_view.view(document, place.target).keywords
    return {"default": says["default"]} if "default" in says else {}


def _ways(raw: Raw, only: Ways, around: Ways) -> Ways:
    """The directions in which a difference matters."""
    return raw.only & (around if raw.kind.startswith(("read-only", "write-only")) else only)


def _difference(raw: Raw, label: str, at: tuple[str, str]) -> Difference:
    below = [pointers.join(pointer, *raw.way) for pointer in at]
    before, after = raw.at[0] or below[0], raw.at[1] or below[1]
    shown = label if raw.kind.startswith(("enum-member", "limit-")) else label + raw.label
    return Difference(raw.kind, shown, raw.before, raw.after, before, after, raw.only)


def _component(place: Place) -> str | None:
    """The name of a component schema."""
    if place.name is None:
        return None
    tokens = pointers.split(place.name)
    return tokens[2] if len(tokens) == 3 and tokens[:2] == ("components", "schemas") else None


def _name(place: Place, label: str) -> str:
    """How people call what stands behind a reference."""
    return label if place.name is None else pointers.split(place.name)[-1]


def _refers(value: Any) -> bool:
    """Whether a reference stands anywhere in a value."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(_refers, value.values()))
    return isinstance(value, list) and any(map(_refers, value))
