"""The records that the description itself shows: a stand-in is stocked with them, so each can be asked for.

Of another target they are those that it lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.description import JSON, Description, Operation
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import records_of
from contract_tests.rules.bench import Bench
from contract_tests.rules.resource import by_collection


def addresses_shown(description: Description, operation: Operation) -> tuple[dict[str, str], ...]:
    """Path values of the records that the examples of an operation are about, each once; empty without a key.

    They are those of its path, and with them each record that its answers show.
    """
    rule = operation.resource
    if rule is None or rule.key is None:
        return ()
    path = {
        one["name"]: str(one["example"]) for one in operation.parameters if one["in"] == "path" and "example" in one
    }
    name = by_collection(description, rule.collection).id_field
    shown = [one.get(name) for one in _answers(description, operation) if isinstance(one, dict)]
    ids = dict.fromkeys([path.get(rule.key), *shown])
    return tuple({**path, rule.key: one} for one in ids if isinstance(one, str))


def addresses_listed(bench: Bench, operation: Operation) -> Iterator[dict[str, str]]:
    """Path values of the records that the target lists, as far as one page goes; nothing is asked before the first.

    None without a key, below another record, and where no list shows the records.
    """
    rule = operation.resource
    if rule is None or rule.key is None or rule.parent is not None:
        return
    resource = by_collection(bench.description, rule.collection)
    if resource.list is None:
        return
    listed = bench.session.call(resource.list.operation_id, query=bench.required_query(resource.list))
    for record in records_of(listed):
        yield path_values(operation, str(record.get(resource.id_field)), bench.parent_of)


def describes_fields(description: Description, operation: Operation) -> bool:
    """Whether the answers of an operation are described to hold anything by name."""
    ahead: list[Any] = [description.response_schema(operation, status) for status in operation.success_statuses]
    while ahead:
        schema = description.resolve(ahead.pop())
        if not isinstance(schema, dict):
            continue
        if schema.get("properties"):
            return True
        ahead += [schema.get("items"), *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    return False


def _answers(description: Description, operation: Operation) -> Iterator[Any]:
    for status in sorted(operation.success_statuses):
        response = description.response(operation, status) or {}
        for example in response.get("content", {}).get(JSON, {}).get("examples", {}).values():
            yield operation.envelope.content(description.resolve(example).get("value"))
