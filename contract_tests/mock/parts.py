"""The exchangeable parts of a mock: what planted faults may change before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..description import Description
from .act import ACTIONS
from .authenticate import Authenticator, any_token, exactly
from .exchange import Answer
from .world import Action

# Changes the answer of an operation (None: nothing was routed); it must not change the body in place.
Finish = Callable[[str | None, Answer], Answer]


@dataclass(frozen=True, slots=True)
class Parts:
    """The description obeyed, the actions by name, who may ask, and what happens to finished answers."""

    description: Description
    actions: Mapping[str, Action]
    authenticate: Authenticator
    announces_any: bool  # answers say that any token passes
    finish: tuple[Finish, ...] = ()

    def finished_by(self, finish: Finish) -> Parts:
        """The same parts with one more change to answers."""
        return replace(self, finish=(*self.finish, finish))

    def acting(self, name: str, action: Action) -> Parts:
        """The same parts with another action under a name."""
        return replace(self, actions={**self.actions, name: action})


def unplanted(description: Description, api_key: str | None) -> Parts:
    """The parts of a mock without faults."""
    authenticate = any_token if api_key is None else exactly(api_key)
    return Parts(description, ACTIONS, authenticate, announces_any=api_key is None)
