"""Drifts of updates: what the server makes by itself moves when it should stay, or stays when it should move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from ...description import Description
from ..act import ACTIONS, addressed
from ..exchange import Json
from ..plan import OperationPlan
from ..world import Action, Call, Result, World
from .changing import acting as as_action
from .changing import on_success
from .drift import Drift, Shown
from .find import acting, fields_of, generating, places
from .updating import UPDATE, put

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
EARLIER = "2001-01-01T00:00:00.000Z"


def update_without_stamp(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and leave every time stamp as it was."""
    former = addressed(plan, call, world)
    changed = ACTIONS["update"](plan, call, world)
    assert isinstance(changed, dict)
    return put(plan, {**changed, **{name: former[name] for name in _stamps(plan) if name in former}}, world)


def update_into_the_past(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and set the time stamps back."""
    changed = ACTIONS["update"](plan, call, world)
    assert isinstance(changed, dict)
    return put(plan, {**changed, **dict.fromkeys(_stamps(plan), EARLIER)}, world)


def update_moving(generated: str) -> Action:
    """Update, and move what the server made once: ``created-at``, or a ``secret``."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        changed = ACTIONS["update"](plan, call, world)
        assert isinstance(changed, dict)
        names = [field.name for field in plan.record if field.generated == generated]
        value = world.clock.stamp() if generated == "created-at" else world.identifiers.secret()
        return put(plan, {**changed, **dict.fromkeys(names, value)}, world)

    return act


def update_with_new_id(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and answer another id than the record has."""
    changed = ACTIONS["update"](plan, call, world)
    assert isinstance(changed, dict)
    name = world.store[plan.collection].id_field
    return {**changed, name: world.identifiers.uuid()}


def two_hours_on(content: Json) -> Json:
    """Every time that an answer tells is two hours later, as if a local one were passed off as UTC."""
    if isinstance(content, dict):
        return {name: two_hours_on(value) for name, value in content.items()}
    if isinstance(content, list):
        return [two_hours_on(item) for item in content]
    if not isinstance(content, str) or not MOMENT.fullmatch(content):
        return content
    later = datetime.fromisoformat(content) + timedelta(hours=2)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _dates(description: Description) -> Iterator[Shown]:
    """What makes or changes a record that tells when that was, at the field that does."""
    for collection in description.collections:
        for action in ("create", "update", "replace"):
            for operation in description.with_action(collection, action):
                names = [
                    name
                    for name, member in fields_of(description, operation).items()
                    if member.get("x-generated") == ("created-at" if action == "create" else "updated-at")
                    and member.get("format") == "date-time"
                ]
                for name in names:
                    yield Shown("", (operation.operation_id,), places([operation], name))


def _stamps(plan: OperationPlan) -> list[str]:
    return [field.name for field in plan.record if field.generated == "updated-at"]


DRIFTS = (
    Drift(
        "two-hours-on",
        "tells every time two hours later than it was",
        on_success(two_hours_on),
        ("time-not-now",),
        _dates,
    ),
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
        as_action("update", update_with_new_id),
        ("unrelated-field-changed", "value-not-stored", "read-only-field-written"),
        UPDATE,
    ),
)
