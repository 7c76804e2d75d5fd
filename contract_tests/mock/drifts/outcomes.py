"""What drifts of several actions do with the record that an action comes to: the same deed, whatever the action is."""

from __future__ import annotations

from ..act import ACTIONS, addressed
from ..exchange import Record
from ..plan import OperationPlan
from ..world import Action, Call, Result, World


def acted(action: str, plan: OperationPlan, call: Call, world: World) -> Record:
    """Do what the action does; the record that it answers."""
    record = ACTIONS[action](plan, call, world)
    assert isinstance(record, dict)
    return record


def put(plan: OperationPlan, record: Record, world: World) -> Record:
    """Store the record in place of the one with its id; it is the answer, too."""
    world.store[plan.collection].replace(record)
    return record


def answering_another_id(action: str) -> Action:
    """Act, and answer another id than the record has."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        name = world.store[plan.collection].id_field
        return {**acted(action, plan, call, world), name: world.identifiers.uuid()}

    return act


def storing_nothing(action: str) -> Action:
    """Answer like an action that changes a record, and leave that as it was."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        former = addressed(plan, call, world)
        changed = acted(action, plan, call, world)
        put(plan, former, world)
        return changed

    return act
