"""What stands in the path of a request: the id of a record, that of its parent, and the examples of anything else."""

from __future__ import annotations

from collections.abc import Callable

from contract_tests.description import Operation

ParentOf = Callable[[Operation, str], str]


def path_values(operation: Operation, record_id: str | None, parent_of: ParentOf) -> dict[str, str]:
    """A value for each path parameter of an operation.

    ``record_id`` is the record that it addresses, or, for a list and a creation below another record, that record;
    ``parent_of`` gives the parent of an addressed record (of a new one for an empty id). What neither key nor parent
    names has its example.
    """
    rule = operation.resource
    values = {
        str(parameter["name"]): str(parameter.get("example", ""))
        for parameter in operation.parameters
        if parameter["in"] == "path"
    }
    if rule is None or rule.parent is None:
        own = rule.key if rule is not None and rule.key in values else next(iter(values), None)
        return {**values, own: record_id} if own is not None and record_id is not None else values
    if rule.key is None:
        values[rule.parent.parameter] = record_id if record_id is not None else parent_of(operation, "")
    elif record_id is not None:
        values |= {rule.key: record_id, rule.parent.parameter: parent_of(operation, record_id)}
    return values
