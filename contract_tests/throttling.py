"""Telling a used-up rate limit from a refusal of the business that has the same status.

Both are 429. A refusal is one of ``x-rule-errors`` and is told by its codes, as a spend limit is; it says something
about the request, while a rate limit says nothing and opens again by itself.
"""

from __future__ import annotations

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import codes_of

TOO_MANY = 429


def is_throttled(operation: Operation | None, exchange: Exchange) -> bool:
    """Whether an answer says that there were too many requests, and not that a rule forbids this one."""
    if exchange.status != TOO_MANY:
        return False
    codes = set(codes_of(exchange))
    rules = {rule.code for rule in operation.rule_errors if rule.status == TOO_MANY} if operation else set()
    return not codes or not codes <= rules
