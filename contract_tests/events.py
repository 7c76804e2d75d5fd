"""Events of webhooks as the description tells of them: how they are told apart, and what each is sent after.

``x-sent-after`` at a webhook (``openapi/README.md``) lists its causes; nothing here knows a resource by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.description import JSON, Description, Operation

# The members that tell the type of an event, the first that it has; the package goes by the same.
TYPED_BY = ("event_type", "record_type", "type")
EACH = "*"


@dataclass(frozen=True, slots=True)
class Course:
    """The values that a member of an event goes through, in this order, and those of which one is the last."""

    at: str
    through: tuple[str, ...]
    ends: tuple[str, ...]

    def rank(self, value: Any) -> int | None:
        """How far a value is on the way; None for one that does not belong to it."""
        if value in self.ends:
            return len(self.through)
        return self.through.index(value) if value in self.through else None


@dataclass(frozen=True, slots=True)
class Cause:
    """After a good answer of ``operation`` events of these ``types`` are sent, in this order.

    ``address``: the member of the request that tells where to, ``given`` what else it has to say; a path with a dot
    leads into the record that the member before the dot names. ``outside``: what somebody else has to do first, told
    ``told``, and ``told_of`` from the answer. In an event, ``same`` values are those of the answer, both by RFC 6901
    pointers, and ``holds`` are these.
    """

    operation: str
    address: str
    given: Mapping[str, Any] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    outside: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    told_of: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, Any] = field(default_factory=dict)
    course: Course | None = None


def causes(webhook: Operation) -> tuple[Cause, ...]:
    """What a webhook is sent after."""
    return tuple(_cause(raw) for raw in webhook.raw.get("x-sent-after", ()))


def _cause(raw: Mapping[str, Any]) -> Cause:
    course = raw.get("course")
    return Cause(
        operation=raw["operation"],
        address=raw["address"],
        given=raw.get("given", {}),
        types=tuple(raw["events"]),
        outside=raw.get("outside"),
        told=raw.get("told", {}),
        told_of=raw.get("told_of", {}),
        same=raw.get("same", {}),
        holds=raw.get("holds", {}),
        course=Course(course["at"], tuple(course["through"]), tuple(course["ends"])) if course else None,
    )


def schema_of(description: Description, webhook: Operation) -> Mapping[str, Any]:
    """The schema of an event as it stands there: a ``$ref`` stays one."""
    body = description.resolve(webhook.raw["requestBody"])
    schema: Mapping[str, Any] = body["content"][JSON]["schema"]
    return schema


def types_of(description: Description, webhook: Operation) -> tuple[str, ...]:
    """The types that its events may have; its own name where the schema tells none."""
    whole = description.properties(schema_of(description, webhook))
    held = description.properties(whole["data"]) if "data" in whole else whole
    for name in TYPED_BY:
        if name in held:
            said = held[name]
            values = [said["const"]] if "const" in said else said.get("enum", ())
            return tuple(value for value in values if isinstance(value, str))
    return (webhook.operation_id,)


def type_of(event: Any) -> str | None:
    """The type that an event tells; None when it tells none."""
    if not isinstance(event, Mapping):
        return None
    data = event.get("data")
    held = data if isinstance(data, Mapping) else event
    return next((held[name] for name in TYPED_BY if isinstance(held.get(name), str)), None)


def webhook_of(description: Description, event: Any) -> Operation | None:
    """The webhook that an event belongs to by its type; None when none has it."""
    found = type_of(event)
    for webhook in description.webhooks.values():
        if found in types_of(description, webhook):
            return webhook
    return None


def found_at(value: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """The values at an RFC 6901 pointer in which ``*`` stands for each item of a list, and the pointer of each."""
    yield from _found(value, [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]], "")


def _found(value: Any, steps: list[str], here: str) -> Iterator[tuple[Any, str]]:
    if not steps:
        yield value, here
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, list):
        chosen = range(len(value)) if step == EACH else [int(step)] if step.isdigit() else []
        for position in chosen:
            if position < len(value):
                yield from _found(value[position], rest, f"{here}/{position}")
    elif isinstance(value, Mapping) and step in value:
        yield from _found(value[step], rest, f"{here}/{step.replace('~', '~0').replace('/', '~1')}")
