"""What the 2xx answers of a run held, field by field: JSON Schema sees neither a field that never comes nor a new one.

Two rules come out of it. A described field that no answer ever held, although objects that should hold it were seen,
is ``field-never-sent``; null counts as held. A field that the description does not know is ``field-undocumented``.
Objects that are described as open (``additionalProperties``, or no properties at all) are looked through, not judged.
The table itself (types, values that no enum lists, forms of texts) is what proposals are made from.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.checks.violations import pointer, type_name
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.drift.text_forms import form_of
from contract_tests.exchange import NOT_JSON, Exchange

# Items of a list that are looked at: a field of a record shows in the first ones or never.
ITEMS = 40
# Texts of one field whose form is looked at, and new values of one enum that are kept.
FORMS = 200
NEW_VALUES = 20
# The keywords of which an object is one of the members.
UNIONS = ("anyOf", "oneOf")
# The schema of a field that nobody described.
NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True)
class Seen:
    """A field: how often it was there, how often as null, and how often not; counted over the objects that hold it.

    ``types`` counts JSON types, null aside; ``new_values`` are those that no enum lists; ``formats`` counts the forms
    of the first ``FORMS`` texts. ``described`` is whether the description has the field, ``nullable`` whether as null.
    """

    described: bool = True
    nullable: bool = False
    present: int = 0
    null: int = 0
    absent: int = 0
    types: Counter[str] = field(default_factory=Counter)
    new_values: list[str] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)

    @property
    def note(self) -> str:
        """What is odd about the field without being a deviation by itself; mostly nothing."""
        if not self.described:
            return "not described"
        if not self.present and self.absent:
            return "never sent"
        if self.present and self.null == self.present and self.nullable:
            return "always null"
        if self.nullable and self.present and not self.null:
            return "nullable, never null"
        return ""


@dataclass(frozen=True, slots=True)
class Member:
    """What the description says about one property: the values of its enum (None without one), null, secrecy."""

    values: frozenset[str] | None
    nullable: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """An object as the description allows it: its properties, and whether others may stand beside them."""

    properties: Mapping[str, Mapping[str, Any]]
    open: bool


class Observer:
    """Looks at every recorded exchange; ``fields[operation_id][pointer]`` is what the report shows.

    ``kinds`` stands before the kinds of its findings, ``within`` before their pointers.
    """

    def __init__(self, description: Description, findings: Findings, *, kinds: str = "", within: str = "") -> None:
        self._description = description
        self._findings = findings
        self._kinds, self._within = kinds, within
        self._shapes: dict[int, tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = {}
        self._unions: dict[int, tuple[Mapping[str, Any], bool]] = {}
        self._members: dict[int, tuple[Mapping[str, Any], Member]] = {}
        self._example: dict[tuple[str, str], Exchange] = {}
        self.fields: dict[str, dict[str, Seen]] = {}

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Count the fields of a 2xx answer with a listed status, and report those that are not described."""
        schema = self._description.response_schema(operation, exchange.status)
        if exchange.status in operation.success_statuses and schema is not None and exchange.json is not NOT_JSON:
            self.look(operation, exchange, schema, exchange.json)

    def look(self, operation: Operation, exchange: Exchange, schema: Mapping[str, Any], value: Any) -> None:
        """Count the fields of a value that is described by ``schema``, and report those that are not described."""
        self._look(operation, exchange, schema, value, ())

    def never_sent(self, operation: Operation) -> Iterator[Finding]:
        """The described fields that no answer of an operation held, outermost only."""
        for place, seen in self.fields.get(operation.operation_id, {}).items():
            if seen.present == 0 and seen.absent:
                yield Finding(
                    kind=f"{self._kinds}field-never-sent",
                    operation=operation.operation_id,
                    pointer=f"{self._within}{place}",
                    expected="the field in at least one answer",
                    observed=f"absent from all {seen.absent} objects",
                    severity=Severity.DEGRADED,
                    check=__name__,
                    exchange=self._example.get((operation.operation_id, place)),
                )

    def unseen(self, operation: Operation) -> bool:
        """Whether some field was never sent, or never but as null, so that nothing is known of what stands in it."""
        fields = self.fields.get(operation.operation_id, {}).values()
        return any(seen.present == seen.null and (seen.present or seen.absent) for seen in fields)

    def undescribed_names(self) -> frozenset[str]:
        """Names of fields that nobody described anywhere: what they hold may be a secret."""
        pointers = [(place, seen) for fields in self.fields.values() for place, seen in fields.items()]
        new = {place.rpartition("/")[2] for place, seen in pointers if not seen.described}
        known = {name for schema in _schemas(self._description) for name in schema.get("properties", {})}
        return frozenset(name.replace("~1", "/").replace("~0", "~") for name in new) - known

    def _look(
        self, operation: Operation, exchange: Exchange, schema: Mapping[str, Any], value: Any, path: tuple[str, ...]
    ) -> None:
        if isinstance(value, list):
            for items in (node["items"] for node in self._nodes(schema) if "items" in node):
                for item in value[:ITEMS]:
                    self._look(operation, exchange, items, item, (*path, "*"))
        elif isinstance(value, dict):
            shape = shape_of(self._nodes_for(schema, value))
            if shape is not None:
                self._count(operation, exchange, shape, value, path)

    def _count(
        self, operation: Operation, exchange: Exchange, shape: Shape, value: Mapping[str, Any], path: tuple[str, ...]
    ) -> None:
        fields = self.fields.setdefault(operation.operation_id, {})
        for name, node in shape.properties.items():
            place = pointer((*path, name))
            seen = fields.get(place)
            if seen is None:
                seen = fields[place] = Seen(nullable=self._member(node).nullable)
            if name not in value:
                seen.absent += 1
                self._example.setdefault((operation.operation_id, place), exchange)
                continue
            seen.present += 1
            self._note(seen, node, value[name])
            self._look(operation, exchange, node, value[name], (*path, name))
        if not shape.open:
            for name in sorted(value.keys() - shape.properties.keys()):
                self._undescribed(operation, exchange, pointer((*path, name)), value[name])

    def _undescribed(self, operation: Operation, exchange: Exchange, place: str, value: Any) -> None:
        seen = self.fields[operation.operation_id].setdefault(place, Seen(described=False))
        seen.present += 1
        self._note(seen, NOTHING, value)
        self._findings.add(
            Finding(
                kind=f"{self._kinds}field-undocumented",
                operation=operation.operation_id,
                pointer=f"{self._within}{place}",
                expected="only described fields",
                # The value of a field that nobody described may be a secret: its type is enough.
                observed=f"a field with {type_name(value)}",
                severity=Severity.ADDITIVE,
                check=__name__,
                exchange=exchange,
            )
        )

    def _note(self, seen: Seen, node: Mapping[str, Any], value: Any) -> None:
        """Count type, form and novelty of a value that was there."""
        if value is None:
            seen.null += 1
            return
        seen.types[type_name(value)] += 1
        if isinstance(value, str) and seen.formats.total() < FORMS:
            seen.formats[form_of(value)] += 1
        member = self._member(node)
        if member.values is None or member.sensitive or isinstance(value, dict | list):
            return
        text = json.dumps(value, ensure_ascii=False)
        if text not in member.values and text not in seen.new_values and len(seen.new_values) < NEW_VALUES:
            seen.new_values.append(text)

    def _member(self, node: Mapping[str, Any]) -> Member:
        known = self._members.get(id(node))
        if known is None:
            known = self._members[id(node)] = (node, member_of(self._nodes(node)))
        return known[1]

    def _nodes_for(self, schema: Mapping[str, Any], value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """``schema`` and what it is composed of, without the members of a union that say they are another kind."""
        nodes = self._nodes(schema)
        known = self._unions.get(id(schema))
        if known is None:
            known = self._unions[id(schema)] = (schema, any(is_union(self._description, node) for node in nodes))
        return list(parts(self._description, schema, value)) if known[1] else nodes

    def _nodes(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """``schema`` and everything it is composed of, references followed; worked out once per schema."""
        # The schema is kept beside its id: an id is only unique while its object lives.
        known = self._shapes.get(id(schema))
        if known is None:
            known = self._shapes[id(schema)] = (schema, list(parts(self._description, schema)))
        return known[1]


def parts(
    description: Description, schema: Mapping[str, Any], value: Mapping[str, Any] | None = None
) -> Iterator[Mapping[str, Any]]:
    """A schema and the parts of its ``allOf``, ``anyOf`` and ``oneOf``, references followed.

    Given an object, only those members of a union that it contradicts least by the values that they list.
    """
    if "$ref" in schema:
        yield {key: node for key, node in schema.items() if key != "$ref"}
        yield from parts(description, description.resolve(schema), value)
        return
    yield schema
    for keyword in ("allOf", *UNIONS):
        branches = schema.get(keyword, ())
        if value is not None and keyword in UNIONS:
            faults = [contradictions(description, one, value) for one in branches]
            branches = [one for one, count in zip(branches, faults, strict=True) if count == min(faults)]
        for part in branches:
            yield from parts(description, part, value)


def is_union(description: Description, schema: Mapping[str, Any]) -> bool:
    """Whether a schema offers several kinds of objects."""
    offered = [description.resolve(part) for keyword in UNIONS for part in schema.get(keyword, ())]
    return sum("properties" in one for one in offered) > 1


def contradictions(description: Description, schema: Mapping[str, Any], value: Mapping[str, Any]) -> int:
    """How many members of an object have none of the values that a schema lists for them."""
    found = 0
    for name, node in description.resolve(schema).get("properties", {}).items():
        said = description.resolve(node)
        listed = [said["const"]] if "const" in said else said.get("enum", ())
        found += bool(listed and name in value and value[name] not in listed)
    return found


def shape_of(nodes: list[Mapping[str, Any]]) -> Shape | None:
    """The properties that a composed schema knows; None when it describes no object with properties."""
    properties: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        properties.update(node.get("properties", {}))
    if not properties:
        return None
    extra = any(node.get("additionalProperties") or node.get("patternProperties") for node in nodes)
    return Shape(properties, extra)


def _schemas(description: Description) -> Iterator[Mapping[str, Any]]:
    yield from description.document.get("components", {}).get("schemas", {}).values()


def member_of(nodes: list[Mapping[str, Any]]) -> Member:
    """What the parts of a property's schema say together."""
    listed = [node["enum"] if "enum" in node else [node["const"]] for node in nodes if {"enum", "const"} & node.keys()]
    types = [node.get("type") for node in nodes]
    return Member(
        values=frozenset(json.dumps(one, ensure_ascii=False) for values in listed for one in values)
        if listed
        else None,
        nullable=any(one == "null" or (isinstance(one, list) and "null" in one) for one in types)
        or any(None in values for values in listed),
        sensitive=any(node.get("x-sensitive") for node in nodes),
    )
