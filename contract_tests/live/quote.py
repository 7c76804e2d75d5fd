"""What a run may cost at worst, said before it: the limits are hard, so the limits are the worst case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal

from contract_tests.description import Description, Operation
from contract_tests.live.policy import Limits
from contract_tests.live.verdict import Terms, is_read
from scripts.errors import InputError

# Measured on the own mock with 84 operations, plus half: what a live run of each budget takes when all is well. The
# minutes are those of a target that answers after 0.35 s and lets each operation be called 40 times a minute, which is
# what was measured of the API (L1): some 22, 24 and 34 of them, of which 3 to 9 are waiting for quotas.
BY_BUDGET = {
    "quick": {"requests": 4900, "writes": 950, "creations": 400, "minutes": 35.0},
    "standard": {"requests": 5400, "writes": 1100, "creations": 450, "minutes": 40.0},
    "nightly": {"requests": 6600, "writes": 1300, "creations": 550, "minutes": 55.0},
}


def limits(policy: Limits, budget: str, ceilings: dict[str, object], *, writes: bool) -> Limits:
    """The ceilings of one run: the least of what the policy, the budget and the command line say."""
    found = policy.lowered(**BY_BUDGET[budget]).lowered(**ceilings)
    return found if writes else found.lowered(writes=0, creations=0, usd=Decimal(0), people=0)


def lines(terms: Terms, allowed: Limits, base_url: str) -> Iterator[str]:
    """The worst case of a run, for people."""
    description = terms.description
    creatable = [name for name in description.collections if _creates(terms, description, name)]
    lent = sum(len(keys) for keys in terms.policy.owned.values()) if terms.writes else 0
    made = (
        f"{allowed.creations} records created and deleted ({', '.join(creatable)})"
        if creatable
        else "no record created"
    )
    yield f"live run against {base_url}"
    yield (
        f"at most {allowed.requests} requests, {allowed.writes} of them writes; {made}; {lent} of the policy's records "
        f"changed and restored; ${allowed.usd:.2f}; {allowed.people} messages or calls; {allowed.minutes:g} minutes"
    )
    withheld: dict[str, list[str]] = {}
    for operation in description.operations:
        reason = terms.out_of_scope(operation)
        if reason:
            why = reason.removesuffix(f" for {operation.operation_id}")
            withheld.setdefault(why, []).append(operation.operation_id)
    for why, names in withheld.items():
        yield f"not sent, since {why}: {', '.join(names)}"


def _creates(terms: Terms, description: Description, collection: str) -> bool:
    found: tuple[Operation, ...] = description.with_action(collection, "create")
    return any(not is_read(one) and terms.out_of_scope(one) is None for one in found)


def agree(
    say: Callable[[str], None],
    *,
    yes: bool,
    terminal: bool | None = None,
    ask: Callable[[str], str] = input,
) -> None:
    """Return when the person agrees or said --yes; ``InputError`` otherwise, before anything is sent."""
    if yes:
        return
    # A process may be started without any standard input.
    if not ((sys.stdin is not None and sys.stdin.isatty()) if terminal is None else terminal):
        raise InputError("a live run asks first, and nobody is there to answer", fix="add --yes")
    say("go on? [y/N]")
    try:
        answer = ask("")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes"}:
        raise InputError("not agreed to, so nothing was sent", fix="answer y, or add --yes")
