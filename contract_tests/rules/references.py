"""Rules of references: records are assigned to others, taken off, listed below them, and keep them from deletion."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.operation_rules import Block
from contract_tests.rules.answers import Record, outcome, records_of
from contract_tests.rules.bench import NOT_FOUND, Bench, NothingToCheck
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.dating import change_is_dated
from contract_tests.rules.paging import fill, walk
from contract_tests.rules.refusal import answers, names_field, refused
from contract_tests.rules.resource import Field, Resource, by_collection
from contract_tests.rules.sampling import uuid4

MALFORMED = "contract-no-such-id"


def assigns_and_unassigns(bench: Bench, resource: Resource, name: str) -> None:
    """A record takes the id of another, then of a second one, then none again; each step reads back."""
    field = _reference(resource, name)
    target = by_collection(resource.description, str(field.references))
    record = bench.subject(resource)
    steps = [bench.subject(target)[target.id_field], bench.subject(target)[target.id_field]]
    for wanted in [*steps, *([None] if can_clear(field) else [])]:
        before, _ = bench.retrieve(resource, str(record[resource.id_field]))
        sent = wanted if wanted is not None else clearing(field)
        after, exchange = bench.update(resource, str(record[resource.id_field]), {name: sent})
        bench.expect(
            same(after.get(name), wanted),
            "reference-not-stored" if wanted is not None else "reference-not-cleared",
            exchange,
            pointer=exchange.at(field.name),
            expected=f"{bench.show(name, wanted)} after {bench.show(name, sent)} was sent",
            observed=bench.show(name, after.get(name, ABSENT)),
        )
        bench.unchanged(resource, before, after, exchange, but={name})
        if not same(before.get(name), after.get(name)):
            change_is_dated(bench, resource, before, after, exchange)
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        stored = same(after.get(name), wanted)
        if stored:
            bench.holds(
                read, {name: wanted}, again, "reference-not-stored" if wanted is not None else "reference-not-cleared"
            )
        bench.unchanged(resource, after, read, again, but={name} if stored else ())


def unknown_reference_is_refused(bench: Bench, resource: Resource, name: str) -> None:
    """An id that no record has, has no longer, or could not have is refused, and the field keeps its value."""
    field = _reference(resource, name)
    assert resource.update is not None
    target = by_collection(resource.description, str(field.references))
    record = bench.subject(resource)
    allowed = [(rule.status, rule.code) for rule in resource.update.rule_errors]
    for value, fault in (*_without_record(bench, target, name), (MALFORMED, "no id")):
        record_id = str(record[resource.id_field])
        exchange = bench.call(resource.update, record_id, body=bench.amended(resource, record_id, {name: value}))
        place = f"request:/{name}"
        if refused(bench, exchange, kind="reference-not-checked", place=place, fault=fault, allowed=allowed):
            names_field(bench, exchange, f"/{name}")
    read, again = bench.retrieve(resource, str(record[resource.id_field]))
    bench.unchanged(resource, record, read, again)


def sent_reference_is_refused(bench: Bench, resource: Resource, operation: Operation, name: str) -> None:
    """What is made, replaced or computed with the id of another record is refused where no record has it any more."""
    field = resource.written(operation)[name]
    if not field.references:
        raise NothingToCheck(f"{name} is no reference")
    target = by_collection(resource.description, field.references)
    allowed = [(rule.status, rule.code) for rule in operation.rule_errors]
    for value, fault in _without_record(bench, target, name):
        body, record_id = _naming(bench, resource, operation, {name: value})
        exchange = bench.call(operation, record_id, body=body)
        place = f"request:/{name}"
        if refused(bench, exchange, kind="reference-not-checked", place=place, fault=fault, allowed=allowed):
            names_field(bench, exchange, f"/{name}")


def _naming(bench: Bench, resource: Resource, operation: Operation, part: Record) -> tuple[Record, str | None]:
    """A body that is right but for ``part``, and the id of the record that the operation is sent to."""
    if operation is resource.create:
        return bench.completed(resource, part), None
    record_id = bench.address(operation)
    return {**bench.request(operation).get("body", {}), **part}, record_id


def _without_record(bench: Bench, target: Resource, place: str) -> Iterator[tuple[str, str]]:
    """Ids that no record of a collection has, each with what is wrong with it."""
    yield uuid4(bench.random(place)), "an unknown id"
    if target.create is not None and target.delete is not None:
        gone = str(bench.create(target)[0][target.id_field])
        bench.deleted(bench.call(target.delete, gone))
        yield gone, "the id of a deleted record"


def child_list_shows_what_is_assigned(bench: Bench, resource: Resource, child: Operation) -> None:
    """A list below a record holds exactly the records whose field names it, before, while and after one is added."""
    field, target = _tie(resource, child)
    if field is None:
        raise NothingToCheck(f"{child.operation_id}: no operation assigns a record to another")
    record = bench.subject(resource)
    record_id = str(record[resource.id_field])
    parent = str(bench.subject(target)[target.id_field])
    _shows(bench, resource, child, parent, [])
    bench.update(resource, record_id, {field.name: parent})
    _shows(bench, resource, child, parent, [record_id])
    if can_clear(field):
        bench.update(resource, record_id, {field.name: clearing(field)})
        _shows(bench, resource, child, parent, [])


def child_lists_agree_with_their_records(bench: Bench, resource: Resource, child: Operation) -> None:
    """Each record in a list below another names that other one, and stands below no second one; a new one is there."""
    assert child.resource is not None
    assert child.resource.parent is not None
    _is_listed_below(bench, resource, child)
    parent_of: dict[str, str] = {}
    target = by_collection(resource.description, child.resource.parent.collection)
    if target.list is None:
        raise NothingToCheck(f"{target.collection}: its records cannot be listed")
    filled = fill(bench, child)
    listed = [str(one[target.id_field]) for one in walk(bench, target.list).records[: bench.records]]
    for parent in dict.fromkeys([*([filled] if filled else []), *listed]):
        found = walk(bench, child, parent=parent)
        hidden = child.resource.parent.field not in resource.record
        for position, record in enumerate(found.records):
            record_id = str(record.get(resource.id_field))
            named = record.get(child.resource.parent.field, parent if hidden else None)
            bench.expect(
                named == parent and parent_of.setdefault(record_id, parent) == parent,
                "child-of-another",
                found.exchanges[-1],
                pointer=found.exchanges[-1].at(position, child.resource.parent.field),
                expected=f"{parent}, whose list it is in",
                observed=bench.show(child.resource.parent.field, named),
            )
    if not bench.checked:
        raise NothingToCheck(f"{child.operation_id}: no record of the target has anything assigned to it")


def _is_listed_below(bench: Bench, resource: Resource, child: Operation) -> None:
    """A record that is made below another one stands in the list there once, if a creation makes it there."""
    create = resource.create
    if create is None or create.resource is None or not bench.session.outlet.permits(create):
        return
    if child.resource is None or create.resource.parent != child.resource.parent:
        return
    record_id = str(bench.create(resource)[0][resource.id_field])
    found = walk(bench, child, parent=bench.parent_of(create, record_id))
    times = sum(str(one.get(resource.id_field)) == record_id for one in found.records)
    bench.expect(
        times == 1,
        "child-list-wrong",
        found.exchanges[-1],
        pointer=found.exchanges[-1].at(),
        expected=f"the new record {record_id} once",
        observed=f"{times} times among {len(found.records)}",
    )


def deletion_waits_for_what_is_assigned(bench: Bench, resource: Resource, block: Block) -> None:
    """While a record is assigned, deletion is refused as documented and changes nothing; taken off, it works."""
    assert resource.delete is not None
    owner = by_collection(resource.description, block.collection)
    field = owner.written(owner.update).get(block.field) if owner.update else None
    if field is None or not can_clear(field):
        _deletion_waits_for_what_was_made(bench, resource, block)
        return
    record = bench.subject(owner)
    record_id = str(record[owner.id_field])
    target = str(bench.create(resource)[0][resource.id_field])
    before, _ = bench.update(owner, record_id, {block.field: target})
    if owner.retrieve is not None:
        before, _ = bench.retrieve(owner, record_id)
    exchange = _deletion_is_blocked(bench, resource, block, target)
    if owner.retrieve is not None and not exchange.ok:
        # The read only shows what the refused deletion did.
        read, again = bench.retrieve(owner, record_id)
        bench.unchanged(owner, before, read, again, operation=resource.delete.operation_id)
    bench.update(owner, record_id, {block.field: clearing(field)})
    exchange = bench.call(resource.delete, target)
    if exchange.status != NOT_FOUND:
        bench.deleted(exchange)


def _deletion_waits_for_what_was_made(bench: Bench, resource: Resource, block: Block) -> None:
    """Where only its creation ties a record to another: that one is not deleted before this one is, if it ever is."""
    owner = by_collection(resource.description, block.collection)
    if owner.create is None or block.field not in owner.written(owner.create):
        raise NothingToCheck(f"{block.collection}: no operation ties a record to another by {block.field}")
    assert resource.delete is not None
    target = str(bench.create(resource)[0][resource.id_field])
    made, _ = bench.create(owner, {block.field: target})
    _deletion_is_blocked(bench, resource, block, target)
    if owner.delete is not None:
        bench.deleted(bench.call(owner.delete, str(made[owner.id_field])))
        exchange = bench.call(resource.delete, target)
        if exchange.status != NOT_FOUND:
            bench.deleted(exchange)


def _deletion_is_blocked(bench: Bench, resource: Resource, block: Block, target: str) -> Exchange:
    """Judge that a record that is in use is not deleted: refused as documented, and still there."""
    assert resource.delete is not None
    exchange = bench.call(resource.delete, target)
    bench.expect(
        answers(exchange, block.status, block.code),
        "deletion-not-blocked" if exchange.ok else "wrong-refusal",
        exchange,
        pointer="",
        expected=f"{block.status} ({block.code}) while a record of {block.collection} has it as {block.field}",
        observed=outcome(exchange),
    )
    if resource.retrieve is not None and not exchange.ok:
        bench.retrieve(resource, target)
    return exchange


def clearing(field: Field) -> str | None:
    """What an update sends to make a field null; ``ValueError`` when nothing does."""
    if field.on_empty_string == "clear":
        return ""
    if field.on_null == "clear":
        return None
    raise ValueError(f"{field.name} cannot be cleared")


def can_clear(field: Field) -> bool:
    """Whether an update can make the field null."""
    return "clear" in {field.on_empty_string, field.on_null}


def _shows(bench: Bench, resource: Resource, child: Operation, parent: str, expected: list[str]) -> None:
    exchange = bench.call(child, parent)
    observed = [str(record.get(resource.id_field)) for record in records_of(exchange)]
    bench.expect(
        exchange.ok and observed == expected,
        "child-list-wrong",
        exchange,
        pointer=exchange.at(),
        expected=f"exactly what is assigned: {expected}",
        observed=f"{observed} ({outcome(exchange)})",
    )


def _reference(resource: Resource, name: str) -> Field:
    if resource.update is None or not resource.written(resource.update)[name].references:
        raise NothingToCheck(f"{name} is not a reference that an update can set")
    return resource.written(resource.update)[name]


def _tie(resource: Resource, child: Operation) -> tuple[Field | None, Resource]:
    """The writable field that decides which parent's list a record is in, and the parent's resource."""
    assert child.resource is not None
    assert child.resource.parent is not None
    target = by_collection(resource.description, child.resource.parent.collection)
    written = resource.written(resource.update) if resource.update else {}
    return written.get(child.resource.parent.field), target
