"""The package's log: one DEBUG line an attempt, by path template, never with an id, number, query, header or body.

It is off unless the application sets the level of the logger ``telnyx_bindings`` (or of the root) to DEBUG; a vendored
copy's logger has the name under which that copy is imported. Failures of the application's own callbacks are the one
thing that is logged as an error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple, TypeVar

# By the package's own name, whatever that is: two vendored copies have two loggers.
LOGGER = logging.getLogger(__name__.removesuffix(".runtime.logs"))
Event = TypeVar("Event")


class Attempt(NamedTuple):
    """One attempt of a call, for the ``on_attempt`` hook.

    ``number`` counts from 1; ``status`` is ``None`` when no answer began; ``error`` names the kind of failure, if it
    was one; ``elapsed``: seconds since the call began; ``wait``: seconds until the next attempt, ``None`` when this was
    the last one; ``path`` is the template.
    """

    operation_id: str
    method: str
    path: str
    number: int
    status: int | None
    error: str | None
    elapsed: float
    wait: float | None
    request_id: str | None


def attempt(event: Attempt) -> None:
    """Log an attempt."""
    LOGGER.debug(
        "%s %s: %s in %.3f s, attempt %d%s%s",
        event.method,
        event.path,
        event.error or event.status,
        event.elapsed,
        event.number,
        f", request {event.request_id}" if event.request_id else "",
        "" if event.wait is None else f", again in {event.wait:.3f} s",
    )


def tell(hook: Callable[[Event], object], event: Event) -> None:
    """Call an application's hook; what it raises is logged, because the request was sent and its answer must arrive."""
    try:
        hook(event)
    except Exception:
        LOGGER.exception("a callback of the application failed; the call goes on")
