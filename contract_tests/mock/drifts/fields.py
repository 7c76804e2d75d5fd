"""Drifts of single fields in good answers: left out, added, renamed, of another type, form or content."""

from __future__ import annotations

import html
import string
from collections.abc import Iterator

from ...description import Description, Operation
from ..exchange import Json
from ..parts import Parts
from .changing import Edit, edited, must_know, on_content
from .drift import Drift, Finder, Planter, Shown
from .edits import (
    add,
    change_type,
    drop,
    epoch,
    in_camel_case,
    in_snake_case,
    mapping,
    null_to_empty,
    nullify,
    rename,
    rounded,
    unknown_member,
    with_offset,
)
from .find import Member, contents, fields, ids, kinds_of, of_type, places, single

SHORT = 8  # characters that a truncated text keeps


READ_BACK = ("value-not-read-back", "value-not-stored", "package-misreads")


WRONG_TYPE = ("response-type", "package-cannot-read", "package-misreads")


def editing(edit: Edit, *, new: bool = False) -> Planter:
    """Edit a member of successful answers; a member that the description lacks could never be met."""

    def planter(path: str, parts: Parts) -> Parts:
        *parents, name = path.split(".")
        wanted = [*(parent for parent in parents if parent != "meta"), *([] if new else [name])]
        for one in wanted:
            must_know(one, parts)
        return parts.finished_by(edited(edit, path, parts.description))

    return planter


def nested(description: Description) -> Iterator[Shown]:
    """The members of the object-valued fields, as dotted paths."""
    for shown in fields(lambda where, _, member: "object" in kinds_of(where, member))(description):
        record = description.properties(description.record_schema(description.by_id[shown.operations[0]]) or {})
        node = record[shown.argument]
        for branch in (node, *(description.resolve(one) for one in node.get("anyOf", ()))):
            for name in branch.get("properties", {}):
                telling = [description.by_id[one] for one in shown.operations]
                yield Shown(f"{shown.argument}.{name}", shown.operations, places(telling, f"{shown.argument}/{name}"))


def never_null(*kinds: str) -> Finder:
    """Plain fields that no answer may have as null, of one of these types, no secrets."""

    def suits(description: Description, name: str, member: Member) -> bool:
        found = kinds_of(description, member)
        return bool(found) and found <= set(kinds) and not member.get("x-sensitive")

    return fields(suits)


def free_text(description: Description, name: str, member: Member) -> bool:
    """Texts that may hold anything."""
    closed = ("enum", "format", "pattern", "x-generated", "x-references", "x-ignored-unless-in", "readOnly")
    return kinds_of(description, member) == {"string"} and not any(key in member for key in closed)


def in_small_letters(description: Description, name: str, member: Member) -> bool:
    """Members of an enumeration all of whose texts change when they are written in capitals."""
    texts = {**description.resolve(member), **member}.get("enum", ())
    return of_type("string", enum=True)(description, name, member) and all(one != one.upper() for one in texts if one)


def decimal(description: Description, name: str, member: Member) -> bool:
    """Texts that hold a decimal number."""
    return kinds_of(description, member) == {"string"} and "[0-9]" in str(member.get("pattern"))


def nullable_text(description: Description, name: str, member: Member) -> bool:
    """Texts that may be null, no secrets."""
    return kinds_of(description, member) == {"string", "null"} and not member.get("x-sensitive")


def tells_apart(description: Description, operation: Operation) -> dict[str, Json]:
    """The constants by which a record says which of several kinds it is; none where there is one kind only."""
    branches = (description.record_schema(operation) or {}).get("oneOf", ())
    members = [description.properties(branch) for branch in branches]
    named = [{name: one["const"] for name, one in member.items() if "const" in one} for member in members]
    return {name: value for name, value in (named[0] if named else {}).items() if len({m.get(name) for m in named}) > 1}


def _kinds(description: Description) -> Iterator[Shown]:
    for operation in description.operations:
        if tells_apart(description, operation):
            yield Shown("", (operation.operation_id,))


def _other_kind(_: str, parts: Parts) -> Parts:
    for operation in parts.description.operations:
        for name in tells_apart(parts.description, operation):
            parts = parts.finished_by(edited(unknown_member, name, parts.description))
    return parts


def _field(
    name: str, summary: str, edit: Edit, kinds: tuple[str, ...], shown: Finder, *, new: bool = False, why: str = ""
) -> Drift:
    return Drift(name, summary, editing(edit, new=new), kinds, shown, argument="FIELD", unobservable=why)


ANY_PLAIN = never_null("string", "boolean", "integer", "number")


MOMENT = fields(of_type("string", format="date-time"))


TEXT = fields(free_text, written_by="create")


DRIFTS = (
    _field(
        "drop-response-field",
        "leaves a field out of answers (a.b for nested ones)",
        drop,
        ("field-never-sent", "response-required"),
        ANY_PLAIN,
    ),
    _field(
        "drop-nested-field",
        "leaves a member of an object out of answers",
        drop,
        ("field-never-sent", "response-required"),
        nested,
    ),
    _field("change-response-type", "answers a field with another JSON type", change_type, WRONG_TYPE, ANY_PLAIN),
    _field(
        "change-nested-type", "answers a member of an object with another JSON type", change_type, WRONG_TYPE, nested
    ),
    _field("null-response-field", "answers a field as null", nullify, WRONG_TYPE, ANY_PLAIN),
    _field(
        "unknown-enum-member",
        "answers a field with a new text",
        unknown_member,
        ("response-enum",),
        fields(of_type("string", enum=True)),
    ),
    Drift(
        "add-response-field",
        "adds an undescribed field to records",
        editing(add, new=True),
        ("field-undocumented",),
        lambda description: (
            Shown("colour", ids(group), places(group, "colour"))
            for collection in description.collections
            if (group := [*single(description, collection), *description.with_action(collection, "list")])
        ),
        argument="FIELD",
    ),
    _field(
        "rename-response-field",
        "sends a field under another name",
        rename,
        ("field-never-sent", "field-undocumented"),
        fields(of_type("string", "boolean", "integer"), place="{path}*"),
    ),
    Drift(
        "camel-case",
        "sends every field in camel case",
        on_content(in_camel_case),
        ("field-never-sent", "field-undocumented", "value-not-read-back"),
        contents(spelt_with="_"),
    ),
    Drift(
        "snake-case",
        "sends every field with underscores",
        on_content(in_snake_case),
        ("field-never-sent", "field-undocumented", "value-not-read-back"),
        contents(spelt_with=string.ascii_uppercase),
    ),
    Drift(
        "other-kind",
        "a record says of itself that it is of a kind that there is not",
        _other_kind,
        ("response-enum", "response-type", "package-misreads", "package-cannot-read"),
        _kinds,
    ),
    _field(
        "upper-case-member",
        "sends a member of an enumeration in capitals",
        mapping(lambda value: str(value).upper()),
        ("response-enum",),
        fields(in_small_letters),
    ),
    _field(
        "time-without-zone",
        "sends a moment with a blank and without a zone",
        mapping(with_offset),
        ("response-format", "package-cannot-read"),
        MOMENT,
    ),
    _field("time-as-number", "sends a moment as a number of seconds", mapping(epoch), WRONG_TYPE, MOMENT),
    _field(
        "spoil-id",
        "sends an identifier with a prefix",
        mapping(lambda value: f"id_{value}"),
        ("response-format", "package-cannot-read"),
        fields(of_type("string", format="uuid")),
    ),
    _field(
        "trim-text",
        "takes blanks off both ends of a text",
        mapping(lambda value: str(value).strip()),
        READ_BACK,
        TEXT,
    ),
    _field(
        "truncate-text",
        f"cuts a text to {SHORT} characters",
        mapping(lambda value: str(value)[:SHORT]),
        READ_BACK,
        TEXT,
    ),
    _field("upper-case-text", "sends a text in capitals", mapping(lambda value: str(value).upper()), READ_BACK, TEXT),
    _field("escape-text", "escapes a text for HTML", mapping(lambda value: html.escape(str(value))), READ_BACK, TEXT),
    _field(
        "ascii-text",
        "sends question marks for what is not ASCII",
        mapping(lambda value: str(value).encode("ascii", "replace").decode()),
        READ_BACK,
        TEXT,
    ),
    _field(
        "round-number",
        "takes the digits behind the point off",
        mapping(rounded),
        READ_BACK,
        fields(decimal, written_by="create"),
    ),
    _field(
        "reverse-list",
        "sends a list of a record in the other order",
        mapping(lambda value: list(reversed(value)) if isinstance(value, list) else value),
        READ_BACK,
        fields(of_type("array"), written_by="create"),
    ),
    _field(
        "drop-list-item",
        "leaves the last item of a list out",
        mapping(lambda value: value[:-1] if isinstance(value, list) and len(value) > 1 else value),
        READ_BACK,
        fields(of_type("array"), written_by="create"),
    ),
    _field(
        "join-list",
        "sends a list as one text with commas",
        mapping(lambda value: ",".join(map(str, value)) if isinstance(value, list) else value),
        WRONG_TYPE,
        fields(of_type("array"), written_by="create"),
    ),
    _field(
        "null-as-empty",
        "sends an empty text for null",
        null_to_empty,
        (
            "null-keeps",
            "value-not-read-back",
            "value-not-stored",
            "response-pattern",
            "first-value-wrong",
            "reference-not-cleared",
        ),
        fields(nullable_text, written_by="update"),
    ),
    _field(
        "negate",
        "sends the opposite of a truth value",
        mapping(lambda value: not value),
        ("value-not-read-back", "value-not-stored", "default-not-applied", "first-value-wrong"),
        fields(of_type("boolean"), written_by="create"),
    ),
)
