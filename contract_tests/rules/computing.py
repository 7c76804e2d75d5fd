"""Rules of computed answers: they exist for a new record, name it, and come for each value of their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import escape
from contract_tests.rules.resource import Resource, by_collection, unwrap


def computes_for_each_value(bench: Bench, operation: Operation) -> None:
    """A record that was just made has computed answers, without and with each member of each enum parameter."""
    if operation.resource is None or operation.resource.action != "compute":
        raise NothingToCheck(f"{operation.operation_id}: nothing is computed")
    resource = by_collection(bench.description, operation.resource.collection)
    record_id = None
    if operation.resource.key:
        record_id = str(bench.subject(resource)[resource.id_field])
    queries: list[list[tuple[str, object]]] = [[]]
    for parameter in operation.parameters:
        schema, _ = unwrap(bench.description, parameter.get("schema", {}))
        if parameter["in"] == "query":
            queries += [[(parameter["name"], value)] for value in schema.get("enum", ())]
    for query in queries:
        exchange = bench.call(operation, record_id, query=query)
        data = exchange.content
        bench.expect(
            exchange.ok and isinstance(data, dict | list),
            "valid-request-refused",
            exchange,
            pointer=f"query:{query[0][0]}" if query else "",
            expected=f"a computed answer for {query[0][1]}" if query else "a computed answer",
            observed=outcome(exchange),
        )
        if record_id is not None:
            _is_of(bench, exchange, references_to(resource), record_id)


def references_to(resource: Resource) -> frozenset[str]:
    """The field names that hold the id of a record of this collection, wherever the description says so.

    It does in ``x-references``, in the parent of a list and in what blocks a deletion.
    """
    names = set()
    for operation in resource.description.operations:
        rule = operation.resource
        if rule is None:
            continue
        written = by_collection(resource.description, rule.collection).written(operation)
        names |= {name for name, field in written.items() if field.references == resource.collection}
        if rule.parent is not None and rule.parent.collection == resource.collection:
            names.add(rule.parent.field)
        if rule.collection == resource.collection:
            names |= {block.field for block in operation.blocked_by}
    return frozenset(names)


def _is_of(bench: Bench, exchange: Exchange, names: frozenset[str], record_id: str) -> None:
    """Each reference in the answer leads to the record that was asked about."""
    for pointer, value in _named(exchange.content, names, exchange.envelope.pointer):
        bench.expect(
            value == record_id,
            "computed-for-another",
            exchange,
            pointer=pointer,
            expected=f"{record_id}, the record that was asked about",
            observed=bench.show(pointer.rpartition("/")[2], value),
        )


def _named(value: Any, names: frozenset[str], pointer: str) -> Iterator[tuple[str, Any]]:
    """Every member with one of the names, at any depth, and its RFC 6901 pointer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{pointer}/{escape(key)}"
            if key in names:
                yield here, inner
            else:
                yield from _named(inner, names, here)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _named(inner, names, f"{pointer}/{position}")
