"""The exchangeable parts of a mock: what planted drifts may change before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from ..description import Description
from .act import ACTIONS
from .authenticate import Authenticator, any_token, exactly
from .exchange import Answer, Header, Request
from .faults.fault import Fault
from .webhooks.mutation import SOUND, Mutation
from .world import Action

# Changes the answer of an operation (None: nothing was routed); it must not change the body in place.
Finish = Callable[[str | None, Answer], Answer]
# Changes all headers of a finished answer with this status.
Touch = Callable[[int, list[Header]], list[Header]]


class Around(Protocol):
    """A layer around the serving of a routed request: it calls ``serve``, or not, as often and with what it likes.

    ``serve`` raises the ``Refusal`` of a stage that says no.
    """

    def __call__(self, operation_id: str, request: Request, *, serve: Callable[[Request], Answer]) -> Answer:
        """The answer to a request."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The description obeyed, the actions by name, who may ask, and what happens to finished answers.

    ``now_and_then``: other parts that one request in so many meets instead.
    """

    description: Description
    actions: Mapping[str, Action]
    authenticate: Authenticator
    announces_any: bool  # answers say that any token passes
    finish: tuple[Finish, ...] = ()
    touch: tuple[Touch, ...] = ()
    around: tuple[Around, ...] = ()
    faults: tuple[Fault, ...] = ()
    mutation: Mutation = SOUND  # of webhooks
    unchecked: bool = False  # bodies may pass that the description forbids, and records be made of them
    now_and_then: tuple[int, Parts] | None = None

    def finished_by(self, finish: Finish) -> Parts:
        """The same parts with one more change to answers."""
        return replace(self, finish=(*self.finish, finish))

    def touched_by(self, touch: Touch) -> Parts:
        """The same parts with one more change to headers."""
        return replace(self, touch=(*self.touch, touch))

    def surrounded_by(self, around: Around) -> Parts:
        """The same parts with one more layer around the serving of a request."""
        return replace(self, around=(*self.around, around))

    def acting(self, name: str, action: Action) -> Parts:
        """The same parts with another action under a name."""
        return replace(self, actions={**self.actions, name: action})

    def struck_by(self, fault: Fault) -> Parts:
        """The same parts with one more fault of the network."""
        return replace(self, faults=(*self.faults, fault))

    def sometimes(self, share: int, other: Parts) -> Parts:
        """The same parts, except that one request in ``share`` meets other ones, made from these."""
        faults = [
            replace(fault, when=replace(fault.when, probability=fault.when.probability / share))
            for fault in other.faults[len(self.faults) :]
        ]
        return replace(self, now_and_then=(share, other), faults=(*self.faults, *faults))


def unplanted(description: Description, api_key: str | None) -> Parts:
    """The parts of a mock without drifts."""
    authenticate = any_token if api_key is None else exactly(api_key)
    return Parts(description, ACTIONS, authenticate, announces_any=api_key is None)
