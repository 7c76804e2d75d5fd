"""Rules of answers that are computed: they exist for a new record, and for each value of their parameters."""

from __future__ import annotations

from contract_tests.description import Operation
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.resource import by_collection, unwrap


def computes_for_each_value(bench: Bench, operation: Operation) -> None:
    """A record that was just made has computed answers, without and with each member of each enum parameter."""
    if operation.resource is None or operation.resource.action != "compute":
        raise NothingToCheck(f"{operation.operation_id}: nothing is computed")
    resource = by_collection(bench.description, operation.resource.collection)
    record_id = None
    if operation.resource.key:
        record_id = str(bench.subject(resource)[resource.id_field])
    queries: list[list[tuple[str, object]]] = [[]]
    for parameter in operation.parameters:
        schema, _ = unwrap(bench.description, parameter.get("schema", {}))
        if parameter["in"] == "query":
            queries += [[(parameter["name"], value)] for value in schema.get("enum", ())]
    for query in queries:
        exchange = bench.call(operation, record_id, query=query)
        data = exchange.json.get("data") if isinstance(exchange.json, dict) else None
        bench.expect(
            exchange.ok and isinstance(data, dict | list),
            "valid-request-refused",
            exchange,
            pointer=f"query:{query[0][0]}" if query else "",
            expected=f"a computed answer for {query[0][1]}" if query else "a computed answer",
            observed=outcome(exchange),
        )
