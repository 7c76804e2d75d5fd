"""Drifts of webhooks: what events say, whether they come, and whether they are proved. ``WEBHOOK`` is its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from scripts.errors import InputError

from ... import events
from ...description import Description, Operation
from ..exchange import Json, Record
from ..parts import Parts
from ..webhooks.mutation import Prove, Sign, Tell
from ..webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from .changing import reach
from .drift import Drift, Planter
from .find_events import ending, is_choice, is_text, is_uuid, members, of_webhooks, types

ANOTHER = "00000000-0000-4000-8000-000000000000"
LONG_AGO = 3600  # seconds
BEFORE = "2001-01-01T00:00:00.000+00:00"
Edit = Callable[[Record, str], None]


# Planting


def of_webhook(change: Callable[[Description, Operation], Callable[[Record], Json | None]]) -> Planter:
    """Change the events of the webhook that the argument names."""

    def planter(argument: str, parts: Parts) -> Parts:
        webhook = _webhook(parts.description, argument)
        return _telling(parts, webhook, change(parts.description, webhook))

    return planter


def of_field(edit: Edit) -> Planter:
    """Edit a member of the events of a webhook: ``WEBHOOK.data.payload.text``."""

    def planter(argument: str, parts: Parts) -> Parts:
        name, _, path = argument.partition(".")
        webhook = _webhook(parts.description, name)
        *holders, last = path.split(".")
        if not last:
            raise InputError(f"{argument!r} names no member of an event", fix="write WEBHOOK.data.payload.MEMBER")

        def change(event: Record) -> Json:
            for holder in reach(event, holders):
                if last in holder:
                    edit(holder, last)
            return event

        return _telling(parts, webhook, change)

    return planter


def proving(prove: Prove) -> Planter:
    """Make the headers of webhooks in another way."""
    return lambda _, parts: replace(parts, mutation=replace(parts.mutation, prove=prove))


def _webhook(description: Description, name: str) -> Operation:
    if name not in description.webhooks:
        raise InputError(f"there is no webhook {name!r}", fix=f"choose from {', '.join(description.webhooks)}")
    return description.webhooks[name]


def _telling(parts: Parts, webhook: Operation, change: Callable[[Record], Json | None]) -> Parts:
    description = parts.description

    def tell(event: Json) -> Json | None:
        mine = events.webhook_of(description, event) is webhook
        return change(event) if mine and isinstance(event, dict) else event

    return replace(parts, mutation=parts.mutation.telling(tell))


# What is changed


def _dropped(holder: Record, name: str) -> None:
    del holder[name]


def _as_number(holder: Record, name: str) -> None:
    holder[name] = 7


def _in_capitals(holder: Record, name: str) -> None:
    holder[name] = str(holder[name]).upper()


def _renewed(holder: Record, name: str) -> None:
    holder[name] = "brand_new"


def _with_more(_: Description, __: Operation) -> Callable[[Record], Json]:
    return lambda event: {**event, "surprise": 1}


def _unended(_: Description, webhook: Operation) -> Callable[[Record], Json]:
    """What comes to an end is still on its way."""

    def change(event: Record) -> Json:
        for cause in events.causes(webhook):
            if cause.course is not None:
                *holders, last = [step for step in cause.course.at.split("/")[1:] if step != events.EACH]
                for holder in reach(event, holders):
                    holder[last] = cause.course.through[-1]
        return event

    return change


def _of_another(_: Description, webhook: Operation) -> Callable[[Record], Json]:
    def change(event: Record) -> Json:
        for cause in events.causes(webhook):
            for place in cause.same:
                *holders, last = [step for step in place.split("/")[1:] if not step.isdigit()]
                for holder in reach(event, holders):
                    if last in holder:
                        holder[last] = ANOTHER
        return event

    return change


def _ended_early(_: Description, webhook: Operation) -> Callable[[Record], Json]:
    """The last event says that it happened before the others."""
    last = {cause.types[-1] for cause in events.causes(webhook) if len(cause.types) > 1}

    def change(event: Record) -> Json:
        if events.type_of(event) in last and isinstance(event.get("data"), dict):
            event["data"]["occurred_at"] = BEFORE
        return event

    return change


def _never(argument: str, parts: Parts) -> Parts:
    known = [name for one in parts.description.webhooks.values() for name in events.types_of(parts.description, one)]
    if argument not in known:
        raise InputError(f"there is no type of event {argument!r}", fix=f"choose from {', '.join(known)}")
    tell: Tell = lambda event: None if events.type_of(event) == argument else event  # noqa: E731
    return replace(parts, mutation=parts.mutation.telling(tell))


def _by_nobody(sign: Sign, now: int) -> Mapping[str, str]:
    """The signature of another moment."""
    return {**sign(now), SIGNATURE_HEADER: sign(now - 1)[SIGNATURE_HEADER]}


def _unsigned(sign: Sign, now: int) -> Mapping[str, str]:
    return {name: value for name, value in sign(now).items() if name not in {SIGNATURE_HEADER, TIMESTAMP_HEADER}}


def _long_ago(sign: Sign, now: int) -> Mapping[str, str]:
    return sign(now - LONG_AGO)


def _as_text(sign: Sign, now: int) -> Mapping[str, str]:
    return {**sign(now), "content-type": "text/plain"}


DRIFTS = (
    Drift(
        "drop-event-field",
        "takes a member out of events",
        of_field(_dropped),
        ("webhook-field-never-sent",),
        members(is_text),
        "WEBHOOK.PATH",
        for_good=True,
    ),
    Drift(
        "event-field-type",
        "makes a member of events a number",
        of_field(_as_number),
        ("webhook-type",),
        members(is_text),
        "WEBHOOK.PATH",
    ),
    Drift(
        "new-event-value",
        "gives a member of events a value that no enum has",
        of_field(_renewed),
        ("webhook-enum",),
        members(is_choice),
        "WEBHOOK.PATH",
    ),
    Drift(
        "event-id-in-capitals",
        "writes an id of events in capitals",
        of_field(_in_capitals),
        ("webhook-format",),
        members(is_uuid),
        "WEBHOOK.PATH",
    ),
    Drift(
        "extra-event-field",
        "adds a member to events",
        of_webhook(_with_more),
        ("webhook-field-undocumented",),
        of_webhooks("request:/surprise"),
        "WEBHOOK",
    ),
    Drift(
        "never-ends",
        "lets what events tell of never come to an end",
        of_webhook(_unended),
        ("webhook-not-final",),
        of_webhooks("request:*", ending),
        "WEBHOOK",
    ),
    Drift(
        "ends-before-it-began",
        "dates the last event before the others",
        of_webhook(_ended_early),
        ("webhook-out-of-order",),
        of_webhooks("request:*", ending),
        "WEBHOOK",
    ),
    Drift(
        "tells-of-another",
        "lets events tell of another record than their cause",
        of_webhook(_of_another),
        ("webhook-for-another",),
        of_webhooks("request:*"),
        "WEBHOOK",
    ),
    Drift("never-told", "sends no event of a type", _never, ("webhook-never-sent",), types, "TYPE"),
    Drift(
        "wrong-signature",
        "signs webhooks as of another moment",
        proving(_by_nobody),
        ("webhook-signature-wrong",),
        of_webhooks(f"request:header:{SIGNATURE_HEADER}", named=False),
    ),
    Drift(
        "unsigned-webhooks",
        "sends webhooks without signature",
        proving(_unsigned),
        ("webhook-header-missing",),
        of_webhooks("request:header:*", named=False),
    ),
    Drift(
        "stale-webhooks",
        "signs webhooks with a time that is long past",
        proving(_long_ago),
        ("webhook-timestamp-off",),
        of_webhooks(f"request:header:{TIMESTAMP_HEADER}", named=False),
    ),
    Drift(
        "webhooks-as-text",
        "calls webhooks plain text",
        proving(_as_text),
        ("webhook-content-type",),
        of_webhooks("request:header:content-type", named=False),
    ),
)
