"""Whether to try again, and when: pure decisions, the same for sync and async.

What may be repeated depends on what the server may have done:

- nothing reached it (``NEVER_SENT``), or it refused to do anything (429): every operation may be sent again;
- it may have acted (``UNKNOWN``: no complete answer; or a 5xx): only operations that merely read.

A spend limit (429 with code 40333) lasts until midnight UTC and is never waited for.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .call import Operation
from .frozen import Frozen

NEVER_SENT = "never sent"
UNKNOWN = "unknown"
TOO_MANY = 429
# 501 and 505 will be the same the next time.
PERMANENT = frozenset({501, 505})
REPEATABLE = frozenset({408, 425, TOO_MANY})
DEADLINE = 150.0  # seconds


class RetryPolicy(Frozen):
    """How often and how long a call is repeated; all times in seconds.

    ``attempts`` counts the first one, so 1 means no retries. The wait doubles from ``first_wait`` up to
    ``longest_wait``, each time between half and all of it by chance. Where the server says when to come back, that is
    the wait (plus a little, by chance, so that not everybody comes at once); when it is more than
    ``longest_asked_wait``, the answer is given to the caller instead. ``deadline`` bounds the call in all: no wait goes
    beyond it, no attempt begins after it, and none goes on after it, however slowly an answer drips. Who gives it
    means it, whatever the timeouts are. Without it there are 150 s, or as long as the call's timeouts for connecting
    and reading are together, so that a longer ``timeout`` is what it says. (A synchronous call can't end while the
    operating system looks up a name, and one with a transport of the caller's only between two parts of the body.)
    ``idempotent`` also repeats PUT and DELETE after an unknown outcome.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_asked_wait: float = 60.0
    deadline: float | None = None
    idempotent: bool = False

    def _check(self) -> None:
        if not self.attempts >= 1:
            raise ValueError(f"attempts must be 1 or more, not {self.attempts!r}")
        for name in ("first_wait", "longest_wait", "longest_asked_wait"):
            if not getattr(self, name) >= 0:  # NaN is no number of seconds either
                raise ValueError(f"{name} must be 0 or more, not {getattr(self, name)!r}")
        if self.deadline is not None and not self.deadline > 0:
            raise ValueError(f"deadline must be above 0, not {self.deadline!r}")

    def __eq__(self, other: object) -> bool:
        return self.field_values() == other.field_values() if isinstance(other, RetryPolicy) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.field_values().values()))


NO_RETRIES = RetryPolicy(attempts=1)


def repeatable(policy: RetryPolicy, operation: Operation, outcome: int | str) -> bool:
    """Whether an operation may be sent again after this outcome: a status, ``NEVER_SENT`` or ``UNKNOWN``."""
    if outcome in (NEVER_SENT, TOO_MANY):
        return True
    if not (operation.safe or (policy.idempotent and operation.idempotent)):
        return False
    if isinstance(outcome, str):
        return True
    return outcome in REPEATABLE or (outcome >= 500 and outcome not in PERMANENT)


def deadline(policy: RetryPolicy, connect: float | None, read: float | None) -> float:
    """Seconds that a call has in all, given its timeouts; ``None`` is one without end."""
    if policy.deadline is not None:
        return policy.deadline
    return float("inf") if connect is None or read is None else max(DEADLINE, connect + read)


def wait(
    policy: RetryPolicy,
    operation: Operation,
    outcome: int | str,
    *,
    attempt: int,
    elapsed: float,
    deadline: float,
    asked: float | None = None,
    spend_limit: bool = False,
    chance: Callable[[], float] = random.random,
) -> float | None:
    """Seconds until the next attempt, or ``None`` when this outcome is the caller's.

    ``attempt``: the number of the one that just ended, from 1; ``elapsed``: seconds since the first began;
    ``deadline``: seconds that the call has in all; ``asked``: the seconds that the server asks for; ``chance``: a
    number from 0 up to, but less than, 1.
    """
    if attempt >= policy.attempts or spend_limit or not repeatable(policy, operation, outcome):
        return None
    if asked is None:
        full = min(policy.longest_wait, policy.first_wait * 2.0 ** min(attempt - 1, 60))
        seconds = full * (0.5 + 0.5 * chance())
    elif asked > policy.longest_asked_wait:
        return None
    else:
        seconds = asked + min(policy.first_wait, 1.0) * chance()
    return seconds if elapsed + seconds < deadline else None
