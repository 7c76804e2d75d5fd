"""Drifts of what holds a record or a list: the member, what is told of the page, answers without any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...description import Description, Operation
from ..exchange import Answer, Json, Record
from ..parts import Parts
from .changing import on_content, on_page
from .drift import Drift, Shown
from .find import SINGLE, acting, acting_somehow, answers_record, by_collection, everywhere, ids, wraps

SHAPE = (
    "response-type",
    "response-required",
    "no-list",
    "no-record",
    "page-meta",
    "field-undocumented",
    "package-cannot-read",
)


def _bare(_: str, parts: Parts) -> Parts:
    """Records stand alone, without the member that holds them."""

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        member = parts.description.by_id[operation_id].envelope.member if operation_id else None
        held = answer.body.get(member) if member and isinstance(answer.body, dict) else None
        return replace(answer, body=held) if answer.status < 300 and isinstance(held, dict) else answer

    return parts.finished_by(finish)


def _wrapped(_: str, parts: Parts) -> Parts:
    """What should stand alone comes in ``data``."""

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        bare = operation_id is not None and parts.description.by_id[operation_id].envelope.member is None
        held = bare and answer.status < 300 and isinstance(answer.body, (dict, list))
        return replace(answer, body={"data": answer.body}) if held else answer

    return parts.finished_by(finish)


def _renamed_member(_: str, parts: Parts) -> Parts:
    """The member that holds the records has another name."""

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        member = parts.description.by_id[operation_id].envelope.member if operation_id else None
        if answer.status >= 300 or not isinstance(answer.body, dict) or member not in answer.body:
            return answer
        return replace(answer, body={"results" if name == member else name: it for name, it in answer.body.items()})

    return parts.finished_by(finish)


def _in_list(content: Json) -> Json:
    return [content] if isinstance(content, dict) else content


def _null_for_none(content: Json) -> Json:
    return None if content == [] else content


def _left_out(body: Record, path: tuple[str, ...]) -> None:
    """Without the outermost member that tells something of the page."""
    body.pop(path[0], None)


def _bare_answer(description: Description, operation: Operation) -> bool:
    return operation.envelope.member is None and answers_record(description, operation)


def _told_pages(description: Description) -> Iterator[Shown]:
    for shown in acting("list")(description):
        page = description.by_id[shown.operations[0]].envelope.page
        if page:
            yield Shown("", shown.operations, "|".join(sorted({f"/{path[0]}*" for path in page.values()})))


def _constants(description: Description) -> Iterator[Shown]:
    for operation in description.operations:
        if constant_of(description, operation) is not None:
            yield Shown("", (operation.operation_id,), "")


def constant_of(description: Description, operation: Operation) -> Json:
    """The text that a good answer is, whatever was asked; None where it is something else."""
    schema = description.content_schema(operation) or {}
    members = schema.get("enum", ())
    return members[0] if schema.get("type") == "string" and len(members) == 1 else None


def _other_constant(_: str, parts: Parts) -> Parts:
    """Answers that are one text are another one."""
    constant = {shown.operations[0] for shown in _constants(parts.description)}

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        hit = operation_id in constant and answer.status < 300
        return replace(answer, body="DONE") if hit else answer

    return parts.finished_by(finish)


def is_silent(description: Description, operation: Operation) -> bool:
    """Whether a good answer is described to have no body."""
    return description.response_schema(operation, min(operation.success_statuses, default=200)) is None


def _silent(description: Description) -> Iterator[Shown]:
    for group in by_collection(one for one in description.operations if is_silent(description, one)):
        yield Shown("", ids(group))


def _speaks(_: str, parts: Parts) -> Parts:
    """Answers that should be empty hold JSON."""
    silent = {one.operation_id for one in parts.description.operations if is_silent(parts.description, one)}

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        hit = operation_id in silent and answer.status < 300
        return replace(answer, body={"message": "done"}) if hit else answer

    return parts.finished_by(finish)


DRIFTS = (
    Drift("bare-record", "single records come without data", _bare, SHAPE, acting_somehow(*SINGLE, when=wraps)),
    Drift("wrapped-record", "what should stand alone comes in data", _wrapped, SHAPE, everywhere(when=_bare_answer)),
    Drift(
        "record-in-list",
        "single records come in a list",
        on_content(_in_list),
        SHAPE,
        acting_somehow(*SINGLE, when=answers_record),
    ),
    Drift("null-for-no-records", "an empty list comes as null", on_content(_null_for_none), SHAPE, acting("list")),
    Drift(
        "drop-meta",
        "lists come without what tells of the page",
        on_page(_left_out, "number", "size", "pages", "total"),
        SHAPE,
        _told_pages,
    ),
    Drift(
        "rename-content",
        "the member that holds the records has another name",
        _renamed_member,
        (*SHAPE, "field-never-sent", "valid-request-refused"),
        acting_somehow("list", *SINGLE, "compute", when=wraps),
    ),
    Drift(
        "other-constant",
        "an answer that is one text is another one",
        _other_constant,
        ("response-enum", "package-cannot-read", "package-misreads"),
        _constants,
    ),
    Drift(
        "speaks-where-silent",
        "answers that should be empty hold JSON",
        _speaks,
        ("response-undocumented", "field-undocumented", "content-type", "package-misreads"),
        _silent,
    ),
)
