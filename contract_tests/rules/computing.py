"""Rules of computed answers: they exist for a new record, name it, and come for each value of their parameters.

What a request of theirs brings is judged like that of a creation, and what they make can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.bodies import is_form
from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import outcome, record_of
from contract_tests.rules.bench import NOT_FOUND, Bench, NothingToCheck
from contract_tests.rules.compare import escape, same
from contract_tests.rules.making import before_making
from contract_tests.rules.refusal import by_rule, names_field, refused
from contract_tests.rules.resource import Field, Resource, by_collection, unwrap

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
            _is_of(bench, resource, exchange, record_id)


def what_is_made_reads_back(bench: Bench, resource: Resource, maker: Operation) -> None:
    """The record that an answer shows as made is there: read by its id it is the same, and its list has one more."""
    request = bench.request(maker)
    before = before_making(bench, resource, resource.list) if resource.list is not None else None
    exchange = bench.call(maker, **request)
    if by_rule(maker, exchange):
        raise NothingToCheck(f"{maker.operation_id}: a rule of the account forbids it")
    record = bench.success(exchange)
    record_id = str(record[resource.id_field])
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, record_id)
        bench.unchanged(resource, record, read, again)
    if before is not None:
        sent = request.get("body", {})
        before.one_more(record, exchange, {name: sent[name] for name in sent if same(record.get(name), sent[name])})
    if not bench.checked:
        raise NothingToCheck(f"{resource.collection}: its records can be neither read nor listed")


def required_field_is_required(bench: Bench, operation: Operation, name: str) -> None:
    """Without a required field nothing is computed, and the refusal names the field."""
    field = _written(bench, operation)[name]
    if not field.required:
        raise NothingToCheck(f"{name} is not required")
    body = {key: value for key, value in bench.request(operation)["body"].items() if key != name}
    exchange = bench.call(operation, bench.address(operation), body=body)
    allowed = [field.missing_error] if field.missing_error else []
    if refused(
        bench, exchange, place=f"request:/{name}", fault=f"the required {name} is missing", allowed=allowed
    ) and not is_form(bench.description, operation):
        names_field(bench, exchange, f"/{name}")


def faulty_values_are_refused(bench: Bench, operation: Operation, name: str) -> None:
    """Each value that breaks a constraint of a field is refused, and the refusal names the field."""
    faults = bench.sampler.faults(_written(bench, operation)[name])
    if not faults or is_form(bench.description, operation):
        raise NothingToCheck(f"{name}: its schema forbids nothing that can be sent")
    record_id, body = bench.address(operation), bench.request(operation)["body"]
    for fault in faults:
        exchange = bench.call(operation, record_id, body={**body, name: fault.value})
        if refused(bench, exchange, place=f"request:/{name}{fault.pointer}", fault=fault.label):
            names_field(bench, exchange, f"/{name}")


def _written(bench: Bench, operation: Operation) -> dict[str, Field]:
    if operation.resource is None or operation.resource.action != "compute":
        raise NothingToCheck(f"{operation.operation_id}: nothing is computed")
    return by_collection(bench.description, operation.resource.collection).written(operation)


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


def _is_of(bench: Bench, resource: Resource, exchange: Exchange, record_id: str) -> None:
    """Each reference in the answer leads to the record that was asked about, or the answer is that record."""
    found = list(_named(exchange.content, references_to(resource), exchange.envelope.pointer))
    record = record_of(exchange)
    if record is not None and resource.identifies(bench.description.by_id[exchange.operation_id]):
        found.append((exchange.at(resource.id_field), record.get(resource.id_field)))
    for pointer, value in found:
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
