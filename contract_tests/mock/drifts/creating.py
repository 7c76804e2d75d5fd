"""Drifts of creations: what is stored, how often, and with which defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from ...description import Description, Operation
from .. import errors
from ..act import ACTIONS
from ..exchange import Answer
from ..parts import Parts
from ..plan import OperationPlan
from ..world import Call, Result, World
from .changing import acting as as_action
from .drift import Drift, Planter
from .find import acting, acting_somehow, fields, generating, of_type, record_of
from .outcomes import acted, put
from .reading import same_record
from .updating import NOT_STORED, ignoring


def create_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Answer like a creation, and store nothing."""
    record = acted("create", plan, call, world)
    collection = world.store[plan.collection]
    return collection.remove(record[collection.id_field])


def create_twice(plan: OperationPlan, call: Call, world: World) -> Result:
    """Store two records for one creation, and answer the first."""
    record = acted("create", plan, call, world)
    collection = world.store[plan.collection]
    collection.insert({**record, collection.id_field: world.identifiers.uuid()})
    return record


def make_twice(plan: OperationPlan, call: Call, world: World) -> Result:
    """Store a second record beside each one that a computed answer makes."""
    collection = world.store[plan.collection]
    before = {one[collection.id_field] for one in collection}
    result = ACTIONS["compute"](plan, call, world)
    for made in [one for one in collection if one[collection.id_field] not in before]:
        collection.insert({**made, collection.id_field: world.identifiers.uuid()})
    return result


def create_without_defaults(plan: OperationPlan, call: Call, world: World) -> Result:
    """Store null, or the opposite of a truth value, where a default belongs."""
    record = acted("create", plan, call, world)
    assert plan.body is not None
    left = {
        name: not record[name] if isinstance(record[name], bool) else None
        for name, field in plan.body.fields.items()
        if name in record and name not in call.body and isinstance(field.default, (bool, str))
    }
    return put(plan, {**record, **left}, world)


def keeping_unknown(*actions: str) -> Planter:
    """Keys that no schema knows come back in the answer to what writes a record in one of these ways."""

    def planter(_: str, parts: Parts) -> Parts:
        writing = {
            one.operation_id for one in parts.description.operations if one.resource and one.resource.action in actions
        }

        def around(operation_id: str, request: Any, *, serve: Any) -> Answer:
            answer: Answer = serve(request)
            envelope = parts.description.by_id[operation_id].envelope
            record = envelope.content(answer.body) if operation_id in writing else None
            if not isinstance(record, dict):
                return answer
            more = {name: value for name, value in orjson.loads(request.body or b"{}").items() if name not in record}
            whole = {**record, **more}
            return replace(answer, body=whole if envelope.member is None else {**answer.body, envelope.member: whole})

        return parts.surrounded_by(around)

    return planter


def _has_defaults(description: Description, operation: Operation) -> bool:
    """Whether a creation sets what it leaves out, and the record shows it."""
    members = description.properties(description.request_schema(operation) or {})
    shown = record_of(description, operation)
    return any(isinstance(one.get("default"), (bool, str)) and name in shown for name, one in members.items())


def _is_listed(description: Description, operation: Operation) -> bool:
    """Whether a second record would show: it is listed, and has an id that no client gives."""
    assert operation.resource is not None
    return not generating("key")(description, operation) and bool(
        description.with_action(operation.resource.collection, "list")
    )


def _makes_listed(description: Description, operation: Operation) -> bool:
    """Whether a computed answer makes a record that stands in a list."""
    assert operation.resource is not None
    lists = description.with_action(operation.resource.collection, "list")
    posts = operation.method == "post" and operation.resource.key is None
    return posts and any(same_record(description, operation, one) for one in lists)


def _other_key(_: str, parts: Parts) -> Parts:
    """A record is made under another id than the client gives."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        record = acted("create", plan, call, world)
        keys = {field.name for field in plan.record if field.generated == "key"}
        if not keys:
            return record
        collection = world.store[plan.collection]
        collection.remove(record[collection.id_field])
        other = {**record, **{name: record[name][:-1] + str(9 - int(record[name][-1])) for name in keys}}
        if collection.get(other[collection.id_field]) is None:
            collection.insert(other)
        return other

    return parts.acting("create", act)


def _unique(_: str, parts: Parts) -> Parts:
    """A creation with the values of a record that is there is refused as a duplicate."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        for record in world.store[plan.collection]:
            if all(record.get(name) == value for name, value in call.body.items()):
                raise errors.refusal("10012", status=409)
        return ACTIONS["create"](plan, call, world)

    return parts.acting("create", act)


DRIFTS = (
    Drift(
        "forget-create",
        "answers a creation, stores nothing",
        as_action("create", create_forgetfully),
        ("valid-request-refused", "wrong-refusal", "created-not-found", "listed-wrongly", "no-record"),
        acting("create", "retrieve", "update", "delete"),
    ),
    Drift(
        "create-twice",
        "a creation makes two records",
        as_action("create", create_twice),
        ("listed-wrongly", "generated-value-not-unique", "creation-made-two"),
        acting("create", "list", when=_is_listed),
    ),
    Drift(
        "make-twice",
        "a computed answer makes two records",
        as_action("compute", make_twice),
        ("creation-made-two",),
        acting("compute", when=_makes_listed),
    ),
    Drift(
        "create-without-defaults",
        "what a creation leaves out is not set",
        as_action("create", create_without_defaults),
        ("default-not-applied", "response-type"),
        acting("create", when=_has_defaults),
    ),
    Drift(
        "unique-records",
        "a creation like a former one is refused",
        _unique,
        ("valid-request-refused", "undocumented-status"),
        acting("create"),
    ),
    Drift(
        "ignore-on-create",
        "a creation does not store one field",
        ignoring("create"),
        (*NOT_STORED, "invalid-accepted"),
        fields(of_type("boolean", "integer"), written_by="create"),
        argument="FIELD",
    ),
    Drift(
        "keeps-unknown-keys",
        "keys that no schema knows come back",
        keeping_unknown("create", "update"),
        ("unknown-key-stored", "field-undocumented"),
        acting_somehow("create", "update"),
    ),
    Drift(
        "other-key",
        "a record is made under another id than the client gives",
        _other_key,
        ("value-not-read-back", "value-not-stored", "no-record", "valid-request-refused"),
        acting("create", "retrieve", when=generating("key")),
    ),
)
