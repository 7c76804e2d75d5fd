"""Rules of computed answers: they exist for a new record, name it, and come for each value of their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import NOT_FOUND, Bench, NothingToCheck
from contract_tests.rules.compare import escape
from contract_tests.rules.refusal import by_rule
from contract_tests.rules.resource import Resource, by_collection, unwrap

# What a described answer has to be for its type; other types are the checks' business.
KINDS: Mapping[Any, type] = {"object": dict, "array": list, "string": str}


def computes_for_each_value(bench: Bench, operation: Operation) -> None:
    """A record that was just made has computed answers, without and with each member of each enum parameter.

    A body is the first that the description shows. Where a rule of the account forbids the operation for such a
    record, the one that the description addresses as its example has to do, if that is a stand-in's.
    """
    if operation.resource is None or operation.resource.action != "compute":
        raise NothingToCheck(f"{operation.operation_id}: nothing is computed")
    resource = by_collection(bench.description, operation.resource.collection)
    record_id = bench.address(operation)
    request = bench.request(operation)
    for place, name, value in (("", "", None), *_choices(bench, operation)):
        exchange = bench.call(operation, record_id, **_with(bench, operation, record_id, request, place, name, value))
        if by_rule(operation, exchange):
            record_id = _example(bench, operation)
            exchange = bench.call(operation, record_id, **request)
            if by_rule(operation, exchange) or exchange.status == NOT_FOUND:
                raise NothingToCheck(f"{operation.operation_id}: a rule of the account forbids it for every record")
        bench.expect(
            exchange.ok and _is_told(bench, operation, exchange),
            "valid-request-refused",
            exchange,
            pointer=f"{place}:{name}" if name else "",
            expected=f"a computed answer for {value}" if name else "a computed answer",
            observed=outcome(exchange),
        )
        if record_id is not None and operation.resource.key:
            _is_of(bench, exchange, references_to(resource), record_id)


def _choices(bench: Bench, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Where a parameter with an enum is, its name, and a member: once for each member."""
    for parameter in operation.parameters:
        schema, _ = unwrap(bench.description, parameter.get("schema", {}))
        if parameter["in"] in {"query", "path"}:
            yield from ((parameter["in"], parameter["name"], value) for value in schema.get("enum", ()))


def _with(
    bench: Bench,
    operation: Operation,
    record_id: str | None,
    request: Mapping[str, Any],
    place: str,
    name: str,
    value: Any,
) -> dict[str, Any]:
    """A request in which one parameter has a value of its own."""
    if place == "query":
        return {**request, "query": [(name, value)]}
    if place == "path":
        return {**request, "path": path_values(operation, record_id, bench.parent_of) | {name: str(value)}}
    return dict(request)


def _example(bench: Bench, operation: Operation) -> str:
    """The id that the description shows for the record which an operation addresses."""
    key = operation.resource.key if operation.resource else None
    shown = next((one.get("example") for one in operation.parameters if one["name"] == key), None)
    if shown is None or bench.session.outlet.guarded:
        raise NothingToCheck(f"{operation.operation_id}: a rule of the account forbids it for a new record")
    return str(shown)


def _is_told(bench: Bench, operation: Operation, exchange: Exchange) -> bool:
    """Whether an answer holds what it is described to hold; where it is described to hold nothing it may be empty."""
    schema = bench.description.content_schema(operation)
    if schema is None:
        return bench.description.response_schema(operation, exchange.status) is None
    return isinstance(exchange.content, KINDS.get(schema.get("type"), object)) and exchange.content is not None


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
