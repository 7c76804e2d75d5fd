"""Stage 6: what an operation does to the store. Seven actions serve every resource; the description tells them how.

Absent fields keep their value on update and defaults enter on create alone; what null and ``""`` mean, which
references must exist and what blocks a deletion stands in the operation's plan.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

from . import errors
from .derived import Derived
from .exchange import Json, Record
from .plan import BodyPlan, OperationPlan, RecordField, WritableField, blank
from .select import cut, select
from .shape import ABSENT
from .validate import Violation, refuse_violations
from .world import Action, Call, Page, Result, World

# RFC 9562, section 4: whoever reads a UUID takes letters of either case.
UUID_IN_CAPITALS = re.compile(r"(?=.*[A-F])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def list_records(plan: OperationPlan, call: Call, world: World) -> Result:
    """One page of the records that the parent and the filters leave."""
    resource = plan.operation.resource
    assert resource is not None
    records = world.store[resource.collection]
    if resource.collection in world.behaviours.settles:
        for record in list(records):
            _settled(world, resource.collection, record)
    if resource.parent is None:
        return cut(plan, call, select(plan, call, records))
    return cut(plan, call, select(plan, call, records.having(resource.parent.field, _owner(plan, call, world))))


def _owner(plan: OperationPlan, call: Call, world: World) -> Json:
    """The id of the record that the path names as parent; refused with 404 10005."""
    assert plan.operation.resource is not None and plan.operation.resource.parent is not None
    parent = plan.operation.resource.parent
    owner = _find(world, parent.collection, call.path[parent.parameter], ())
    return owner[world.store[parent.collection].id_field]


def retrieve(plan: OperationPlan, call: Call, world: World) -> Result:
    """The record that the path addresses; refused with 404 10005."""
    return addressed(plan, call, world)


def create(plan: OperationPlan, call: Call, world: World) -> Result:
    """A new record: what the body says, else defaults, else what the server sets by itself."""
    assert plan.body is not None and plan.operation.resource is not None
    parent = plan.operation.resource.parent
    owner = _owner(plan, call, world) if parent is not None else None
    refuse_violations(_faults(plan, plan.body, call, world))
    record = new_record(plan, call.body, world)
    if parent is not None:
        record[parent.field] = owner
    _finish(plan, record, call, world)
    world.store[plan.collection].insert(record)
    return record


def _finish(plan: OperationPlan, record: Record, call: Call, world: World) -> None:
    """Let behaviour code complete a record that was made or changed."""
    finish = world.behaviours.finishes.get(plan.operation.operation_id)
    if finish is not None:
        finish(record, call, world)


def new_record(plan: OperationPlan, sent: Record, world: World) -> Record:
    """The record that a body makes; nothing is stored yet."""
    record = blank(plan.record)
    stamp = world.clock.stamp()
    for field in plan.body.fields.values() if plan.body else ():
        if field.name not in plan.stored:
            continue
        value = stored_value(field, sent[field.name], record) if field.name in sent else ABSENT
        if value is ABSENT and field.default is not ABSENT:
            value = copy.deepcopy(field.default)
        if value is not ABSENT:
            record[field.name] = value
    for made in plan.record:
        generate(made, record, stamp, plan.collection, world)
    return {field.name: record[field.name] for field in plan.record if field.name in record}


def generate(field: RecordField, record: Record, stamp: str, collection: str, world: World) -> None:
    """Set a field of a new record that only the server sets; other fields are left alone."""
    match field.generated:
        case "id":
            kind = world.behaviours.identifier_kinds.get(collection)
            ids = world.identifiers
            if kind is None and field.identifier_kind == "number":
                record[field.name] = ids.number()
            else:
                record[field.name] = ids.uuid(kind) if kind else ids.uuid()
        case "created-at" | "updated-at":
            record[field.name] = stamp
        case "secret" if record.get(field.name) is None:
            record[field.name] = world.identifiers.secret()


def update(plan: OperationPlan, call: Call, world: World) -> Result:
    """The record with the body's fields laid over it; its ``updated-at`` advances when something was written."""
    assert plan.body is not None
    record = addressed(plan, call, world)
    found: list[Violation] = []
    if plan.empty_refusal and not call.body:
        detail = "No valid parameters were supplied: there is nothing to update."
        found.append((plan.empty_refusal.status, errors.entry(plan.empty_refusal.code, detail)))
    found += _still_missing(plan.body, call.body, record)
    found += _faults(plan, plan.body, call, world)
    refuse_violations(found)
    changes = {}
    for name, value in call.body.items():
        new = stored_value(plan.body.fields[name], value, record)
        if new is not ABSENT and name in plan.stored:
            changes[name] = new
    if not changes:
        return record
    stamp = world.clock.stamp()
    changed = {**record, **changes, **dict.fromkeys(plan.stamped, stamp)}
    _finish(plan, changed, call, world)
    world.store[plan.collection].replace(changed)
    return changed


def replace(plan: OperationPlan, call: Call, world: World) -> Result:
    """The record anew: what the body leaves out is as at creation, what no request can set stays."""
    assert plan.body is not None
    record = addressed(plan, call, world)
    refuse_violations(_faults(plan, plan.body, call, world))
    fresh = new_record(plan, call.body, world)
    settable = {name for name in fresh if name in plan.body.fields}
    changed = {name: value for name, value in record.items() if name not in plan.body.fields}
    changed |= {name: fresh[name] for name in settable} | dict.fromkeys(plan.stamped, world.clock.stamp())
    _finish(plan, changed, call, world)
    world.store[plan.collection].replace(changed)
    return changed


def stored_value(field: WritableField, value: Json, record: Record) -> Json:
    """What a sent value becomes in a record; ``ABSENT`` when it leaves things as they are."""
    if value is None:
        return ABSENT if field.on_null == "keep" else None
    if value == "" and field.on_empty_string is not None:
        return None if field.on_empty_string == "clear" else ABSENT
    if field.ignored_unless_in is not None and value not in (record.get(field.ignored_unless_in) or ()):
        return ABSENT
    if field.shape is None:
        return value
    return field.shape.complete(value, base=record.get(field.name) if field.merges else None)


def _still_missing(body: BodyPlan, sent: Record, record: Record) -> list[Violation]:
    """Fields that must be given while the record has none."""
    found = []
    for field in body.needed:
        if record.get(field.name) is None and sent.get(field.name) is None:
            status, code = field.missing
            detail = f"The '{field.name}' parameter is required while it has no value yet."
            found.append((status, errors.entry(code, detail, pointer=f"/{field.name}")))
    return found


def _faults(plan: OperationPlan, body: BodyPlan, call: Call, world: World) -> list[Violation]:
    """What is wrong with a body that satisfies its schema: by the description's rules and by behaviour code."""
    check = world.behaviours.checks.get(plan.operation.operation_id)
    checked = check(call, world) if check else ()
    return [*_empty(body, call.body), *broken_references(plan, body, call.body, world), *checked]


def _empty(body: BodyPlan, sent: Record) -> list[Violation]:
    """Lists that must not be empty: the ones whose absence has an error of its own."""
    found = []
    for field in body.never_empty:
        if sent.get(field.name) == []:
            status, code = field.missing
            found.append((status, errors.entry(code, f"'{field.name}' must not be empty.", pointer=f"/{field.name}")))
    return found


def broken_references(plan: OperationPlan, body: BodyPlan, sent: Record, world: World) -> list[Violation]:
    """Fields that name a record which does not exist."""
    found = []
    for field in body.referring:
        value = sent.get(field.name)
        if field.references is None or value is None or (value == "" and field.on_empty_string):
            continue
        known = world.store[field.references].get(value) or _invented(world, field.references, value)
        if known is None:
            assert plan.reference_refusal is not None
            rule = plan.reference_refusal
            detail = f"'{field.name}' names nothing that exists in {field.references}."
            found.append((rule.status, errors.entry(rule.code, detail, pointer=f"/{field.name}")))
    return found


def delete(plan: OperationPlan, call: Call, world: World) -> Result:
    """Take the record away and answer it as it was last; refused while ``x-blocked-by`` or behaviour code says so."""
    record = addressed(plan, call, world)
    check = world.behaviours.checks.get(plan.operation.operation_id)
    refuse_violations(list(check(call, world)) if check else [])
    collection = world.store[plan.collection]
    identifier = record[collection.id_field]
    for block in plan.operation.blocked_by:
        if world.store[block.collection].find(block.field, identifier) is not None:
            detail = f"Something in {block.collection} still has this {block.field}."
            raise errors.refusal(block.code, detail, status=block.status)
    return collection.remove(identifier)


def compute(plan: OperationPlan, call: Call, world: World) -> Result:
    """An answer that behaviour code derives from the stored records."""
    resource = plan.operation.resource
    assert resource is not None
    record = addressed(plan, call, world) if resource.key else None
    if plan.body is not None:
        refuse_violations(_faults(plan, plan.body, call, world))
    result = world.behaviours.computes[plan.operation.operation_id](record, call, world)
    return cut(plan, call, select(plan, call, result)) if isinstance(result, (list, Derived)) else result


def addressed(plan: OperationPlan, call: Call, world: World) -> Record:
    """The record that the path parameter of ``x-resource.key`` names, by id or by one of the ``lookup`` fields."""
    resource = plan.operation.resource
    assert resource is not None and resource.key is not None
    parent = resource.parent
    owner = _owner(plan, call, world) if parent is not None else None
    record = _find(world, resource.collection, call.path[resource.key], resource.lookup)
    if parent is not None and world.invent is not None and parent.field not in record:
        record = {**record, parent.field: owner}  # it came into being just now, so it is below this one
        world.store[resource.collection].replace(record)
    if parent is not None and record.get(parent.field) != owner:
        raise errors.refusal(errors.NOT_FOUND)
    return record


def _find(world: World, name: str, value: str, lookup: tuple[str, ...]) -> Record:
    collection = world.store[name]
    record = collection.get(value)
    if record is None and UUID_IN_CAPITALS.fullmatch(value):
        record = collection.get(value.lower())
    for field in lookup if record is None else ():
        record = record or collection.find(field, value)
    if record is None and world.invent is not None:
        record = _invented(world, name, value)
    if record is None:
        raise errors.refusal(errors.NOT_FOUND)
    return _settled(world, name, record)


def _settled(world: World, name: str, record: Record) -> Record:
    """The record as it is by now; what time changed of it is stored."""
    settle = world.behaviours.settles.get(name)
    now = record if settle is None else settle(record, world)
    if now is not record:
        world.store[name].replace(now)
    return now


def _invented(world: World, name: str, value: str) -> Record | None:
    """A new record for an unknown id, stored; None when the id is malformed."""
    record = world.invent(name, value, world.store[name]) if world.invent else None
    if record is not None:
        world.store[name].insert(record)
    return record


ACTIONS: Mapping[str, Action] = {
    "list": list_records,
    "retrieve": retrieve,
    "create": create,
    "update": update,
    "replace": replace,
    "delete": delete,
    "compute": compute,
}
__all__ = ["ACTIONS", "Page"]
