"""Why a request did not leave: one exception for the suites, whatever client they send with.

``Refused`` ends a test as a skip with its reason; it is never a finding, because the target was not asked.
"""

from __future__ import annotations


class Refused(Exception):
    """A request that the gate kept back before a byte went out.

    ``kind`` is one word for the count in the report: ``operation``, ``method``, ``effect``, ``owner``, ``host``,
    ``redirect``, ``request``, ``budget``, ``account`` or ``client``.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Exhausted(Refused):
    """A budget has nothing left for this request: the run has to end."""

    def __init__(self, reason: str) -> None:
        super().__init__("budget", reason)


class AccountLimit(Refused):
    """The account may not do this: a plan, a trial or a spending limit, which is neither drift nor our fault."""

    def __init__(self, reason: str) -> None:
        super().__init__("account", reason)
