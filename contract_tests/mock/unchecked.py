"""Where planted drifts let pass what the description forbids: what trips over it is a refusal, never a server error.

Behaviour code relies on bodies that were checked, and on records that checked bodies made. With a drift that checks
less, either may hold anything. A crash over it would be this mock's own, and no drift that anybody planted.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import replace

from ..description import Description
from . import errors
from .act import broken_references
from .exchange import Refusal
from .parts import Parts
from .plan import OperationPlan
from .prepared import prepared
from .validate import UNPROCESSABLE, Violation, refuse_violations, validate_body
from .world import Action, Call, Result, World

LOG = logging.getLogger(__package__)
SPOILT = "A record that the request is about holds what no schema allows."


class Sound:
    """What the description, as callers have it, says of a request that something tripped over."""

    def __init__(self, description: Description) -> None:
        self._description = description

    @functools.cached_property
    def _plans(self) -> dict[str, OperationPlan]:
        return prepared(self._description).plans

    def faults(self, operation_id: str, call: Call, world: World) -> list[Violation]:
        """What is wrong with a request; where that is nothing, with a record that an earlier one has spoilt."""
        plan = self._plans[operation_id]
        found: list[Violation] = []
        if plan.body is not None:
            found = validate_body(plan.body, call.body) or broken_references(plan, plan.body, call.body, world)
        return found or [(UNPROCESSABLE, errors.entry(errors.BAD_REQUEST, SPOILT))]

    def refusing(self, action: Action) -> Action:
        """The action, which refuses what it trips over."""

        def act(plan: OperationPlan, call: Call, world: World) -> Result:
            try:
                return action(plan, call, world)
            except Refusal:
                raise
            except Exception:
                LOG.info("%s tripped over what a drift let pass", plan.operation.operation_id, exc_info=True)
                refuse_violations(self.faults(plan.operation.operation_id, call, world))
                raise

        return act


def guarded(parts: Parts, description: Description) -> Parts:
    """The parts, prepared for what drifts let pass if they obey another description than the one that callers have."""
    sound = Sound(description)
    other = parts.now_and_then
    if other is not None:
        parts = replace(parts, now_and_then=(other[0], guarded(other[1], description)))
    loose = parts.description is not description
    if not loose and (other is None or other[1].description is description):
        return parts
    actions = {name: sound.refusing(action) for name, action in parts.actions.items()}
    return replace(parts, actions=actions, unchecked=True)
