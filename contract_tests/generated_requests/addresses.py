"""Which record generated requests work on: without one, an operation with an id in its path only ever says 404.

A read works on a record that is there. Anything else works on a record that the run created, or, where none can be
created, on one that is put back afterwards; a record that the run did not create is never deleted.
"""

from __future__ import annotations

from contract_tests.description import Operation
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import records_of
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.resource import Resource, by_collection

READ = ("read",)


def addresses(bench: Bench, operation: Operation) -> tuple[tuple[str, str], ...]:
    """A value for the path parameter that addresses a record; empty when the operation has none.

    ``NothingToCheck`` when there is no record that the operation may work on.
    """
    rule = operation.resource
    if rule is None:
        return ()
    if rule.parent is not None and rule.key is None:
        resource = by_collection(bench.description, rule.parent.collection)
        return ((rule.parent.parameter, _existing(bench, resource)),)
    if rule.key is None:
        return ()
    resource = by_collection(bench.description, rule.collection)
    if operation.effects == READ:
        return tuple(path_values(operation, _existing(bench, resource), bench.parent_of).items())
    if rule.action == "delete" and resource.create is None:
        raise NothingToCheck(f"{rule.collection}: only what this run creates may be deleted, and it can create nothing")
    record_id = str(bench.subject(resource)[resource.id_field])
    return tuple(path_values(operation, record_id, bench.parent_of).items())


def _existing(bench: Bench, resource: Resource) -> str:
    listed = records_of(bench.call(resource.list)) if resource.list else []
    record = listed[0] if listed else bench.subject(resource)
    return str(record[resource.id_field])
