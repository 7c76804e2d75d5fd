"""Rules of events in a format that is not described: what is known of them all the same, and why it is not more.

A field that chooses the format of the events which are sent tells of such formats with ``x-undescribed-events``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from contract_tests import events
from contract_tests.description import Description, Operation
from contract_tests.events import Cause
from contract_tests.exchange import NOT_JSON, Exchange
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.resource import Field, by_collection
from contract_tests.rules.webhooks import brought_about, received, says
from contract_tests.webhooks.hooks import Hooks

UNDESCRIBED = "x-undescribed-events"
HEADER, NESTED = "webhook-header-missing", "webhook-type"


def formats(description: Description) -> Iterator[Case]:
    """One case (webhook, cause, field, what is known) per format in which a webhook is not described.

    The cause is the first whose address is told beside a field that chooses the format; it chooses this one.
    """
    for webhook in description.webhooks.values():
        chosen = next((one for cause in events.causes(webhook) if (one := _choosing(description, cause))), None)
        if chosen is None:
            continue
        cause, path, field = chosen
        for known in field.schema[UNDESCRIBED]:
            asked = replace(cause, given={**cause.given, path: known["format"]})
            label = f"{webhook.operation_id}-{field.name}={known['format']}"
            yield Case(description.by_id[cause.operation], (webhook, asked, field.name, known), label)


def _choosing(description: Description, cause: Cause) -> tuple[Cause, str, Field] | None:
    """The cause, with the path and the field by which it chooses a format; None where it chooses none."""
    resource = description.by_id[cause.operation].resource
    assert resource is not None
    written = by_collection(description, resource.collection).written(description.by_id[cause.operation])
    holder, _, inner = cause.address.rpartition(".")
    if inner and holder:
        target = by_collection(description, written[holder].references or "")
        written = target.written(target.create) if target.create is not None else {}
    field = next((one for one in written.values() if UNDESCRIBED in one.schema), None)
    return None if field is None else (cause, f"{holder}.{field.name}" if holder else field.name, field)


def what_is_known_holds(
    bench: Bench, webhook: Operation, cause: Cause, field: str, known: Mapping[str, Any], hooks: Hooks
) -> None:
    """An event in a format that is not described has the headers, and the flat body, that are known of it."""
    unjudged = f"events of {field} {known['format']} are not judged"
    if not known.keys() & {"headers", "flat"}:
        raise NothingToCheck(f"{unjudged}: {known['why']}")
    inbox, made = brought_about(bench, webhook, cause, hooks)
    hooks.wait(inbox, bool)
    if not inbox.deliveries:
        raise NothingToCheck(f"{unjudged}: none came, and {known['why']}")
    for one in inbox.deliveries:
        _judge(bench, received(bench, webhook, hooks, one), made, known)


def _judge(bench: Bench, exchange: Exchange, made: Exchange, known: Mapping[str, Any]) -> None:
    for header in known.get("headers", ()):
        there = header.lower() in exchange.request_headers
        says(bench, exchange, made, there, HEADER, f"header:{header.lower()}", "the header", "absent")
    body = exchange.request_json
    if not known.get("flat") or not says(
        bench, exchange, made, body is not NOT_JSON, "webhook-not-json", "", "a JSON body"
    ):
        return
    if says(bench, exchange, made, isinstance(body, Mapping), NESTED, "", "an object", type(body).__name__):
        for member, value in body.items():
            flat = not isinstance(value, Mapping)
            says(bench, exchange, made, flat, NESTED, f"/{member}", "no object in this format", "an object")
