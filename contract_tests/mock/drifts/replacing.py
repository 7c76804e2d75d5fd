"""Drifts of replacements (PUT): what is kept, stored and answered."""

from __future__ import annotations

from ...description import Description, Operation
from ..act import addressed
from ..plan import OperationPlan
from ..world import Call, Result, World
from .changing import acting as as_action
from .creating import keeping_unknown
from .drift import Drift
from .find import acting, answers_record, generating
from .outcomes import acted, put, storing_nothing
from .updating import NOT_STORED, shows_closed, taking_read_only


def replace_keeping(plan: OperationPlan, call: Call, world: World) -> Result:
    """A replacement keeps what its body leaves out, as an update does."""
    former = addressed(plan, call, world)
    changed = acted("replace", plan, call, world)
    assert plan.body is not None
    kept = {name: former[name] for name in plan.body.fields if name not in call.body and name in former}
    return put(plan, {**changed, **kept}, world)


def replace_anew(plan: OperationPlan, call: Call, world: World) -> Result:
    """Replace, and answer as if the record had been made just now."""
    changed = acted("replace", plan, call, world)
    born = {field.name: world.clock.stamp() for field in plan.record if field.generated == "created-at"}
    return put(plan, {**changed, **born}, world)


def replace_without_stamp(plan: OperationPlan, call: Call, world: World) -> Result:
    """Replace, and leave the time of the last change as it was."""
    former = addressed(plan, call, world)
    changed = acted("replace", plan, call, world)
    return put(plan, {**changed, **{name: former[name] for name in plan.stamped if name in former}}, world)


def _left_out_at(description: Description, operation: Operation) -> bool:
    """Whether a body may leave something out."""
    schema = description.request_schema(operation) or {}
    return bool(set(description.properties(schema)) - set(schema.get("required", ())))


DRIFTS = (
    Drift(
        "replace-keeps",
        "a replacement keeps what it leaves out",
        as_action("replace", replace_keeping),
        ("left-out-value-kept",),
        acting("replace", when=_left_out_at),
    ),
    Drift(
        "forget-replace",
        "answers a replacement, stores nothing",
        as_action("replace", storing_nothing("replace")),
        (*NOT_STORED, "left-out-value-kept"),
        acting("replace", "retrieve"),
    ),
    Drift(
        "replace-moves-created-at",
        "a replacement moves created_at",
        as_action("replace", replace_anew),
        ("unrelated-field-changed", "read-only-field-written"),
        acting("replace", when=generating("created-at")),
    ),
    Drift(
        "stale-after-replace",
        "replacements leave updated_at alone",
        as_action("replace", replace_without_stamp),
        ("updated-at-not-advanced",),
        acting("replace", when=generating("updated-at")),
    ),
    Drift(
        "replace-takes-read-only",
        "a replacement sets what only the server may",
        taking_read_only("replace"),
        ("read-only-field-written",),
        acting("replace", when=shows_closed),
    ),
    Drift(
        "replace-keeps-unknown-keys",
        "keys that no schema knows come back from a replacement",
        keeping_unknown("replace"),
        ("unknown-key-stored", "field-undocumented"),
        acting("replace", when=answers_record),
    ),
)
