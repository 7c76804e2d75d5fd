"""Drifts of updates: what the server makes by itself moves when it should stay, or stays when it should move."""

from __future__ import annotations

from ..act import addressed
from ..plan import OperationPlan
from ..world import Action, Call, Result, World
from .changing import acting as as_action
from .drift import Drift
from .find import acting, generating
from .outcomes import acted, answering_another_id, put
from .updating import UPDATE

EARLIER = "2001-01-01T00:00:00.000Z"


def update_without_stamp(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and leave every time stamp as it was."""
    former = addressed(plan, call, world)
    changed = acted("update", plan, call, world)
    return put(plan, {**changed, **{name: former[name] for name in _stamps(plan) if name in former}}, world)


def update_into_the_past(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and set the time stamps back."""
    changed = acted("update", plan, call, world)
    return put(plan, {**changed, **dict.fromkeys(_stamps(plan), EARLIER)}, world)


def update_moving(generated: str) -> Action:
    """Update, and move what the server made once: ``created-at``, or a ``secret``."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        changed = acted("update", plan, call, world)
        names = [field.name for field in plan.record if field.generated == generated]
        value = world.clock.stamp() if generated == "created-at" else world.identifiers.secret()
        return put(plan, {**changed, **dict.fromkeys(names, value)}, world)

    return act


def _stamps(plan: OperationPlan) -> list[str]:
    return [field.name for field in plan.record if field.generated == "updated-at"]


DRIFTS = (
    Drift(
        "stale-updated-at",
        "updates leave updated_at alone",
        as_action("update", update_without_stamp),
        ("updated-at-not-advanced",),
        acting("update", when=generating("updated-at")),
    ),
    Drift(
        "updated-at-backwards",
        "updates set updated_at back",
        as_action("update", update_into_the_past),
        ("updated-at-not-advanced", "read-only-field-written"),
        acting("update", when=generating("updated-at")),
    ),
    Drift(
        "created-at-moves",
        "updates move created_at",
        as_action("update", update_moving("created-at")),
        ("unrelated-field-changed", "read-only-field-written"),
        acting("update", when=generating("created-at")),
    ),
    Drift(
        "secret-changes",
        "updates make a new secret",
        as_action("update", update_moving("secret")),
        ("unrelated-field-changed",),
        acting("update", when=generating("secret")),
    ),
    Drift(
        "id-changes",
        "updates answer another id",
        as_action("update", answering_another_id("update")),
        ("unrelated-field-changed", "value-not-stored", "read-only-field-written"),
        UPDATE,
    ),
)
