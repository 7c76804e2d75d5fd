"""Planted faults by name: drifts that a contract suite has to notice. Opt-in, written ``name`` or ``name:argument``.

Each one exchanges one part of the mock: the description it obeys, an action, its authentication, or what happens to
finished answers. Nothing in the stages themselves knows of faults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scripts.errors import InputError

from ..description import Description
from . import drifts, errors
from .authenticate import any_token
from .exchange import Answer
from .parts import Finish, Parts

Planter = Callable[[str, Parts], Parts]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What a fault's argument is ("" for none), what the fault does, how it is planted."""

    argument: str
    summary: str
    plant: Planter


def plant(text: str, parts: Parts) -> Parts:
    """The parts with a fault in them; ``InputError`` for an unknown fault or an argument that could never bite."""
    name, _, argument = text.partition(":")
    kind = CATALOGUE.get(name)
    if kind is None:
        raise InputError(f"there is no fault {name!r}", fix=f"choose one of\n{listing()}")
    if bool(argument) != bool(kind.argument):
        raise InputError(f"the fault {name!r} is written {_form(name, kind)}", fix=kind.summary)
    return kind.plant(argument, parts)


def listing() -> str:
    """All faults, one a line, with what they do."""
    forms = {_form(name, kind): kind.summary for name, kind in CATALOGUE.items()}
    width = max(map(len, forms))
    return "\n".join(f"  {form:<{width}}  {summary}" for form, summary in forms.items())


def _form(name: str, kind: FaultKind) -> str:
    return f"{name}:{kind.argument}" if kind.argument else name


def _known_fields(description: Description) -> set[str]:
    schemas = description.document.get("components", {}).get("schemas", {})
    return {name for schema in schemas.values() for name in schema.get("properties", {})}


def _edit(edit: drifts.Edit, *, new: bool = False) -> Planter:
    """Edit a member of successful answers; a member that the description lacks could never be met."""

    def planter(path: str, parts: Parts) -> Parts:
        *parents, name = path.split(".")
        wanted = [*(parent for parent in parents if parent != "meta"), *([] if new else [name])]
        unknown = sorted(set(wanted) - _known_fields(parts.description))
        if unknown:
            raise InputError(f"no schema has a property {unknown[0]!r}", fix="write it as it stands in an answer")
        return parts.finished_by(drifts.on_success(edit, path))

    return planter


def _status(argument: str, parts: Parts) -> Parts:
    operation_id, _, code = argument.partition(":")
    if operation_id not in parts.description.by_id:
        known = ", ".join(parts.description.by_id)
        raise InputError(f"there is no operation {operation_id!r}", fix=f"choose one of {known}")
    if not (code.isascii() and code.isdigit() and 200 <= int(code) <= 599):
        raise InputError(f"{code!r} is no status for an answer", fix="write a number from 200 to 599")
    status = int(code)

    def finish(answered: str | None, answer: Answer) -> Answer:
        hit = answered == operation_id and answer.status < 300
        return replace(answer, status=status) if hit else answer

    return parts.finished_by(finish)


def _reword(keyword: str, old: str, new: str) -> Planter:
    return lambda _, parts: replace(
        parts, description=drifts.rewrite(parts.description, drifts.reword(keyword, old, new))
    )


def _without(*keywords: str) -> Planter:
    def change(node: dict[str, object]) -> None:
        # "properties" holds schemas by name: a property may be called like a keyword, but is never a plain value.
        for keyword in keywords:
            if not isinstance(node.get(keyword), dict):
                node.pop(keyword, None)

    return lambda _, parts: replace(parts, description=drifts.rewrite(parts.description, change))


def _finish(finish: Finish) -> Planter:
    return lambda _, parts: parts.finished_by(finish)


def _accept_any_token(_: str, parts: Parts) -> Parts:
    return replace(parts, authenticate=any_token, announces_any=False)


def _accept_no_token(_: str, parts: Parts) -> Parts:
    return replace(parts, authenticate=lambda request: None)


def _raw(content_type: bytes) -> Finish:
    import orjson

    return lambda _, answer: replace(answer, raw=(content_type, orjson.dumps(answer.body)))


CATALOGUE: dict[str, FaultKind] = {
    "drop-response-field": FaultKind(
        "FIELD", "leaves a field out of answers (a.b for nested ones)", _edit(drifts.drop)
    ),
    "change-response-type": FaultKind("FIELD", "answers a field with another JSON type", _edit(drifts.change_type)),
    "null-response-field": FaultKind("FIELD", "answers a field as null", _edit(drifts.nullify)),
    "unknown-enum-member": FaultKind("FIELD", "answers a field with a new text", _edit(drifts.unknown_member)),
    "add-response-field": FaultKind("FIELD", "adds an undescribed field to records", _edit(drifts.add, new=True)),
    "status": FaultKind("OPERATION_ID:CODE", "gives an operation's good answers another status", _status),
    "null-clears": FaultKind("", "null clears where it should keep", _reword("x-on-null", "keep", "clear")),
    "null-keeps": FaultKind("", "null keeps where it should clear", _reword("x-on-null", "clear", "keep")),
    "empty-string-keeps": FaultKind(
        "", '"" keeps where it should clear', _reword("x-on-empty-string", "clear", "keep")
    ),
    "update-applies-defaults": FaultKind(
        "",
        "an update resets what it leaves out",
        lambda _, parts: parts.acting("update", drifts.update_with_defaults(parts.description)),
    ),
    "forget-create": FaultKind(
        "", "answers a creation, stores nothing", lambda _, parts: parts.acting("create", drifts.create_forgetfully)
    ),
    "forget-update": FaultKind(
        "", "answers an update, stores nothing", lambda _, parts: parts.acting("update", drifts.update_forgetfully)
    ),
    "forget-delete": FaultKind(
        "", "answers a deletion, keeps the record", lambda _, parts: parts.acting("delete", drifts.delete_forgetfully)
    ),
    "stale-updated-at": FaultKind(
        "", "updates leave updated_at alone", lambda _, parts: parts.acting("update", drifts.update_without_stamp)
    ),
    "ignore-paging": FaultKind(
        "", "lists ignore page parameters", lambda _, parts: parts.acting("list", drifts.list_ignoring("page"))
    ),
    "ignore-filters": FaultKind(
        "", "lists ignore filters", lambda _, parts: parts.acting("list", drifts.list_ignoring("filter_field"))
    ),
    "allow-blocked-deletion": FaultKind("", "deletes what is still in use", _without("x-blocked-by")),
    "accept-any-token": FaultKind("", "takes every token, and does not say so", _accept_any_token),
    "accept-no-token": FaultKind("", "asks for no token at all", _accept_no_token),
    "accept-missing-fields": FaultKind("", "requires no field of a body", _without("required")),
    "accept-bad-values": FaultKind(
        "", "checks no pattern, enumeration or range", _without("pattern", "enum", "minimum", "maximum", "format")
    ),
    "error-without-envelope": FaultKind(
        "", "one bare error object instead of errors[]", _finish(drifts.on_errors(drifts.without_envelope))
    ),
    "integer-error-codes": FaultKind(
        "", "error codes as numbers", _finish(drifts.on_errors(drifts.with_integer_codes))
    ),
    "html-errors": FaultKind("", "errors as an HTML page", _finish(drifts.on_errors(drifts.as_html))),
    "wrong-content-type": FaultKind("", "answers say text/plain", _finish(_raw(b"text/plain"))),
    "throttle": FaultKind("", "429 for everything", _finish(drifts.always(429, errors.THROTTLED))),
    "outage": FaultKind("", "503 for everything", _finish(drifts.always(503, errors.UNAVAILABLE))),
    "crash": FaultKind("", "500 for everything", _finish(drifts.always(500, errors.UNEXPECTED))),
}
