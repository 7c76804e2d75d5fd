"""Records whose ids are of a kind begin with it, whatever form the description declares for the id."""

from __future__ import annotations

import uuid

import pytest

from contract_tests.description import load
from contract_tests.mock.behaviours import BEHAVIOURS
from contract_tests.rules.bench import Bench
from contract_tests.rules.resource import by_collection
from contract_tests.unit.rules.stage import staged

MADE = {
    name: kind
    for name, kind in BEHAVIOURS.identifier_kinds.items()
    if by_collection(load(), name).create or by_collection(load(), name).maker
}


@pytest.mark.parametrize(("collection", "kind"), MADE.items(), ids=MADE)
def test_an_id_begins_with_the_kind_of_its_records(collection: str, kind: str) -> None:
    resource = by_collection(load(), collection)
    with staged(load()) as (session, _):
        identifier = str(Bench(session, "check").subject(resource)[resource.id_field])
    assert identifier.startswith(kind)
    assert str(uuid.UUID(identifier)) == identifier


def test_every_kind_is_one_of_records_that_a_client_makes() -> None:
    assert MADE.keys() == BEHAVIOURS.identifier_kinds.keys()
    assert len(MADE) > 5
