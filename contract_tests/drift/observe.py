"""What the 2xx answers of a run held, field by field: JSON Schema sees neither a field that never comes nor a new one.

Two rules come out of it. A described field that no answer ever held, although objects that should hold it were seen,
is ``field-never-sent``; null counts as held. A field that the description does not know is ``field-undocumented``.
Objects that are described as open (``additionalProperties``, or no properties at all) are looked through, not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.checks.violations import pointer, type_name
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.exchange import NOT_JSON, Exchange

# Items of a list that are looked at: a field of a record shows in the first ones or never.
ITEMS = 40


@dataclass(slots=True)
class Seen:
    """How often a described field was there, how often as null, and how often not; counted over its objects."""

    present: int = 0
    null: int = 0
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """An object as the description allows it: its properties, and whether others may stand beside them."""

    properties: Mapping[str, Mapping[str, Any]]
    open: bool


class Observer:
    """Looks at every recorded exchange; ``fields[operation_id][pointer]`` is what the report shows."""

    def __init__(self, description: Description, findings: Findings) -> None:
        self._description = description
        self._findings = findings
        self._shapes: dict[int, tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = {}
        self._example: dict[tuple[str, str], Exchange] = {}
        self.fields: dict[str, dict[str, Seen]] = {}

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Count the fields of a 2xx answer with a listed status, and report those that are not described."""
        schema = self._description.response_schema(operation, exchange.status)
        if exchange.status in operation.success_statuses and schema is not None and exchange.json is not NOT_JSON:
            self._look(operation, exchange, schema, exchange.json, ())

    def never_sent(self, operation: Operation) -> Iterator[Finding]:
        """The described fields that no answer of an operation held, outermost only."""
        for place, seen in self.fields.get(operation.operation_id, {}).items():
            if seen.present == 0 and seen.absent:
                yield Finding(
                    kind="field-never-sent",
                    operation=operation.operation_id,
                    pointer=place,
                    expected="the field in at least one answer",
                    observed=f"absent from all {seen.absent} objects",
                    severity=Severity.DEGRADED,
                    check=__name__,
                    exchange=self._example.get((operation.operation_id, place)),
                )

    def _look(
        self, operation: Operation, exchange: Exchange, schema: Mapping[str, Any], value: Any, path: tuple[str, ...]
    ) -> None:
        if isinstance(value, list):
            for items in (node["items"] for node in self._nodes(schema) if "items" in node):
                for item in value[:ITEMS]:
                    self._look(operation, exchange, items, item, (*path, "*"))
        elif isinstance(value, dict):
            shape = shape_of(self._nodes(schema))
            if shape is not None:
                self._count(operation, exchange, shape, value, path)

    def _count(
        self, operation: Operation, exchange: Exchange, shape: Shape, value: Mapping[str, Any], path: tuple[str, ...]
    ) -> None:
        fields = self.fields.setdefault(operation.operation_id, {})
        for name, node in shape.properties.items():
            place = pointer((*path, name))
            seen = fields.setdefault(place, Seen())
            if name not in value:
                seen.absent += 1
                self._example.setdefault((operation.operation_id, place), exchange)
                continue
            seen.present += 1
            seen.null += value[name] is None
            self._look(operation, exchange, node, value[name], (*path, name))
        if not shape.open:
            for name in value.keys() - shape.properties.keys():
                self._findings.add(
                    Finding(
                        kind="field-undocumented",
                        operation=operation.operation_id,
                        pointer=pointer((*path, name)),
                        expected="only described fields",
                        # The value of a field that nobody described may be a secret: its type is enough.
                        observed=f"a field with {type_name(value[name])}",
                        severity=Severity.ADDITIVE,
                        check=__name__,
                        exchange=exchange,
                    )
                )

    def _nodes(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """``schema`` and everything it is composed of, references followed; worked out once per schema."""
        # The schema is kept beside its id: an id is only unique while its object lives.
        known = self._shapes.get(id(schema))
        if known is None:
            known = self._shapes[id(schema)] = (schema, list(parts(self._description, schema)))
        return known[1]


def parts(description: Description, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and the parts of its ``allOf``, ``anyOf`` and ``oneOf``, references followed."""
    if "$ref" in schema:
        yield {key: value for key, value in schema.items() if key != "$ref"}
        yield from parts(description, description.resolve(schema))
        return
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from parts(description, part)


def shape_of(nodes: list[Mapping[str, Any]]) -> Shape | None:
    """The properties that a composed schema knows; None when it describes no object with properties."""
    properties: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        properties.update(node.get("properties", {}))
    if not properties:
        return None
    extra = any(node.get("additionalProperties") or node.get("patternProperties") for node in nodes)
    return Shape(properties, extra)
