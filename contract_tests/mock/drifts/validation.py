"""Drifts of what is taken and what is refused: the mock obeys another description than the one that callers have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ...description import Description, Operation
from .. import errors, forms
from ..exchange import Answer, Record, Request
from ..parts import Parts
from ..shape import is_nullable
from .changing import must_know, obeying, rewrite_requests, without
from .drift import Drift, Finder, Planter, Shown
from .find import acting, acting_somehow, body_fields, by_collection, fields, ids, of_type, record_of

WRITING = ("create", "update", "replace", "compute")
ACCEPTED = ("invalid-accepted",)
REFUSED = ("valid-request-refused", "value-not-stored", "value-not-read-back")


def is_judged(description: Description, operation: Operation, name: str) -> bool:
    """Whether a field names a record, so that a value which its schema forbids is refused all the same."""
    member = description.properties(description.request_schema(operation) or {})[name]
    made = record_of(description, operation).get(name, {}).get("x-generated") if operation.resource else None
    return "x-references" in member or made == "key"


def in_bodies(*keywords: str) -> Finder:
    """The operations whose body has one of the keywords at some field, at that field."""

    def find(description: Description) -> Iterator[Shown]:
        for operation in description.operations:
            members = description.properties(description.request_schema(operation) or {})
            # A plain value first: a list may be refused for what it is beside others.
            for name, member in sorted(members.items(), key=lambda one: "items" in one[1]):
                nodes = (member, description.resolve(member.get("items", {})))
                bites = any(keyword in node for keyword in keywords for node in nodes)
                if bites and not is_judged(description, operation, name):
                    yield Shown("", (operation.operation_id,), f"request:/{name}*")

    return find


def required(description: Description) -> Iterator[Shown]:
    """The operations that need a field in their body, at that field."""
    for operation in description.operations:
        schema = description.request_schema(operation) or {}
        if operation.empty_update == "refuse" and len(description.properties(schema)) == 1:
            continue  # without its only field an update is refused for being empty
        for name in schema.get("required", ()):
            # What nobody checks is used all the same: a server that fails over it shows the drift as well.
            yield Shown("", (operation.operation_id,), f"request:/{name}*|")


def _types(schema: Record, _: str) -> None:
    # A list of types is left alone: what it allows beside null stands in the same keyword.
    for member in schema.get("properties", {}).values():
        if isinstance(member.get("type"), str):
            del member["type"]


def _typed(description: Description) -> Iterator[Shown]:
    """The fields of bodies whose plain type stands where they do."""
    for shown in in_bodies("type")(description):
        schema = description.request_schema(description.by_id[shown.operations[0]]) or {}
        if isinstance(schema["properties"][shown.place.split("/")[-1].removesuffix("*")].get("type"), str):
            yield shown


def in_requests(change: Callable[[Record, str], None], *actions: str) -> Planter:
    """Obey a description in which the request schemas of these actions were changed, for a drift without argument."""
    return lambda _, parts: replace(parts, description=rewrite_requests(parts.description, change, *actions))


def _no_nulls(node: Record) -> None:
    if isinstance(node.get("type"), list):
        node["type"] = [kind for kind in node["type"] if kind != "null"]
    if isinstance(node.get("anyOf"), list):
        node["anyOf"] = [branch for branch in node["anyOf"] if branch.get("type") != "null"]


def _refuse_nulls(_: str, parts: Parts) -> Parts:
    def change(schema: Record, operation_id: str) -> None:
        for member in schema.get("properties", {}).values():
            _no_nulls(member)

    return replace(parts, description=rewrite_requests(parts.description, change, *WRITING))


def _takes_null(description: Description, operation: Operation) -> bool:
    members = description.properties(description.request_schema(operation) or {})
    return any(is_nullable(description, one) for one in members.values())


def _closed(schema: Record, _: str) -> None:
    schema["additionalProperties"] = False


def _narrower(keyword: str, value: Any) -> Planter:
    """Take less than described at one field of every body."""

    def planter(argument: str, parts: Parts) -> Parts:
        must_know(argument, parts)

        def change(schema: Record, _: str) -> None:
            member = schema.get("properties", {}).get(argument)
            if member is not None:
                member[keyword] = value

        return replace(parts, description=rewrite_requests(parts.description, change, *WRITING))

    return planter


def _demand_all(schema: Record, _: str) -> None:
    schema["required"] = sorted(schema.get("properties", {}))


def _refuse_empty(description: Description) -> Iterator[Shown]:
    return _empty_updates(description, "accept")


def _accept_empty(description: Description) -> Iterator[Shown]:
    return _empty_updates(description, "refuse")


def _empty_updates(description: Description, how: str) -> Iterator[Shown]:
    found = [
        one
        for one in description.operations
        if one.empty_update == how and not (description.request_schema(one) or {}).get("required")
    ]
    return (Shown("", ids(group)) for group in by_collection(found))


def _in_empty(how: str) -> Planter:
    """Take or refuse every update of nothing; refusing needs its code among the rules."""

    def change(node: Record) -> None:
        if "x-empty-update" in node:
            node["x-empty-update"] = how
            node.setdefault("x-rule-errors", []).append({"status": 422, "code": errors.MISSING, "when": "empty"})

    return obeying(change)


def _blocked(description: Description) -> Iterator[Shown]:
    found = [one for one in description.operations if one.blocked_by]
    return (Shown("", ids(group)) for group in by_collection(found))


def _takes_form(description: Description, operation: Operation) -> bool:
    body = description.resolve(operation.raw.get("requestBody")) or {}
    return forms.MEDIA in body.get("content", {})


def _forms(description: Description) -> Iterator[Shown]:
    found = [one for one in description.operations if _takes_form(description, one)]
    return (Shown("", ids(group)) for group in by_collection(found))


def _refuses_forms(_: str, parts: Parts) -> Parts:
    """A form is refused, as if only JSON could be read."""

    def around(operation_id: str, request: Request, *, serve: Callable[[Request], Answer]) -> Answer:
        if forms.is_form(request.header(b"content-type")):
            raise errors.refusal(errors.NOT_JSON_CONTENT)
        return serve(request)

    return parts.surrounded_by(around)


def _references(description: Description) -> Iterator[Shown]:
    """Where a body names another record: in updates, and in what makes something.

    What nobody checks there is used all the same: a server that fails over it shows the drift as well.
    """
    for action in ("update", "create", "replace", "compute"):
        yield from body_fields("x-references", action=action, place="request:/{path}*|")(description)


DRIFTS = (
    Drift(
        "accept-missing-fields",
        "requires no field of a body",
        obeying(without("required")),
        (*ACCEPTED, "server-error"),
        required,
    ),
    Drift(
        "accept-bad-values",
        "checks no pattern, enumeration or range",
        obeying(without("pattern", "enum", "minimum", "maximum", "format")),
        ACCEPTED,
        in_bodies("enum"),
    ),
    Drift("accept-any-pattern", "checks no pattern", obeying(without("pattern")), ACCEPTED, in_bodies("pattern")),
    Drift("accept-any-member", "checks no enumeration", obeying(without("enum")), ACCEPTED, in_bodies("enum")),
    Drift(
        "accept-any-length",
        "checks no length",
        obeying(without("maxLength", "minLength", "maxItems")),
        ACCEPTED,
        in_bodies("maxLength"),
    ),
    Drift("accept-any-type", "checks no type of a plain value", in_requests(_types, *WRITING), ACCEPTED, _typed),
    Drift(
        "accept-missing-value",
        "an update need not bring what the record lacks",
        obeying(without("x-required-while-unset")),
        ACCEPTED,
        body_fields("x-required-while-unset"),
    ),
    Drift(
        "accept-empty-list",
        "takes an empty list where one entry is needed",
        obeying(lambda node: node.pop("x-missing-error", None)),
        (*ACCEPTED, "wrong-refusal"),
        # Which of the fields an empty list is refused for by a code of its own is the description's business.
        body_fields("x-missing-error", action="create", place="request:/*"),
    ),
    Drift(
        "accept-empty-update",
        "an update of nothing is taken",
        _in_empty("accept"),
        ("empty-update-accepted",),
        _accept_empty,
    ),
    Drift(
        "refuse-empty-update",
        "an update of nothing is refused",
        _in_empty("refuse"),
        ("valid-request-refused", "wrong-refusal"),
        _refuse_empty,
    ),
    Drift(
        "accept-unknown-reference",
        "takes references to nothing",
        obeying(without("x-references")),
        ("reference-not-checked", "server-error"),
        _references,
    ),
    Drift(
        "allow-blocked-deletion",
        "deletes what is still in use",
        obeying(without("x-blocked-by")),
        ("deletion-not-blocked",),
        _blocked,
    ),
    Drift(
        "refuse-null",
        "null is refused everywhere",
        _refuse_nulls,
        REFUSED,
        acting_somehow("update", "create", when=_takes_null),
    ),
    Drift(
        "refuse-unknown-keys",
        "a key that no schema knows is refused",
        in_requests(_closed, *WRITING),
        REFUSED,
        acting_somehow("create", "update"),
    ),
    Drift(
        "demand-all-fields",
        "a creation has to bring every field",
        in_requests(_demand_all, "create"),
        REFUSED,
        acting("create"),
    ),
    Drift(
        "shorter-text",
        "a text of more than 5 characters is refused",
        _narrower("maxLength", 5),
        REFUSED,
        fields(of_type("string", enum=False, format=False), written_by="create", place="*"),
        argument="FIELD",
    ),
    Drift(
        "letters-only",
        "a text of other than ASCII letters is refused",
        _narrower("pattern", "^[A-Za-z-]*$"),
        REFUSED,
        fields(of_type("string", enum=False, format=False), written_by="create", place="*"),
        argument="FIELD",
    ),
    Drift(
        "refuse-forms",
        "a form with files is refused",
        _refuses_forms,
        ("valid-request-refused", "undocumented-status", "wrong-refusal"),
        _forms,
    ),
)
