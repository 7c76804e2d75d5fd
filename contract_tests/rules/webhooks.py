"""Rules of webhooks: after its cause each event comes, to the address that was told, signed and as described.

What is sent after what, and where the address is told, stands in the description (``x-sent-after``). Events may come
twice and in any order, so they are put in order by the time that they tell.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from contract_tests import events
from contract_tests.checks.content_type import parse
from contract_tests.checks.duplicate_keys import repeated
from contract_tests.checks.violations import validators
from contract_tests.description import JSON, Description, Operation
from contract_tests.events import Cause, Course
from contract_tests.exchange import NOT_JSON, Exchange
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.causing import caused
from contract_tests.rules.compare import differences, same, spelt_otherwise
from contract_tests.rules.links import value_at
from contract_tests.rules.package import PACKAGE
from contract_tests.webhooks.hooks import Hooks
from contract_tests.webhooks.receiver import Delivery, Inbox

SENT, NO_EVENT = 200, object()
WITHIN = "request:"
TIME = "/data/occurred_at"


def events_are_told(bench: Bench, webhook: Operation, cause: Cause, hooks: Hooks) -> None:
    """After its cause each event comes; all that comes is as described, and about what caused it."""
    inbox, made = brought_about(bench, webhook, cause, hooks)
    hooks.wait(inbox, _complete(cause))
    came = [received(bench, webhook, hooks, one) for one in inbox.deliveries]
    for exchange in came:
        _as_described(bench, exchange, made, hooks)
    mine = [one for one in came if events.type_of(_event(one)) in cause.types]
    for name in cause.types:
        bench.expect(
            any(events.type_of(_event(one)) == name for one in mine),
            "webhook-never-sent",
            made,
            pointer="",
            expected=f"an event of type {name} after {cause.operation}",
            observed="none came",
            operation=webhook.operation_id,
        )
    for exchange in mine:
        _about_its_cause(bench, cause, exchange, made)
    _in_order(bench, cause, mine, made)


def brought_about(bench: Bench, webhook: Operation, cause: Cause, hooks: Hooks) -> tuple[Inbox, Exchange]:
    """Where the events of a cause go, and the answer after which they are sent; all that it takes has happened."""
    if hooks.obstacle:
        raise NothingToCheck(hooks.obstacle)
    if cause.outside and hooks.stand_in is None:
        raise NothingToCheck(f"{webhook.operation_id}: only a stand-in can be told to {cause.outside}")
    inbox = hooks.open()
    made = caused(bench, cause, inbox.url)
    if cause.outside and hooks.stand_in is not None:
        of_answer = {name: value_at(made.json, pointer) for name, pointer in cause.told_of.items()}
        hooks.stand_in.act(cause.outside, {**cause.told, **of_answer})
    return inbox, made


def package_agrees(bench: Bench, webhook: Operation) -> None:
    """The package has a class for each type of event that is described, and reads the described examples with it."""
    description = bench.description
    known: Mapping[str, tuple[str, str]] = importlib.import_module(f"{PACKAGE}.event_classes").EVENTS
    wanted = _class_of(description, webhook)
    for name in events.types_of(description, webhook):
        bench.checked += 1
        if known.get(name, ("", ""))[1] != wanted:
            raise AssertionError(f"the package has no {wanted} for events of type {name}: regenerate it")


def _complete(cause: Cause) -> Callable[[tuple[Delivery, ...]], bool]:
    """Whether an event of each type came."""

    def enough(came: tuple[Delivery, ...]) -> bool:
        found = {events.type_of(_exchange_of(one).request_json) for one in came}
        return found >= set(cause.types)

    return enough


# Judging


def _exchange_of(delivery: Delivery, name: str = "", url: str = "", source: str = "") -> Exchange:
    headers = {key.lower(): value for key, value in delivery.headers}
    return Exchange(name, "POST", url, headers, delivery.body, SENT, {}, b"", 0.0, source=source, received=True)


def received(bench: Bench, webhook: Operation, hooks: Hooks, delivery: Delivery) -> Exchange:
    """A delivery as an exchange of the webhook that it belongs to, of the expected one where its type is unknown."""
    event = _exchange_of(delivery).request_json
    owner = events.webhook_of(bench.description, event) or webhook
    exchange = _exchange_of(delivery, owner.operation_id, hooks.address, bench.session.source)
    bench.session.redactor.learn(exchange)
    return exchange


def _event(exchange: Exchange) -> Any:
    return exchange.request_json if exchange.request_json is not NOT_JSON else None


def _as_described(bench: Bench, exchange: Exchange, made: Exchange, hooks: Hooks) -> None:
    """Headers, signature, body and the package's reading of one delivery."""
    webhook = bench.description.webhooks[exchange.operation_id]
    hooks.seen[webhook.operation_id] += 1
    _headers(bench, webhook, exchange, made)
    _signature(bench, exchange, made, hooks)
    if not says(bench, exchange, made, exchange.request_json is not NOT_JSON, "webhook-not-json", "", "a JSON body"):
        return
    schema = events.schema_of(bench.description, webhook)
    wrong = validators(bench.description).violations(schema, exchange.request_json)
    for one in wrong:
        says(bench, exchange, made, False, f"webhook-{one.word}", one.pointer, one.expected, one.observed)
    for place in repeated(exchange.request_body):
        says(bench, exchange, made, False, "webhook-duplicate-key", place, "each member once", "the same name twice")
    hooks.observer.look(webhook, exchange, schema, exchange.request_json)
    bench.checked += 1
    if not wrong:
        _read_by_package(bench, webhook, exchange, made)


def says(
    bench: Bench,
    exchange: Exchange,
    made: Exchange,
    condition: bool,
    kind: str,
    place: str,
    expected: str,
    observed: str = "something else",
) -> bool:
    """Judge an event, at a place in it; ``made`` is what it was sent after."""
    pointer = f"{WITHIN}{place}" if place else ""
    return bench.expect(
        condition,
        kind,
        exchange,
        pointer=pointer,
        expected=expected,
        observed=observed,
        before=(made,),
    )


def _headers(bench: Bench, webhook: Operation, exchange: Exchange, made: Exchange) -> None:
    for parameter in webhook.parameters:
        if parameter["in"] == "header":
            name = str(parameter["name"]).lower()
            there = name in exchange.request_headers or not parameter.get("required")
            says(bench, exchange, made, there, "webhook-header-missing", f"header:{name}", "the header", "absent")
    media = parse(exchange.request_headers.get("content-type", ""))[0]
    says(bench, exchange, made, media == JSON, "webhook-content-type", "header:content-type", JSON, media or "none")


def _signature(bench: Bench, exchange: Exchange, made: Exchange, hooks: Hooks) -> None:
    """The signature is the target's, and was made just now; without its key that can't be told."""
    if hooks.public_key is None:
        return
    package = importlib.import_module(f"{PACKAGE}.webhooks")
    kind, place, expected, observed = (
        "webhook-signature-wrong",
        package.SIGNATURE_HEADER,
        "a signature by the target's key",
        "",
    )
    try:
        package.verify(exchange.request_body, exchange.request_headers, hooks.public_key)
    except package.SignatureMissing as problem:
        if any(name not in exchange.request_headers for name in (package.SIGNATURE_HEADER, package.TIMESTAMP_HEADER)):
            return  # that a header is missing was said
        observed = str(problem)
    except package.TimestampOutOfRange as problem:
        kind, place, expected, observed = (
            "webhook-timestamp-off",
            package.TIMESTAMP_HEADER,
            "the present time",
            str(problem),
        )
    except package.WebhookError as problem:
        observed = str(problem)
    says(bench, exchange, made, not observed, kind, f"header:{place}", expected, observed)


def _read_by_package(bench: Bench, webhook: Operation, exchange: Exchange, made: Exchange) -> None:
    """The package gives the described class, and what it read is all that came."""
    read = importlib.import_module(f"{PACKAGE}.webhooks").parse(exchange.request_body)
    wanted = _class_of(bench.description, webhook)
    found = type(read.record).__name__
    if bench.expect(
        found == wanted,
        "package-cannot-read",
        exchange,
        pointer="",
        expected=f"an event of class {wanted}",
        observed=found,
        before=(made,),
    ):
        for one in differences(exchange.request_json, read.record.to_dict()):
            name, capitals = one.pointer.rpartition("/")[2], spelt_otherwise(one.expected, one.observed)
            expected, observed = bench.show(name, one.expected), bench.show(name, one.observed)
            if capitals:
                expected, observed = observed, expected
            bench.expect(
                False,
                "webhook-format" if capitals else "package-misreads",
                exchange,
                pointer=f"{WITHIN}{one.pointer}",
                expected=expected,
                observed=observed,
                before=(made,),
            )
        bench.checked += 1


def _class_of(description: Description, webhook: Operation) -> str:
    """The name of the class that the package has for a webhook's events: that of the component."""
    return str(events.schema_of(description, webhook)["$ref"]).rpartition("/")[2]


def _about_its_cause(bench: Bench, cause: Cause, exchange: Exchange, made: Exchange) -> None:
    """An event tells of the record that the answer was about, and what it is described to say."""
    wanted = {place: (value_at(made.json, pointer), "webhook-for-another") for place, pointer in cause.same.items()}
    wanted |= {place: (value, "webhook-value-wrong") for place, value in cause.holds.items()}
    for place, (expected, kind) in wanted.items():
        found = [value for value, _ in events.found_at(_event(exchange), place)] or [NO_EVENT]
        name = place.rpartition("/")[2]
        for value in found:
            observed = "absent" if value is NO_EVENT else bench.show(name, value)
            says(bench, exchange, made, same(value, expected), kind, place, bench.show(name, expected), observed)


def _in_order(bench: Bench, cause: Cause, mine: list[Exchange], made: Exchange) -> None:
    """By the time that they tell, events come in the order of their types."""
    ordered = sorted((_moment(one), _turn(cause, one), number) for number, one in enumerate(mine))
    for (_, former, _), (_, turn, number) in itertools.pairwise(ordered):
        expected = f"a time after that of {cause.types[former]}"
        says(bench, mine[number], made, turn >= former, "webhook-out-of-order", TIME, expected, "an earlier one")
    if cause.course is not None:
        _to_an_end(bench, cause, cause.course, sorted(mine, key=lambda one: (_turn(cause, one), _moment(one))), made)


def _to_an_end(bench: Bench, cause: Cause, course: Course, mine: list[Exchange], made: Exchange) -> None:
    """What events tell of goes on from one to the next, and the last of them tells its end."""
    furthest: dict[str, int] = {}
    for exchange in mine:
        for value, place in events.found_at(_event(exchange), course.at):
            rank, shown = course.rank(value), bench.show(place.rpartition("/")[2], value)
            if rank is None:
                continue  # a value that nobody described is told of by the schema
            forward = rank >= furthest.get(place, 0)
            says(bench, exchange, made, forward, "webhook-goes-back", place, "what follows on what was told", shown)
            furthest[place] = rank
            if _turn(cause, exchange) == len(cause.types) - 1:
                ends = f"one of {', '.join(course.ends)}"
                says(bench, exchange, made, value in course.ends, "webhook-not-final", place, ends, shown)


def _turn(cause: Cause, exchange: Exchange) -> int:
    """The place of an event among those that its cause leads to."""
    return cause.types.index(str(events.type_of(_event(exchange))))


def _moment(exchange: Exchange) -> float:
    """When an event says that it happened, in Unix seconds; 0 when it tells no time."""
    told = next((value for value, _ in events.found_at(_event(exchange), TIME)), None)
    try:
        return datetime.fromisoformat(str(told)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
