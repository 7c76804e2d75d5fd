"""Rules of creation: what is written reads back, what is left out has its documented value, faults are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.description import Operation
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.dating import new_is_dated
from contract_tests.rules.foreign import UNKNOWN_KEY, foreign_values, not_written, unknown_key_is_dropped
from contract_tests.rules.making import before_making
from contract_tests.rules.paging import needed, place
from contract_tests.rules.refusal import names_field, refused, ruled_out
from contract_tests.rules.resource import Field, Resource, fields

# More rows than any field has samples in the quick budget: a stop for open-ended budgets only.
MOST_ROWS = 60


def value_alone_reads_back(bench: Bench, resource: Resource, name: str) -> None:
    """Each sampled value of a field, sent beside just the required ones, is there in the answer and when read.

    Values that are there without being sent come last: that they read back says less.
    """
    create, field = _creation(resource), _written(resource)[name]
    ordinary = [field.schema["default"]] if "default" in field.schema else []
    ordinary += [bench.smallest(resource)[name]] if field.required else []
    values = sorted(bench.values(field), key=lambda one: any(same(one, usual) for usual in ordinary))
    taken = [_reads_back(bench, resource, create, {name: value}) for value in values]
    if not any(taken):
        raise NothingToCheck(f"{create.operation_id}: a rule of the account forbids every sampled {name}")


def values_together_read_back(bench: Bench, resource: Resource) -> None:
    """All fields at once, in as many rows as it takes for each sampled value to occur.

    A value that a rule of the account forbids is left out of its row, so that the others are still seen together.
    """
    create = _creation(resource)
    samples = {name: bench.values(field) for name, field in _written(resource).items()}
    rows = 0
    for row in range(min(MOST_ROWS, max(len(values) for values in samples.values()))):
        body = {name: values[row % len(values)] for name, values in samples.items()}
        forbidden: list[str] = []
        while body and not _reads_back(bench, resource, create, body, forbidden):
            body = {name: value for name, value in body.items() if name not in forbidden}
        rows += bool(body)
    if not rows:
        raise NothingToCheck(f"{create.operation_id}: rules of the account forbid every sampled value")


def null_reads_back(bench: Bench, resource: Resource, name: str) -> None:
    """A nullable field that is sent as null is null."""
    if not _written(resource)[name].nullable:
        raise NothingToCheck(f"{name} is not nullable")
    if not _reads_back(bench, resource, _creation(resource), {name: None}):
        raise NothingToCheck(f"{name}: a rule of the account forbids null")


def defaults_apply(bench: Bench, resource: Resource) -> None:
    """Fields that are left out have their documented ``default``, and those that cannot be sent their first value."""
    record, exchange = bench.create(resource)
    states = [(record, exchange)]
    if resource.retrieve is not None:
        states.append(bench.retrieve(resource, str(record[resource.id_field])))
    written = _written(resource)
    expected = {name: field.schema["default"] for name, field in written.items() if "default" in field.schema}
    initial = {
        name: field.schema["x-initial"]
        for name, field in resource.record.items()
        if "x-initial" in field.schema and not field.varies and name not in expected
    }
    if not expected and not initial:
        raise NothingToCheck(f"{resource.collection}: neither a default nor a first value is documented")
    for state, answer in states:
        bench.holds(state, expected, answer, "default-not-applied")
        bench.holds(state, initial, answer, "first-value-wrong")


def nested_defaults_apply(bench: Bench, resource: Resource, name: str) -> None:
    """An object that is sent with just its required members has the documented defaults for the others."""
    field = _written(resource)[name]
    members = fields(resource.description, field.schema)
    expected = {key: member.schema["default"] for key, member in members.items() if "default" in member.schema}
    if not expected:
        raise NothingToCheck(f"{name}: no member has a documented default")
    whole = bench.values(field)[0]
    bare = {key: value for key, value in whole.items() if members[key].required}
    record, exchange = bench.create(resource, {name: bare})
    bench.holds(record, {name: {**bare, **expected}}, exchange, "default-not-applied")


def generated_fields_are_made(bench: Bench, resource: Resource) -> None:
    """The server makes an id and secrets that no other record has, and dates a record: made now, unchanged since."""
    first, exchange = bench.create(resource)
    second, _ = bench.create(resource)
    shows = bench.shows(exchange.operation_id)
    for name, field in resource.record.items():
        if name not in shows:
            continue
        if field.generated in {"id", "secret"}:
            bench.expect(
                bool(first.get(name)) and first.get(name) != second.get(name),
                "generated-value-not-unique",
                exchange,
                pointer=exchange.at(field.name),
                expected="a value that no other record has",
                observed=bench.show(name, first.get(name, ABSENT)),
            )
        elif field.generated:
            bench.expect(
                first.get(name) is not None,
                "generated-value-missing",
                exchange,
                pointer=exchange.at(field.name),
                expected="a value made by the server",
                observed=bench.show(name, first.get(name, ABSENT)),
            )
    new_is_dated(bench, resource, first, exchange)
    if not bench.checked:
        raise NothingToCheck(f"{resource.collection}: no field is generated")


def read_only_fields_are_ignored(bench: Bench, resource: Resource) -> None:
    """Fields that a creation cannot set have no effect when sent: the value is what it is without them.

    Of those that the server changes by itself that says nothing.
    """
    without, _ = bench.create(resource)
    create = _creation(resource)
    known = resource.record | resource.answered(create)
    found = foreign_values(bench, resource, create, without)
    intruders = {name: value for name, value in found.items() if not known[name].varies}
    if not intruders:
        raise NothingToCheck(f"{resource.collection}: every field of a record can be set")
    record, exchange = bench.create(resource, intruders)
    for name, value in intruders.items():
        made = known[name].generated not in {None, "constant"}
        said = "a value of the server" if made else ""
        not_written(exchange, bench, name, value, before=without, after=record, made=said)


def unknown_keys_are_ignored(bench: Bench, resource: Resource) -> None:
    """A key that no schema knows changes nothing and does not come back."""
    sent = bench.smallest(resource)
    record, exchange = bench.create(resource, {**sent, UNKNOWN_KEY: {"deep": [1]}})
    bench.holds(record, sent, exchange, "value-not-read-back")
    unknown_key_is_dropped(exchange, bench, record)


def creation_makes_one_record(bench: Bench, resource: Resource) -> None:
    """After a creation the list holds one record more that is as it was sent, and that is the one of the answer.

    The list is that of all records, or the one below the record that the new one is made below.
    """
    create, lister = _creation(resource), resource.lister
    if lister is None:
        raise NothingToCheck(f"{resource.collection}: its records cannot be listed")
    parent = place(bench, lister)
    before = before_making(bench, resource, lister, parent)
    # A list that has to be asked for with a filter shows what satisfies that one alone.
    tied = {name: value for name, value in needed(bench, lister).items() if name in resource.written(create)}
    sent = bench.completed(resource, tied)
    exchange = bench.call(create, parent if create.resource and create.resource.parent else None, body=sent)
    before.one_more(bench.success(exchange), exchange, sent)


def required_field_is_required(bench: Bench, resource: Resource, name: str) -> None:
    """Without a required field nothing is created, and the refusal names the field."""
    field = _written(resource)[name]
    if not field.required:
        raise NothingToCheck(f"{name} is not required")
    body = bench.smallest(resource)
    del body[name]
    exchange = bench.call(_creation(resource), body=body)
    allowed = [field.missing_error] if field.missing_error else []
    fault = f"the required {name} is missing"
    if refused(bench, exchange, place=f"request:/{name}", fault=fault, allowed=allowed):
        names_field(bench, exchange, f"/{name}")


def faulty_values_are_refused(bench: Bench, resource: Resource, name: str) -> None:
    """Each value that breaks a constraint of the field is refused, and the refusal names the field."""
    field = _written(resource)[name]
    faults = bench.sampler.faults(field)
    if not faults:
        raise NothingToCheck(f"{name}: its schema forbids nothing")
    for fault in faults:
        exchange = bench.call(_creation(resource), body=bench.completed(resource, {name: fault.value}))
        place = f"request:/{name}{fault.pointer}"
        if refused(bench, exchange, place=place, fault=fault.label):
            names_field(bench, exchange, f"/{name}")


def _reads_back(
    bench: Bench, resource: Resource, create: Operation, body: Mapping[str, Any], forbidden: list[str] | None = None
) -> bool:
    """Create a record and judge that it holds ``body``; False when a rule of the account forbids that.

    ``forbidden`` receives the fields that the refusal points at.
    """
    exchange = bench.call(create, body=bench.completed(resource, body))
    named = [name for name in body if ruled_out(create, exchange, [name])]
    if named:
        if forbidden is not None:
            forbidden += named
        return False
    record = bench.success(exchange)
    bench.holds(record, body, exchange, "value-not-read-back")
    # Of what no answer shows it is known now that it is taken.
    bench.checked += len(body.keys() - bench.shows(create.operation_id))
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        bench.holds(read, body, again, "value-not-read-back")
    return True


def _creation(resource: Resource) -> Operation:
    if resource.create is None:
        raise NothingToCheck(f"{resource.collection}: no operation creates a record")
    return resource.create


def _written(resource: Resource) -> dict[str, Field]:
    return resource.written(_creation(resource))
