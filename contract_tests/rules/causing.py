"""What webhooks are sent after: the operation is called as the description says, and told where to send them.

``x-sent-after`` names the members of the request; a path with a dot leads into a record, which is made for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests import events
from contract_tests.description import Description, Operation
from contract_tests.events import Cause
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import Bench, CannotContinue, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.refusal import by_rule
from contract_tests.rules.resource import by_collection


def causes(description: Description) -> Iterator[Case]:
    """One case (webhook, cause) per operation that events are sent after; its operation is that one."""
    for webhook in description.webhooks.values():
        of_operation: dict[str, int] = {}
        for cause in events.causes(webhook):
            number = of_operation[cause.operation] = of_operation.get(cause.operation, 0) + 1
            label = webhook.operation_id if number == 1 else f"{webhook.operation_id}-{number}"
            yield Case(description.by_id[cause.operation], (webhook, cause), label)


def caused(bench: Bench, cause: Cause, url: str) -> Exchange:
    """The good answer of the operation that events are sent after, which was told the address."""
    operation = bench.description.by_id[cause.operation]
    assert operation.resource is not None
    resource = by_collection(bench.description, operation.resource.collection)
    told = _told(bench, operation, cause, url)
    record_id = None
    if operation is resource.create:
        body = bench.completed(resource, told)
    elif operation is resource.update:
        record_id = str(bench.subject(resource)[resource.id_field])
        body = bench.amended(resource, record_id, told)
    else:
        record_id = bench.address(operation)
        body = {**bench.request(operation)["body"], **told}
    body = {name: value for name, value in body.items() if value is not None}
    exchange = bench.call(operation, record_id, body=body)
    if by_rule(operation, exchange):
        raise NothingToCheck(f"{cause.operation}: a rule of the account forbids it: {outcome(exchange)}")
    expected = "a 2xx answer to a valid request"
    if not bench.expect(
        exchange.ok, "valid-request-refused", exchange, pointer="", expected=expected, observed=outcome(exchange)
    ):
        raise CannotContinue(f"{cause.operation}: {outcome(exchange)}")
    return exchange


def _told(bench: Bench, operation: Operation, cause: Cause, url: str) -> dict[str, Any]:
    """The members of the request that the cause names; records that have to be told something are made."""
    assert operation.resource is not None
    own: dict[str, Any] = {}
    records: dict[str, dict[str, Any]] = {}
    for path, value in {**cause.given, cause.address: url}.items():
        name, _, inner = path.partition(".")
        if inner:
            records.setdefault(name, {})[inner] = value
        else:
            own[name] = value
    fields = by_collection(bench.description, operation.resource.collection).written(operation)
    for name, values in records.items():
        target = by_collection(bench.description, fields[name].references or "")
        if target.create is None:
            raise NothingToCheck(f"{cause.operation}: no {target.collection} can be made to tell the address")
        own[name] = bench.create(target, values)[0][target.id_field]
    return own
