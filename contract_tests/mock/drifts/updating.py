"""Drifts of updates: what is stored, what is kept, what moves by itself."""

from __future__ import annotations

from dataclasses import replace

from ...description import Description, Operation
from ..act import ACTIONS, addressed
from ..exchange import Record
from ..parts import Parts
from ..plan import OperationPlan
from ..shape import is_nullable
from ..world import Call, Result, World
from .changing import acting as as_action
from .changing import must_know, obeying, reword, rewrite_requests, without
from .drift import Drift, Planter
from .find import acting, body_fields, fields, fields_of, of_type, record_of
from .outcomes import acted, put, storing_nothing

NOT_STORED = (
    "value-not-stored",
    "value-not-read-back",
    "null-clears",
    "null-keeps",
    "reference-not-stored",
    "updated-at-not-advanced",
)


CLOSED = frozenset({"id", "key", "updated-at", "constant"})


def update_with_old_answer(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and answer the record as it was before."""
    former = addressed(plan, call, world)
    ACTIONS["update"](plan, call, world)
    return former


def update_replacing(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update like a replacement: every nullable field that is left out becomes null."""
    changed = acted("update", plan, call, world)
    known = plan.body.fields if plan.body else {}
    lost = [one.name for one in plan.record if one.nullable and one.name in known and one.name not in call.body]
    return put(plan, {**changed, **dict.fromkeys(lost)}, world)


def _with_defaults(_: str, parts: Parts) -> Parts:
    """An update resets what the body leaves out to the defaults of the create operation."""
    description = parts.description

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        defaults: Record = {}
        for creation in description.with_action(plan.collection, "create"):
            members = description.properties(description.request_schema(creation) or {})
            defaults |= {name: member["default"] for name, member in members.items() if "default" in member}
        known = plan.body.fields if plan.body else {}
        body = {**{name: value for name, value in defaults.items() if name in known}, **call.body}
        return ACTIONS["update"](plan, replace(call, body=body), world)

    return parts.acting("update", act)


def ignoring(action: str) -> Planter:
    """One field of a body changes nothing, and is not complained about."""

    def planter(argument: str, parts: Parts) -> Parts:
        must_know(argument, parts)

        def act(plan: OperationPlan, call: Call, world: World) -> Result:
            body = {name: value for name, value in call.body.items() if name != argument}
            if plan.body is not None and argument in plan.body.fields and not body and call.body:
                return addressed(plan, call, world)
            return ACTIONS[action](plan, replace(call, body=body), world)

        return parts.acting(action, act)

    return planter


def taking_read_only(action: str) -> Planter:
    """What writes a record in this way may set the moment of creation and whatever else only the server may."""

    def planter(_: str, parts: Parts) -> Parts:
        description = parts.description
        shown = {one.operation_id: description.record_schema(one) or {} for one in description.operations}

        def change(schema: Record, operation_id: str) -> None:
            record = description.properties(shown[operation_id])
            for name, member in record.items():
                if member.get("readOnly") and member.get("x-generated") not in CLOSED:
                    schema.setdefault("properties", {})[name] = {
                        key: value for key, value in member.items() if key not in {"readOnly", "x-generated"}
                    }

        return replace(parts, description=rewrite_requests(description, change, action))

    return planter


def _with_defaults_of_creation(description: Description, operation: Operation) -> bool:
    """Whether records can be created (only those are known not to be somebody else's), and an update knows defaults."""
    assert operation.resource is not None
    known = description.properties(description.request_schema(operation) or {})
    return any(
        name in known and "default" in member
        for creation in description.with_action(operation.resource.collection, "create")
        for name, member in description.properties(description.request_schema(creation) or {}).items()
    )


def _clearable(description: Description, operation: Operation) -> bool:
    """Whether a body has a field that may become null in the record, and another one beside it."""
    members = description.properties(description.request_schema(operation) or {})
    record = record_of(description, operation)
    return len(members) > 1 and any(name in record and is_nullable(description, record[name]) for name in members)


def shows_closed(description: Description, operation: Operation) -> bool:
    """Whether an operation shows a field that the server alone sets, that stays, and that no other drift moves."""
    return any(
        member.get("readOnly") and not member.get("x-server-varies") and member.get("x-generated") not in CLOSED
        for member in fields_of(description, operation).values()
    )


UPDATE = acting("update")


DRIFTS = (
    Drift(
        "null-clears",
        "null clears where it should keep",
        reword("x-on-null", "keep", "clear"),
        ("null-clears",),
        body_fields("x-on-null", "keep", place="/data*/{path}|/{path}"),
    ),
    Drift(
        "null-keeps",
        "null keeps where it should clear",
        reword("x-on-null", "clear", "keep"),
        ("null-keeps",),
        body_fields("x-on-null", "clear", place="/data*/{path}|/{path}"),
    ),
    Drift(
        "empty-string-keeps",
        '"" keeps where it should clear',
        reword("x-on-empty-string", "clear", "keep"),
        ("empty-string-keeps", "reference-not-cleared"),
        body_fields("x-on-empty-string", "clear"),
    ),
    Drift(
        "empty-string-clears",
        '"" clears where it should keep',
        reword("x-on-empty-string", "keep", "clear"),
        ("empty-string-clears",),
        body_fields("x-on-empty-string", "keep"),
    ),
    Drift(
        "empty-string-stored",
        '"" is stored like any text',
        obeying(without("x-on-empty-string", "x-references", "x-ignored-unless-in")),
        (
            "empty-string-keeps",
            "empty-string-clears",
            "reference-not-cleared",
            "value-not-stored",
            "reference-not-checked",
        ),
        body_fields("x-on-empty-string"),
    ),
    Drift(
        "any-listed-value",
        "takes a value that the record does not list",
        obeying(without("x-ignored-unless-in")),
        ("ignored-value-stored",),
        body_fields("x-ignored-unless-in", place="/data*/{path}|/{path}"),
    ),
    Drift(
        "replace-object",
        "an object takes the place of the former one",
        obeying(without("x-on-object")),
        ("object-replaced", "value-not-stored"),
        body_fields("x-on-object", "merge", place="/data*/{path}*|/{path}*"),
    ),
    Drift(
        "update-applies-defaults",
        "an update resets what it leaves out to its default",
        _with_defaults,
        ("unrelated-field-changed", "value-not-stored", "object-replaced"),
        acting("update", when=_with_defaults_of_creation),
    ),
    Drift(
        "update-clears-others",
        "an update sets what it leaves out to null",
        as_action("update", update_replacing),
        ("unrelated-field-changed", "value-not-stored"),
        acting("update", when=_clearable),
    ),
    Drift(
        "ignore-on-update",
        "an update does not store one field",
        ignoring("update"),
        NOT_STORED,
        fields(of_type("boolean", "integer"), written_by="update"),
        argument="FIELD",
    ),
    Drift(
        "forget-update",
        "answers an update, stores nothing",
        as_action("update", storing_nothing("update")),
        NOT_STORED,
        acting("update", "retrieve"),
    ),
    Drift(
        "old-answer",
        "an update answers the record as it was",
        as_action("update", update_with_old_answer),
        NOT_STORED,
        UPDATE,
    ),
    Drift(
        "takes-read-only",
        "an update sets what only the server may",
        taking_read_only("update"),
        ("read-only-field-written",),
        acting("update", when=shows_closed),
    ),
)
