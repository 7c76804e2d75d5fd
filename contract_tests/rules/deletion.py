"""Rules of deletion and of addresses: what is gone is gone everywhere, and what never was is not found either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import Record, outcome, records_of
from contract_tests.rules.bench import NOT_FOUND, Bench, NothingToCheck
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.paging import walk
from contract_tests.rules.refusal import answers
from contract_tests.rules.resource import Resource, by_collection
from contract_tests.rules.sampling import PREFIX, uuid4

NOT_FOUND_CODE = "10005"
# Reads that are held against the first.
READS = 8
MALFORMED = f"{PREFIX}not-an-id"


def deleted_record_is_gone(bench: Bench, resource: Resource) -> None:
    """Deletion answers with the record where one is described; then every operation that addresses it answers 404."""
    record = _new(bench, resource)
    assert resource.delete is not None
    exchange = bench.call(resource.delete, str(record[resource.id_field]))
    answered = bench.deleted(exchange)
    if answered is not None:
        bench.unchanged(resource, record, answered, exchange)
    for operation in addressing(resource):
        after = bench.call(operation, str(record[resource.id_field]), **_request(bench, operation))
        found_not(bench, after, "deleted-still-there", "the record was deleted")


def deleted_record_is_not_listed(bench: Bench, resource: Resource) -> None:
    """A record stands in its list exactly once until it is deleted, and then no more."""
    record = _new(bench, resource)
    lister = resource.list or next(iter(resource.children), None)
    if lister is None or resource.delete is None:
        raise NothingToCheck(f"{resource.collection}: no operation lists its records")
    record_id = str(record[resource.id_field])
    below = _owner(bench, resource, lister, record)
    if below is None:
        raise NothingToCheck(f"{resource.collection}: a new record stands in no list")
    for expected in (1, 0):
        found = walk(bench, lister, parent=below or None)
        times = sum(one.get(resource.id_field) == record_id for one in found.records)
        bench.expect(
            times == expected,
            "listed-wrongly" if expected else "deleted-still-listed",
            found.exchanges[-1],
            pointer=found.exchanges[-1].at(),
            expected=f"the {'new' if expected else 'deleted'} record {expected} times",
            observed=f"{times} times among {len(found.records)}",
        )
        if expected:
            bench.deleted(bench.call(resource.delete, record_id))


def unknown_record_is_not_found(bench: Bench, resource: Resource, operation: Operation) -> None:
    """An id that no record has, and a text that is no id, are both not found: 404 with the envelope's 10005."""
    digits = str(bench.random(resource.collection).randrange(10**18, 10**19))
    for unknown in (uuid4(bench.random(operation.operation_id)), digits, MALFORMED):
        exchange = bench.call(operation, unknown, **_request(bench, operation))
        found_not(bench, exchange, "unknown-id-found", f"no record has the id {unknown}")


def record_is_below_its_own_alone(bench: Bench, resource: Resource, operation: Operation) -> None:
    """A record that stands below another is not found below a third one, and what was asked there changes nothing."""
    assert operation.resource is not None and operation.resource.parent is not None
    above = by_collection(bench.description, operation.resource.parent.collection)
    record = bench.subject(resource)
    record_id = str(record[resource.id_field])
    other = str(bench.subject(above)[above.id_field])
    own = path_values(operation, record_id, bench.parent_of)
    parameter = operation.resource.parent.parameter
    if other == own[parameter]:
        raise NothingToCheck(f"{operation.operation_id}: {above.collection} has no second record to ask below")
    path = {**own, parameter: other}
    exchange = bench.call(operation, record_id, path=path, **_request(bench, operation))
    found_not(bench, exchange, "child-of-another", f"the record {record_id} stands below {own[parameter]}")
    if resource.retrieve is not None and not exchange.ok:
        read, again = bench.retrieve(resource, record_id)
        bench.unchanged(resource, record, read, again)


def record_reads_alike(bench: Bench, resource: Resource) -> None:
    """A record reads as it was made; reads are equal, so many that one odd in five shows; so is it in its lists.

    A second address leads to the same record.
    """
    record = bench.subject(resource)
    record_id = str(record[resource.id_field])
    read, first = bench.retrieve(resource, record_id)
    steady = bench.unchanged(resource, record, read, first)
    for _ in range(READS):
        again, second = bench.retrieve(resource, record_id)
        steady = bench.unchanged(resource, read, again, second) and steady
        _same_change(bench, resource, read, again, second)
    # Where two reads differ from each other, no list can be blamed for differing from one of them.
    for listed, page in _as_listed(bench, resource, read) if steady else ():
        bench.unchanged(resource, read, listed, page)
    rule = resource.retrieve.resource if resource.retrieve else None
    for name in rule.lookup if rule else ():
        found, third = bench.retrieve(resource, str(read[name]))
        bench.unchanged(resource, read, found, third)


def _as_listed(bench: Bench, resource: Resource, record: Record) -> Iterator[tuple[Record, Exchange]]:
    """The record as each list shows it that it stands in: that of all, and those below the records that it belongs to.

    A list that does not show its id tells it by whatever else no second record has: what the server made for it alone,
    or by which it is addressed as well (``x-resource.lookup``).
    """
    addressed = resource.retrieve.resource.lookup if resource.retrieve and resource.retrieve.resource else ()
    own = dict.fromkeys((resource.id_field, *resource.generated("id"), *resource.generated("key"), *addressed))
    for lister in (*([resource.list] if resource.list else []), *resource.children):
        shows = bench.shows(lister.operation_id)
        key = next((name for name in own if name in shows and record.get(name) is not None), None)
        below = _owner(bench, resource, lister, record)
        if key is None or below is None:
            continue
        for page in walk(bench, lister, parent=below or None).exchanges:
            yield from ((one, page) for one in records_of(page) if same(one.get(key), record[key]))


def found_not(bench: Bench, exchange: Exchange, kind: str, why: str) -> bool:
    """Judge that an answer is 404 with the catalogue's code for it; ``kind`` is for an answer that finds something."""
    return bench.expect(
        answers(exchange, NOT_FOUND, NOT_FOUND_CODE),
        kind if exchange.ok else "wrong-refusal",
        exchange,
        pointer="",
        expected=f"404 ({NOT_FOUND_CODE}): {why}",
        observed=outcome(exchange),
    )


def addressing(resource: Resource) -> Iterator[Operation]:
    """The operations whose path names a record of this collection: its own, and the lists below a record."""
    yield from resource.keyed
    for operation in resource.description.operations:
        parent = operation.resource.parent if operation.resource else None
        if parent is not None and parent.collection == resource.collection:
            yield operation


def _request(bench: Bench, operation: Operation) -> dict[str, Any]:
    """A valid body for an operation that takes one, so that nothing but the id can be at fault."""
    if operation.resource is None or bench.description.request_schema(operation) is None:
        return {}
    written = by_collection(bench.description, operation.resource.collection).written(operation)
    plain = {
        name: field
        for name, field in written.items()
        if field.required or not (field.references or field.ignored_unless_in)
    }
    values = {
        name: bench.values(field) if field.references else bench.sampler.values(field) for name, field in plain.items()
    }
    return {"body": {name: found[0] for name, found in values.items() if found}}


def _owner(bench: Bench, resource: Resource, lister: Operation, record: Record) -> str | None:
    """The id of the record below which a list shows this one; empty below none, None where that is not known."""
    parent = lister.resource.parent if lister.resource else None
    if parent is None:
        return ""
    made = resource.create.resource.parent if resource.create and resource.create.resource else None
    if made is not None and made.collection == parent.collection:
        return bench.parent_of(lister, str(record[resource.id_field]))
    named = record.get(parent.field)
    return str(named) if named else None


def _new(bench: Bench, resource: Resource) -> Record:
    if resource.create is None or resource.delete is None:
        raise NothingToCheck(f"{resource.collection}: no operation creates and deletes records")
    return bench.create(resource)[0]


def _same_change(bench: Bench, resource: Resource, one: Record, other: Record, exchange: Exchange) -> None:
    for name in resource.generated("updated-at"):
        bench.expect(
            same(one.get(name), other.get(name)),
            "read-changes-record",
            exchange,
            pointer=exchange.at(name),
            expected=str(one.get(name)),
            observed=bench.show(name, other.get(name, ABSENT)),
        )
