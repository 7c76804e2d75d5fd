"""Drifts of one way of writing alone: it checks, keeps or gives back otherwise than the others do."""

from __future__ import annotations

from collections.abc import Iterator

from ...description import Description
from ..act import addressed
from ..exchange import Record
from ..parts import Parts
from ..plan import OperationPlan
from ..world import Call, Result, World
from .changing import acting as as_action
from .creating import keeping_unknown
from .drift import Drift, Finder, Planter, Shown
from .find import acting, answers_record, body_fields, kinds_of, null_in_bodies, places
from .outcomes import acted, put
from .updating import shows_closed, taking_read_only
from .validation import ACCEPTED, in_bodies, in_requests, is_judged, required

# What a drift calls them, and what its summary does.
WAYS = {"update": "an update", "replace": "a replacement", "compute": "what is computed"}
TEXT = {"string", "null"}
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


def create_without_inner_defaults(plan: OperationPlan, call: Call, world: World) -> Result:
    """Store the opposite of a truth value that an object of the body leaves out."""
    record = acted("create", plan, call, world)
    changed = {}
    for name, sent in call.body.items():
        if isinstance(sent, dict) and isinstance(stored := record.get(name), dict):
            left = {key: not value for key, value in stored.items() if key not in sent and isinstance(value, bool)}
            changed[name] = {**stored, **left}
    return put(plan, {**record, **changed}, world)


def _empty_texts(_: str, parts: Parts) -> Parts:
    """A creation stores an empty text where its body holds null for one."""
    description = parts.description

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        record = acted("create", plan, call, world)
        members = description.properties(description.request_schema(plan.operation) or {})
        nulls = [name for name, value in call.body.items() if value is None and name in record]
        return put(
            plan, {**record, **{name: "" for name in nulls if kinds_of(description, members[name]) == TEXT}}, world
        )

    return parts.acting("create", act)


def _taking_what_is_sent(_: str, parts: Parts) -> Parts:
    """A creation may set what only the server may, the moment of creation too."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        record = acted("create", plan, call, world)
        born = [field.name for field in plan.record if field.generated == "created-at" and field.name in call.body]
        return put(plan, {**record, **{name: call.body[name] for name in born}}, world)

    return taking_read_only("create")("", parts).acting("create", act)


def _inner_defaults(description: Description) -> Iterator[Shown]:
    """The creations whose body takes an object with a member that is false or true where it is left out."""
    for operation in description.operations:
        if operation.resource is None or operation.resource.action != "create":
            continue
        for name, member in description.properties(description.request_schema(operation) or {}).items():
            branches = [member, *member.get("anyOf", ()), *member.get("oneOf", ())]
            inner = [one for branch in branches for one in description.properties(branch).values()]
            if any(isinstance(one.get("default"), bool) for one in inner):
                yield Shown("", (operation.operation_id,), f"{places([operation], name)}/*")


def replace_keeping_where_null(plan: OperationPlan, call: Call, world: World) -> Result:
    """A replacement keeps what its body holds null for, as many an update does."""
    former = addressed(plan, call, world)
    changed = acted("replace", plan, call, world)
    kept = {name: former[name] for name, value in call.body.items() if value is None and name in former}
    return put(plan, {**changed, **kept}, world)


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
    Drift(
        "create-without-inner-defaults",
        "what an object of a creation leaves out is the opposite of its default",
        as_action("create", create_without_inner_defaults),
        ("default-not-applied",),
        _inner_defaults,
    ),
    Drift(
        "create-empties-null",
        "a creation stores an empty text for null",
        _empty_texts,
        ("value-not-read-back", "response-pattern", "response-format"),
        null_in_bodies("create", "string"),
    ),
    Drift(
        "create-takes-read-only",
        "a creation sets what only the server may",
        _taking_what_is_sent,
        ("read-only-field-written",),
        acting("create", when=shows_closed),
    ),
    Drift(
        "update-keeps-unknown-keys",
        "keys that no schema knows come back from an update",
        keeping_unknown("update"),
        ("unknown-key-stored", "field-undocumented"),
        acting("update", when=answers_record),
    ),
    Drift(
        "replace-keeps-at-null",
        "a replacement keeps what is null in it",
        as_action("replace", replace_keeping_where_null),
        ("value-not-stored",),
        null_in_bodies("replace"),
    ),
)
