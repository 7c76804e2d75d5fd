"""The last suite looks back at all answers of the run: was everything exercised, did every described field come?"""

from __future__ import annotations

import pytest

from contract_tests.description import Description, Operation
from contract_tests.drift.observe import Observer
from contract_tests.exercised import Exercise
from contract_tests.rules.answers import records_of
from contract_tests.rules.bench import PARENTS, Bench
from contract_tests.rules.examples import addresses_listed, addresses_shown, describes_fields
from contract_tests.rules.resource import by_collection
from contract_tests.session import Session

READ = ("read",)


def test_every_list_shows_a_record(
    session: Session, description: Description, list_operation: Operation, exercise: Exercise
) -> None:
    """A list below a record is looked up record by record until one is found that has entries."""
    operation = list_operation
    parent = operation.resource.parent if operation.resource else None
    lister = by_collection(description, parent.collection).list if parent else None
    if parent and lister and not exercise.tally(operation.operation_id).records:
        id_field = by_collection(description, parent.collection).id_field
        for record in records_of(session.call(lister.operation_id))[:PARENTS]:
            if records_of(session.call(operation.operation_id, path={parent.parameter: str(record[id_field])})):
                break
    if not exercise.tally(operation.operation_id).records:
        pytest.skip("the target has no record to list; the run counts that as not exercised")


def test_every_described_field_was_sent(session: Session, operation: Operation, observer: Observer) -> None:
    """A field that no 2xx answer of the whole run held is gone, though no schema can say so.

    One that only some records have, or that is null in most, is looked for in those that the description shows, which a
    stand-in has, or in those that a live target lists.
    """
    if not describes_fields(session.description, operation):
        pytest.skip("its answers are described to hold no field by name")
    if operation.operation_id not in observer.fields:
        pytest.skip("no 2xx answer held an object; the run counts that as not exercised")
    if operation.effects == READ and observer.unseen(operation):
        listed = addresses_listed(Bench(session, __name__), operation)
        for path in listed if session.outlet.guarded else addresses_shown(session.description, operation):
            if observer.unseen(operation):
                session.call(operation.operation_id, path=path)
    for finding in observer.never_sent(operation):
        session.findings.add(finding)
