"""Telling a used-up rate limit from a refusal of the business that has the same status.

Both are 429. A refusal is one of ``x-rule-errors`` and is told by its codes, as a spend limit is; it says something
about the request, while a rate limit says nothing and opens again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import codes_of

TOO_MANY = 429


def is_throttled(operation: Operation | None, exchange: Exchange) -> bool:
    """Whether an answer says that there were too many requests, and not that a rule forbids this one."""
    return is_quota(operation, exchange.status, codes_of(exchange))


def is_quota(operation: Operation | None, status: int, told: Iterable[str]) -> bool:
    """The same by the status of an answer and the codes that it tells."""
    if status != TOO_MANY:
        return False
    codes = set(told)
    rules = {rule.code for rule in operation.rule_errors if rule.status == TOO_MANY} if operation else set()
    return not codes or not codes <= rules
