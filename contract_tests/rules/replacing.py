"""Rules of replacement (PUT): a record becomes what the body says, and what that leaves out is as at creation."""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.description import Operation
from contract_tests.rules.answers import Record
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.dating import change_is_dated
from contract_tests.rules.foreign import UNKNOWN_KEY, foreign_values, not_written, unknown_key_is_dropped
from contract_tests.rules.refusal import by_rule, names_field, refused, ruled_out
from contract_tests.rules.resource import Field, Resource


def replaced_record_reads_back(bench: Bench, resource: Resource) -> None:
    """Every field at once, changed, is in the answer and when read; the others stay, and the change is dated.

    A field whose new value a rule of the account forbids keeps the one that it has.
    """
    replace, written = _replacement(resource), _written(resource)
    record = bench.subject(resource, full=True)
    body = _body(bench, resource, record, written)
    exchange = bench.call(replace, record[resource.id_field], body=body)
    if by_rule(replace, exchange):
        body |= {name: record.get(name) for name in body if ruled_out(replace, exchange, [name])}
        exchange = bench.call(replace, record[resource.id_field], body=body)
    after = bench.success(exchange)
    bench.holds(after, body, exchange, "value-not-stored")
    bench.unchanged(resource, record, after, exchange, but=written)
    change_is_dated(bench, resource, record, after, exchange)
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        bench.holds(read, body, again, "value-not-stored")
        bench.unchanged(resource, after, read, again)


def what_is_left_out_is_reset(bench: Bench, resource: Resource) -> None:
    """A field that the body leaves out has its ``default``, else its first value, else none."""
    replace, written = _replacement(resource), _written(resource)
    optional = {name: field for name, field in written.items() if not field.required and name != resource.id_field}
    if not optional:
        raise NothingToCheck(f"{replace.operation_id}: nothing can be left out")
    record = bench.subject(resource, full=True)
    required = [name for name in written if name not in optional]
    exchange = bench.call(
        replace, record[resource.id_field], body=_body(bench, resource, record, required, change=False)
    )
    after = bench.success(exchange)
    for name in optional.keys() & bench.shows(replace.operation_id):
        expected = _blank(resource, optional[name])
        bench.expect(
            same(after.get(name), expected),
            "left-out-value-kept",
            exchange,
            pointer=exchange.at(name),
            expected=f"{bench.show(name, expected)}, as the body leaves it out",
            observed=bench.show(name, after.get(name, ABSENT)),
        )
    bench.unchanged(resource, record, after, exchange, but=optional)


def null_reads_back(bench: Bench, resource: Resource, name: str) -> None:
    """A nullable field that is sent as null is null, in the answer and when read."""
    if not _written(resource)[name].nullable:
        raise NothingToCheck(f"{name} is not nullable")
    record = bench.subject(resource, full=True)
    body = {**_usual(bench, resource, record), name: None}
    exchange = bench.call(_replacement(resource), record[resource.id_field], body=body)
    bench.holds(bench.success(exchange), {name: None}, exchange, "value-not-stored")
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        bench.holds(read, {name: None}, again, "value-not-stored")


def read_only_fields_are_ignored(bench: Bench, resource: Resource) -> None:
    """Fields that a replacement cannot set are, when sent, what they are without that."""
    replace = _replacement(resource)
    without, body = _replaced(bench, resource)
    record_id = str(without[resource.id_field])
    known, shows = resource.record | resource.answered(replace), bench.shows(replace.operation_id)
    found = foreign_values(bench, resource, replace, without)
    intruders = {name: value for name, value in found.items() if name in shows and not known[name].varies}
    if not intruders:
        raise NothingToCheck(f"{resource.collection}: every field of a record can be set")
    exchange = bench.call(replace, record_id, body={**body, **intruders})
    after = bench.success(exchange)
    for name, value in intruders.items():
        moves = known[name].generated == "updated-at"
        said = "a time of the server" if moves else ""
        not_written(exchange, bench, name, value, before=without, after=after, made=said)


def unknown_keys_are_ignored(bench: Bench, resource: Resource) -> None:
    """A key that no schema knows changes nothing and does not come back."""
    without, body = _replaced(bench, resource)
    sent = {**body, UNKNOWN_KEY: {"deep": [1]}}
    exchange = bench.call(_replacement(resource), without[resource.id_field], body=sent)
    after = bench.success(exchange)
    bench.unchanged(resource, without, {key: value for key, value in after.items() if key != UNKNOWN_KEY}, exchange)
    unknown_key_is_dropped(exchange, bench, after)


def required_field_is_required(bench: Bench, resource: Resource, name: str) -> None:
    """Without a required field nothing is replaced, and the refusal names the field."""
    field = _written(resource)[name]
    if not field.required:
        raise NothingToCheck(f"{name} is not required")
    record = bench.subject(resource)
    names = [one for one, other in _written(resource).items() if other.required and one != name]
    body = _body(bench, resource, record, names)
    exchange = bench.call(_replacement(resource), record[resource.id_field], body=body)
    allowed = [field.missing_error] if field.missing_error else []
    place, fault = f"request:/{name}", f"the required {name} is missing"
    if refused(bench, exchange, place=place, fault=fault, allowed=allowed):
        names_field(bench, exchange, f"/{name}")
        _is_as_before(bench, resource, record)


def faulty_values_are_refused(bench: Bench, resource: Resource, name: str) -> None:
    """Each value that breaks a constraint of the field is refused by name, and the record stays as it was."""
    faults = bench.sampler.faults(_written(resource)[name])
    if not faults:
        raise NothingToCheck(f"{name}: its schema forbids nothing")
    record = bench.subject(resource)
    names = [one for one, other in _written(resource).items() if other.required and one != name]
    rest = _body(bench, resource, record, names, change=False)
    for fault in faults:
        exchange = bench.call(_replacement(resource), record[resource.id_field], body={**rest, name: fault.value})
        place = f"request:/{name}{fault.pointer}"
        if refused(bench, exchange, place=place, fault=fault.label):
            names_field(bench, exchange, f"/{name}")
    _is_as_before(bench, resource, record)


def _usual(bench: Bench, resource: Resource, record: Record) -> Record:
    """A body with just what is required, as the record has it."""
    required = [name for name, field in _written(resource).items() if field.required or name == resource.id_field]
    return _body(bench, resource, record, required, change=False)


def _replaced(bench: Bench, resource: Resource) -> tuple[Record, Record]:
    """A record after it was replaced by the smallest body, and that body."""
    record = bench.subject(resource)
    body = _usual(bench, resource, record)
    exchange = bench.call(_replacement(resource), record[resource.id_field], body=body)
    return bench.success(exchange), body


def _is_as_before(bench: Bench, resource: Resource, record: Record) -> None:
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        bench.unchanged(resource, record, read, again)


def _blank(resource: Resource, field: Field) -> object:
    """What a field is that nobody gives a value."""
    shown = resource.record.get(field.name)
    first = shown.schema.get("x-initial") if shown is not None else None
    return field.schema.get("default", first)


def _body(bench: Bench, resource: Resource, record: Record, names: Iterable[str], *, change: bool = True) -> Record:
    """A value for each of these fields: ``change`` asks for another than the record has; its own id stays."""
    body: Record = {}
    written = _written(resource)
    for name in names:
        present = record.get(name)
        if name == resource.id_field or (not change and present is not None):
            body[name] = present
            continue
        values = bench.values(written[name], record)
        body[name] = next((value for value in values if not same(value, present)), values[0])
    return body


def _replacement(resource: Resource) -> Operation:
    if resource.replace is None:
        raise NothingToCheck(f"{resource.collection}: no operation replaces a record")
    return resource.replace


def _written(resource: Resource) -> dict[str, Field]:
    return resource.written(_replacement(resource))
