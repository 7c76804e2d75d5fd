"""Where drifts of webhooks show: at webhooks, after the first operation that each is sent after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ... import events
from ...description import Description, Operation
from ...events import Cause
from ..exchange import Record
from .drift import Shown


def _told(description: Description) -> Iterator[tuple[Operation, Cause]]:
    """Each webhook and the first thing that it is sent after."""
    for webhook in description.webhooks.values():
        yield from ((webhook, cause) for cause in events.causes(webhook)[:1])


def of_webhooks(
    place: str, when: Callable[[Cause], bool] = lambda cause: True, *, named: bool = True
) -> Callable[[Description], Iterator[Shown]]:
    """The webhooks whose first cause suits; ``named``: the argument is the webhook."""

    def find(description: Description) -> Iterator[Shown]:
        for webhook, cause in _told(description):
            if when(cause):
                name = webhook.operation_id
                yield Shown(name if named else "", (name, *description.webhooks), place, (cause.operation,))

    return find


def types(description: Description) -> Iterator[Shown]:
    """The last type of event after each first cause, as argument."""
    for webhook, cause in _told(description):
        yield Shown(cause.types[-1], (webhook.operation_id,), only=(cause.operation,))


def members(suits: Callable[[Record, Any], bool]) -> Callable[[Description], Iterator[Shown]]:
    """Members of what an event is about, with the values of its first example, that nothing is said of otherwise."""

    def find(description: Description) -> Iterator[Shown]:
        for webhook, cause in _told(description):
            spoken = {*cause.same, *cause.holds, *([cause.course.at] if cause.course else [])}
            path, schema, example = _about(description, webhook)
            for name, value in example.items():
                member = description.properties(schema).get(name, {})
                here = f"/{'/'.join([*path, name])}"
                said = here in spoken or name in events.TYPED_BY or _tells_apart(description, schema, name)
                if not said and suits(dict(member), value):
                    argument = ".".join([webhook.operation_id, *path, name])
                    yield Shown(argument, (webhook.operation_id,), f"request:{here}", (cause.operation,))

    return find


def _tells_apart(description: Description, schema: Mapping[str, Any], name: str) -> bool:
    """Whether a kind of object is known by this member: where it is wrong, nobody can tell which kind was meant."""
    kinds = description.resolve(schema).get("oneOf", ())
    return any("const" in description.properties(one).get(name, {}) for one in kinds)


def _about(description: Description, webhook: Operation) -> tuple[list[str], Mapping[str, Any], Record]:
    """The innermost of the event, its data and its payload: its path, its schema, and the first example of it."""
    schema: Mapping[str, Any] = events.schema_of(description, webhook)
    media = description.resolve(webhook.raw["requestBody"])["content"]["application/json"]
    example: Record = next((description.resolve(one)["value"] for one in media.get("examples", {}).values()), {})
    path: list[str] = []
    for step in ("data", "payload"):
        members = description.properties(schema)
        if step in members and isinstance(example.get(step), dict):
            path, schema, example = [*path, step], members[step], example[step]
    return path, schema, example


def is_text(member: Record, value: Any) -> bool:
    """A member that is any text."""
    return isinstance(value, str) and member.get("type") == "string" and not {"enum", "const"} & member.keys()


def is_uuid(member: Record, value: Any) -> bool:
    """A member that is an id with letters."""
    return member.get("format") == "uuid" and str(value).upper() != str(value).lower()


def is_choice(member: Record, value: Any) -> bool:
    """A member that has one of several values."""
    return isinstance(value, str) and len(member.get("enum", ())) > 1


def ending(cause: Cause) -> bool:
    """Whether what events tell of comes to an end."""
    return cause.course is not None
