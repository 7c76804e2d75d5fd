"""Drifts of checks that one way of writing lacks while the others have them, or has and the others not."""

from __future__ import annotations

from collections.abc import Iterator

from ...description import Description
from ..exchange import Record
from ..parts import Parts
from .drift import Drift, Finder, Planter, Shown
from .find import body_fields
from .validation import ACCEPTED, in_bodies, in_requests, is_judged, required

# What a drift calls them, and what its summary does.
WAYS = {"update": "an update", "replace": "a replacement", "compute": "what is computed"}
CONSTRAINTS = ("pattern", "enum", "minimum", "maximum", "maxLength", "minLength", "maxItems", "format")


def _only(action: str, found: Finder) -> Finder:
    """What a finder finds at operations with this action, where nothing but the schema refuses what is sent.

    Fields that are looked up are refused whatever their schema says, and so is most where several rules judge a body.
    """

    def find(description: Description) -> Iterator[Shown]:
        for shown in found(description):
            operation = description.by_id[shown.operations[0]]
            name = shown.place.partition("request:/")[2].rstrip("*|")
            acts = operation.resource is not None and operation.resource.action == action
            if acts and len(operation.rule_errors) < 2 and not is_judged(description, operation, name):
                yield shown

    return find


def _taking_any_value(action: str) -> Planter:
    """Check no more than the types of what stands in a body."""

    def planter(_: str, parts: Parts) -> Parts:
        def bare(member: Record) -> Record:
            whole = {**parts.description.resolve(member), **member}
            kept = {name: node for name, node in whole.items() if name not in {"$ref", *CONSTRAINTS}}
            return {**kept, "items": bare(kept["items"])} if "items" in kept else kept

        def change(schema: Record, _: str) -> None:
            schema["properties"] = {name: bare(member) for name, member in schema.get("properties", {}).items()}

        return in_requests(change, action)("", parts)

    return planter


def _needs_nothing(schema: Record, _: str) -> None:
    schema.pop("required", None)


def _needs_what_is_set(schema: Record, _: str) -> None:
    """What a body has to bring as long as the record lacks it, it has to bring for ever."""
    members = schema.get("properties", {})
    more = {name for name, member in members.items() if member.get("x-required-while-unset")}
    schema["required"] = sorted({*schema.get("required", ()), *more})


DRIFTS = (
    *(
        Drift(
            f"accept-missing-on-{action}",
            f"{what} needs no field of a body",
            in_requests(_needs_nothing, action),
            (*ACCEPTED, "server-error"),
            _only(action, required),
        )
        for action, what in WAYS.items()
    ),
    *(
        Drift(
            f"accept-bad-values-on-{action}",
            f"{what} takes any value of the right type",
            _taking_any_value(action),
            ACCEPTED,
            _only(action, in_bodies(*CONSTRAINTS[:2])),
        )
        for action, what in WAYS.items()
    ),
    Drift(
        "demand-what-is-set",
        "an update has to bring what the record has already",
        in_requests(_needs_what_is_set, "update"),
        ("valid-request-refused",),
        body_fields("x-required-while-unset"),
    ),
)
