"""What a live run cannot exercise because of the account and the policy, not because the API or the run is at fault.

An operation on a record whose only makers the policy withholds, where nothing lists such records, has nothing to work
on. An account may have no such records at all; the policy says so (``absent``), and an empty list has to confirm it.
Both are told. Whatever else was not exercised stays missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.description import Description, Operation
from contract_tests.live.verdict import Terms
from contract_tests.outlet import Excuse, Looked
from contract_tests.rules.links import leading_to
from contract_tests.rules.resource import by_collection

# Operations that a line names before the rest is counted.
NAMED = 4


def excuses(terms: Terms, looked: Looked) -> Iterator[Excuse]:
    """One for each collection that has to be told of; ``looked`` gives what came of an operation in this run."""
    told: set[str] = set()
    for name in sorted(terms.policy.absent):
        lists = lists_of(terms.description, name)
        shown = [one for one in lists if looked(one.operation_id).records]
        if shown:
            seen = looked(shown[0].operation_id).records
            yield Excuse(
                f"the policy says that there are no {name}, and {shown[0].operation_id} showed {seen}: take it out "
                "of `absent`"
            )
        elif any(looked(one.operation_id).accepted for one in lists):
            found = [one for one in _without(terms.description, name, looked) if one.operation_id not in told]
            told |= {one.operation_id for one in found}
            yield _excuse(found, f"the account has no {name}, as the policy says, and nothing was listed")
    for collection in terms.description.collections:
        why = withheld(terms, collection)
        found = [
            one
            for one in terms.description.operations
            if why and collection in needs(one) and one.operation_id not in told
            if terms.out_of_scope(one) is None and not looked(one.operation_id).accepted
        ]
        if found:
            yield _excuse(found, f"nothing lists {collection}, and the run may not make any ({why})")


def _excuse(operations: list[Operation], why: str) -> Excuse:
    ids = [one.operation_id for one in operations]
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    names = f"{', '.join(ids[:NAMED])}{more}: " if ids else ""
    return Excuse(f"{names}{why}", tuple(ids))


def lists_of(description: Description, name: str) -> tuple[Operation, ...]:
    """The lists that show the records of a collection, or the one that is named by its operationId."""
    if name in description.by_id:
        return tuple(one for one in (description.by_id[name],) if one.resource and one.resource.action == "list")
    return description.with_action(name, "list")


def needs(operation: Operation) -> frozenset[str]:
    """The collections of which an operation has to address a record."""
    rule = operation.resource
    found = set() if rule is None or rule.key is None else {rule.collection}
    return frozenset(found if rule is None or rule.parent is None else {*found, rule.parent.collection})


def _without(description: Description, name: str, looked: Looked) -> Iterator[Operation]:
    """What there is nothing for when a collection is empty, or just the list that is named."""
    lists = [one for one in lists_of(description, name) if looked(one.operation_id).accepted]
    for operation in description.operations:
        if operation in lists or (name in needs(operation) and not looked(operation.operation_id).accepted):
            yield operation


def withheld(terms: Terms, collection: str) -> str:
    """Which makers of records the run may not send, and why, where only they could give it one; else empty."""
    description = terms.description
    resource = by_collection(description, collection)
    if resource.list is not None or resource.children or terms.policy.owned.get(collection):
        return ""
    sources = (resource.create, *resource.makers, *(source for source, _ in leading_to(resource)))
    makers = list({one.operation_id: one for one in sources if one is not None}.values())
    reasons = [terms.out_of_scope(one) for one in makers]
    if None in reasons or not makers:
        return ""
    name = makers[0].operation_id
    more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{name}: {str(reasons[0]).removesuffix(f' for {name}')}{more}"
