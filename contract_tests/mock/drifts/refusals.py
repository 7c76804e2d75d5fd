"""Drifts of refusals: what an error looks like, and which status and code it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import errors
from ..answer import CONTENT_TYPE, HTML
from ..exchange import Answer, Record
from ..parts import Finish, Parts
from .changing import finishing, on_entries, on_errors
from .drift import Drift
from .find import acting_somehow, everywhere, listing

WRONG = ("wrong-refusal", "error-code", "undocumented-status")


ENVELOPE = ("error-envelope", "response-required", "response-type", "package-misreads")


def without_envelope(answer: Answer) -> Answer:
    """The first error at the top instead of in ``errors[]``."""
    return replace(answer, body=answer.body["errors"][0])


def as_html(answer: Answer) -> Answer:
    """A page as a gateway would send it."""
    page = f"<html><head><title>{answer.status}</title></head><body><h1>Error {answer.status}</h1></body></html>"
    return replace(answer, raw=(HTML, page.encode()))


def restated(when: Callable[[str | None, Answer], bool], status: int, code: str = "") -> Finish:
    """Give some refusals another status, and another code where one is given."""

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        if answer.status < 400 or not when(operation_id, answer):
            return answer
        body = {"errors": [errors.entry(code)]} if code else answer.body
        return replace(answer, status=status, body=body)

    return finish


def _not_found(_: str | None, answer: Answer) -> bool:
    return answer.status == 404


def _judged(_: str | None, answer: Answer) -> bool:
    return answer.status in {400, 409, 422}


def _as_success(_: str, parts: Parts) -> Parts:
    """200 and null where something does not exist, in the envelope of the operation."""

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        if answer.status != 404 or operation_id is None:
            return answer
        member = parts.description.by_id[operation_id].envelope.member
        if member is None:
            return replace(answer, status=200, body=None, raw=(CONTENT_TYPE, b"null"))
        return replace(answer, status=200, body={member: None})

    return parts.finished_by(finish)


def _other_code(entry: Record) -> Record:
    return {**entry, "code": "10027" if entry["code"] != "10027" else "10015"}


def _without(name: str) -> Callable[[Record], Record]:
    return lambda entry: {member: value for member, value in entry.items() if member != name}


def _elsewhere(entry: Record) -> Record:
    source = entry.get("source", {})
    return {**entry, "source": {"pointer": "/"}} if "pointer" in source else entry


def _unnamed(entry: Record) -> Record:
    source = entry.get("source", {})
    return _without("source")(entry) if "parameter" in source else entry


def _first_only(answer: Answer) -> Answer:
    return replace(answer, body={"errors": answer.body["errors"][:1]})


DRIFTS = (
    Drift(
        "error-without-envelope",
        "one bare error object instead of errors[]",
        on_errors(without_envelope),
        ENVELOPE,
        everywhere(),
    ),
    Drift(
        "integer-error-codes",
        "error codes as numbers",
        on_entries(lambda entry: {**entry, "code": int(entry["code"])}),
        ENVELOPE,
        everywhere("/errors*"),
    ),
    Drift(
        "other-error-codes", "errors have the code of another situation", on_entries(_other_code), WRONG, everywhere()
    ),
    Drift("drop-error-code", "errors have no code", on_entries(_without("code")), ENVELOPE, everywhere("/errors*")),
    Drift("drop-error-title", "errors have no title", on_entries(_without("title")), ENVELOPE, everywhere("/errors*")),
    Drift(
        "other-error-titles",
        "errors have a title of their own",
        on_entries(lambda entry: {**entry, "title": "Oh no"}),
        ("error-title",),
        everywhere("/errors*"),
    ),
    Drift(
        "drop-error-source",
        "errors do not say where",
        on_entries(_without("source")),
        ("refusal-names-no-field", "refusal-names-no-parameter"),
        acting_somehow("create", "update"),
    ),
    Drift(
        "wrong-error-pointer",
        "errors point at the whole body",
        on_entries(_elsewhere),
        ("refusal-names-no-field",),
        acting_somehow("create", "update", place="request:*"),
    ),
    Drift(
        "drop-error-parameter",
        "errors do not name the parameter",
        on_entries(_unnamed),
        ("refusal-names-no-parameter",),
        listing("x-page"),
    ),
    Drift(
        "drop-error-detail",
        "errors have no detail",
        on_entries(_without("detail")),
        ("field-never-sent",),
        everywhere("/errors*"),
        unobservable="detail is optional, and a sentence for people",
    ),
    Drift(
        "first-error-only",
        "of several violations only the first is told",
        on_errors(_first_only),
        (),
        everywhere(),
        unobservable="no document promises an entry for each violation",
    ),
    Drift(
        "empty-errors",
        "errors[] is empty",
        on_errors(lambda answer: replace(answer, body={"errors": []})),
        ENVELOPE,
        everywhere("/errors*"),
    ),
    Drift(
        "html-errors",
        "errors as an HTML page",
        on_errors(as_html),
        ("content-type",),
        everywhere("header:content-type"),
    ),
    Drift(
        "refusals-with-200",
        "refuses with status 200",
        finishing(restated(_judged, 200)),
        (
            "invalid-accepted",
            "response-required",
            "response-type",
            "no-record",
            "field-undocumented",
            "reference-not-checked",
            "empty-update-accepted",
            "package-cannot-read",
        ),
        acting_somehow("create", "update", "list"),
    ),
    Drift(
        "refusals-with-500",
        "fails where it should refuse",
        finishing(restated(_judged, 500, errors.UNEXPECTED)),
        ("server-error",),
        acting_somehow("create", "update", "list"),
    ),
    Drift(
        "refusals-not-found",
        "404 where a request is faulty",
        finishing(restated(_judged, 404)),
        WRONG,
        acting_somehow("create", "update", "list"),
    ),
    Drift(
        "not-found-as-403",
        "403 for what does not exist",
        finishing(restated(_not_found, 403, "10010")),
        WRONG,
        acting_somehow("retrieve", "update", "delete"),
    ),
    Drift(
        "not-found-as-410",
        "410 for what does not exist",
        finishing(restated(_not_found, 410)),
        WRONG,
        acting_somehow("retrieve", "update", "delete"),
    ),
    Drift(
        "not-found-as-null",
        "200 and null for what does not exist",
        _as_success,
        ("unknown-id-found", "deleted-still-there", "response-type", "no-record"),
        acting_somehow("retrieve", "update", "delete"),
    ),
)
