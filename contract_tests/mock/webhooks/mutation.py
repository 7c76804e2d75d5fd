"""What planted drifts make of webhooks: of the body, before it is signed, and of the headers that prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..exchange import Json

# Gives the headers of a body as signed at a moment (Unix seconds).
Sign = Callable[[int], dict[str, str]]
# Changes a body, which is its own to change; None: it is not sent, though the mock takes it for sent.
Tell = Callable[[Json], Json | None]
# Makes the headers of a webhook, from the means to sign it and the present moment.
Prove = Callable[[Sign, int], Mapping[str, str]]


def proved(sign: Sign, now: int) -> Mapping[str, str]:
    """As the API does it."""
    return sign(now)


@dataclass(frozen=True, slots=True)
class Mutation:
    """The changes to bodies in their order, and how headers are made."""

    tells: tuple[Tell, ...] = ()
    prove: Prove = proved

    def telling(self, tell: Tell) -> Mutation:
        """With one more change to bodies."""
        return replace(self, tells=(*self.tells, tell))

    def body(self, body: Json) -> Json | None:
        """A body as it is sent; None for none."""
        for tell in self.tells:
            if body is None:
                return None
            body = tell(body)
        return body


SOUND = Mutation()
