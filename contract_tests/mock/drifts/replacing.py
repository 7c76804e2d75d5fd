"""Drifts of replacements (PUT): what is kept, stored and answered."""

from __future__ import annotations

from ...description import Description, Operation
from ..act import addressed
from ..plan import OperationPlan
from ..world import Call, Result, World
from .changing import acting as as_action
from .drift import Drift
from .find import acting, generating
from .outcomes import acted, put, storing_nothing
from .updating import NOT_STORED


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
)
