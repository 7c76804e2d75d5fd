"""Walks along the description's links: what one answer gives is used in the next request."""

from __future__ import annotations

import pytest

from contract_tests.budget import Budget
from contract_tests.description import Description, Operation
from contract_tests.generated_requests import drive
from contract_tests.generated_requests.settings import Aim, Phase
from contract_tests.rules.answers import records_of
from contract_tests.rules.bench import Bench
from contract_tests.rules.resource import resources
from contract_tests.session import Session

# Records that cannot be created are remembered before the walk and put back after it; a list shows the first page.
BORROWED = 20


def test_linked_calls_agree_with_each_other(
    session: Session, description: Description, walked: tuple[Operation, ...], budget: Budget, seed: int
) -> None:
    """Created records are found, deleted ones are not, and every answer on the way keeps to the description."""
    if not has_links(description, walked):
        pytest.skip("the description states no links between the operations of this run")
    bench = Bench(session, "linked-calls", seed=seed)
    try:
        for resource in resources(description):
            if resource.create is None and resource.update is not None and resource.list is not None:
                for record in records_of(bench.call(resource.list))[:BORROWED]:
                    bench.borrow(resource, str(record[resource.id_field]))
        aim = Aim(Phase.STATEFUL, seed, budget.stateful_examples, steps=budget.stateful_steps)
        tally = drive.run(bench, aim, walked)
        if not tally.accepted:
            pytest.skip("no request of the walk was answered with 2xx: there was nothing to walk along")
    finally:
        bench.close()


def has_links(description: Description, operations: tuple[Operation, ...]) -> bool:
    """Whether an answer of one of the operations leads to another one of them."""
    ids = {operation.operation_id for operation in operations}
    links = (
        description.resolve(link)
        for operation in operations
        for answer in operation.raw["responses"].values()
        for link in description.resolve(answer).get("links", {}).values()
    )
    return any(link.get("operationId") in ids for link in links)
