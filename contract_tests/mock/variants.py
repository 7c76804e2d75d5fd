"""What serves a request: usually always the same; with an intermittent drift, something else now and then."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .exchange import Answer, Refusal, Request
from .parts import Parts
from .plan import OperationPlan
from .prepared import prepared
from .router import Router, base_path


@dataclass(frozen=True, slots=True)
class Served:
    """Parts, and the router over the plans of their description."""

    parts: Parts
    router: Router

    @classmethod
    def of(cls, parts: Parts, plans: Mapping[str, OperationPlan] | None = None) -> Served:
        """The parts made ready; ``plans`` where they are made already."""
        if plans is None:
            plans = prepared(parts.description).plans
        return cls(parts, Router(plans, base_path(parts.description)))

    def operation_id(self, request: Request) -> str | None:
        """The operation that a request means, None when it means none."""
        try:
            return self.router.route(request).plan.operation.operation_id
        except Refusal:
            return None


class Variants:
    """Which parts serve the next request: by chance, repeatable by seed."""

    def __init__(self, usual: Served, seed: int) -> None:
        self._usual = usual
        self._seed = seed
        self._share, self._other = 0, usual
        if usual.parts.now_and_then is not None:
            self._share, other = usual.parts.now_and_then
            self._other = Served.of(other)
        self.reset()

    def reset(self) -> None:
        """Start the sequence again."""
        self._random = random.Random(f"variants {self._seed}")
        self._told = random.Random(f"variants of webhooks {self._seed}")

    def next(self) -> Served:
        """What serves the next request."""
        return self._drawn(self._random)

    def next_told(self) -> Served:
        """What sends the next webhook, by a sequence of its own: when one is sent, threads decide."""
        return self._drawn(self._told)

    def _drawn(self, draw: random.Random) -> Served:
        return self._other if self._share and draw.randrange(self._share) == 0 else self._usual


def surrounded(parts: Parts, plan: OperationPlan, request: Request, serve: Callable[[Request], Answer]) -> Answer:
    """Serve a request through every layer that drifts put around it, the last planted outermost."""
    for around in parts.around:
        serve = functools.partial(around, plan.operation.operation_id, serve=serve)
    return serve(request)
