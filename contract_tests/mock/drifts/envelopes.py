"""Drifts of whole answers: their status, their envelope, their headers and the form of their bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from scripts.errors import InputError

from ...description import Description, Operation
from ..exchange import Answer, Header
from ..faults.fault import Fault
from ..parts import Finish, Parts
from .changing import as_bytes, finishing, must_be_operation
from .containers import SHAPE
from .drift import Drift, Planter, Shown
from .find import acting, answers_record, by_collection, everywhere, ids

JSON_TYPE = b"application/json; charset=utf-8"
BROKEN = ("response-not-json", "no-answer", "package-cannot-read")
NEW_YEAR = b"1640995200"  # a Unix time where the seconds to wait belong
LATE = 0.8  # seconds
FIRST_MEMBER = re.compile(rb'\{("[^"]*")')


def _status(argument: str, parts: Parts) -> Parts:
    operation_id, _, code = argument.partition(":")
    must_be_operation(operation_id, parts)
    if not (code.isascii() and code.isdigit() and 200 <= int(code) <= 599):
        raise InputError(f"{code!r} is no status for an answer", fix="write a number from 200 to 599")
    status = int(code)

    def finish(answered: str | None, answer: Answer) -> Answer:
        hit = answered == operation_id and answer.status < 300
        return replace(answer, status=status) if hit else answer

    return parts.finished_by(finish)


def _other_status(description: Description) -> Iterator[Shown]:
    for operation in sorted(
        description.operations, key=lambda one: one.resource is None or one.resource.action != "create"
    ):
        yield Shown(f"{operation.operation_id}:202", (operation.operation_id,), "")


def _slow(argument: str, parts: Parts) -> Parts:
    must_be_operation(argument, parts)
    return parts.struck_by(Fault.of("latency", seconds=LATE, operation=argument))


def _each_operation(description: Description) -> Iterator[Shown]:
    """Those that are asked least first, as each of their answers takes its time.

    What is asked so often that it makes up most of a run is the yardstick itself: beside each runs the one that is
    asked most, as its body has most fields.
    """

    def fields(operation: Operation) -> int:
        return len(description.properties(description.request_schema(operation) or {}))

    rarest = sorted(description.operations, key=lambda one: (one.method != "get", len(one.parameters), fields(one)))
    busy = max(description.operations, key=lambda one: fields(one) if one.effects == ("write",) else -1)
    for operation in rarest:
        if operation is not busy:
            yield Shown(
                operation.operation_id, (operation.operation_id,), only=(operation.operation_id, busy.operation_id)
            )


def raw(change: Callable[[bytes], bytes], content_type: bytes = JSON_TYPE) -> Finish:
    """Send other bytes than the JSON of the body, where there is one."""

    def finish(_: str | None, answer: Answer) -> Answer:
        return answer if answer.body is None else replace(answer, raw=(content_type, change(as_bytes(answer.body))))

    return finish


def _twice(body: bytes) -> bytes:
    """The first member of the outermost object, and once more at its end."""
    first = FIRST_MEMBER.match(body)
    return body[:-1] + b"," + first[1] + b":null}" if first else body


def _header(argument: str, parts: Parts) -> bytes:
    """The name of a header that answers have; ``InputError`` for any other, which could not be missed."""
    known = ["content-type", *(shown.argument for shown in described_headers(parts.description))]
    if argument.lower() not in known:
        raise InputError(f"no answer has a header {argument!r}", fix=f"choose one of {', '.join(known)}")
    return argument.lower().encode()


def _drop_header(argument: str, parts: Parts) -> Parts:
    name = _header(argument, parts)
    return parts.touched_by(lambda _, headers: [one for one in headers if one[0] != name])


def _set_header(value: bytes) -> Planter:
    def planter(argument: str, parts: Parts) -> Parts:
        name = _header(argument, parts)

        def touch(_: int, headers: list[Header]) -> list[Header]:
            return [(one, value if one == name else old) for one, old in headers]

        return parts.touched_by(touch)

    return planter


def described_headers(description: Description) -> Iterator[Shown]:
    """Each header that the good answers of some operation have by the description."""
    found: dict[str, list[Operation]] = {}
    for operation in description.operations:
        response = description.response(operation, min(operation.success_statuses, default=200)) or {}
        for name in response.get("headers", {}):
            found.setdefault(name.lower(), []).append(operation)
    for name, operations in found.items():
        for group in by_collection(operations):
            yield Shown(name, ids(group), f"header:{name}")


def numeric_headers(description: Description) -> Iterator[Shown]:
    """Those of them that hold a whole number, or a quota."""
    return (shown for shown in described_headers(description) if "ratelimit" in shown.argument)


def _deletions(description: Description) -> Iterator[Shown]:
    return acting("delete", place="", when=answers_record)(description)


def _empty_deletion(operation_id: str | None, answer: Answer, deleting: frozenset[str]) -> Answer:
    hit = operation_id in deleting and answer.status < 300
    return replace(answer, status=204, body=None) if hit else answer


def _deletes_in_silence(_: str, parts: Parts) -> Parts:
    deleting = frozenset(name for shown in _deletions(parts.description) for name in shown.operations)
    return parts.finished_by(lambda operation_id, answer: _empty_deletion(operation_id, answer, deleting))


DRIFTS = (
    Drift(
        "status",
        "gives an operation's good answers another status",
        _status,
        ("undocumented-status",),
        _other_status,
        argument="OPERATION_ID:CODE",
    ),
    Drift(
        "delete-without-body",
        "deletions answer 204 and nothing",
        _deletes_in_silence,
        ("undocumented-status",),
        _deletions,
    ),
    Drift(
        "slow",
        f"an operation answers {LATE} s later",
        _slow,
        ("slow-answers",),
        _each_operation,
        argument="OPERATION_ID",
    ),
    Drift(
        "wrong-content-type",
        "answers say text/plain",
        finishing(raw(bytes, b"text/plain")),
        ("content-type",),
        everywhere("header:content-type"),
    ),
    Drift(
        "wrong-charset",
        "answers say and use UTF-16",
        finishing(raw(lambda body: body.decode().encode("utf-16"), b"application/json; charset=utf-16")),
        (*BROKEN, "content-type"),
        everywhere(),
    ),
    Drift(
        "cut-json",
        "the JSON of every answer lacks its last byte",
        finishing(raw(lambda body: body[:-1])),
        BROKEN,
        everywhere(),
    ),
    Drift(
        "byte-order-mark",
        "a byte order mark before the JSON",
        finishing(raw(lambda body: b"\xef\xbb\xbf" + body)),
        BROKEN,
        everywhere(),
    ),
    Drift(
        "repeated-member",
        "the first member of each body stands twice, the second time null",
        finishing(raw(_twice)),
        (*BROKEN, "response-duplicate-key", "duplicate-key", *SHAPE),
        everywhere(),
    ),
    Drift(
        "empty-body",
        "good answers have no body",
        finishing(lambda _, answer: replace(answer, raw=(JSON_TYPE, b"")) if answer.status < 300 else answer),
        (*BROKEN, "content-type"),
        everywhere(),
    ),
    Drift("drop-header", "leaves a header out", _drop_header, ("header-missing",), described_headers, argument="NAME"),
    Drift(
        "drop-content-type",
        "leaves the content type out",
        lambda _, parts: _drop_header("content-type", parts),
        ("content-type",),
        everywhere("header:content-type"),
    ),
    Drift(
        "garble-header",
        "sends a header with a value of another form",
        _set_header(b"many"),
        ("header-value",),
        numeric_headers,
        argument="NAME",
    ),
    Drift(
        "reset-as-unix-time",
        "the rate limit's reset is a moment, not seconds to wait",
        lambda _, parts: _set_header(NEW_YEAR)("x-ratelimit-reset", parts),
        ("header-value",),
        lambda description: (
            Shown("", one.operations, one.place)
            for one in numeric_headers(description)
            if one.argument.endswith("reset")
        ),
    ),
    Drift(
        "negative-remaining",
        "fewer than no requests are left",
        lambda _, parts: _set_header(b"-1")("x-ratelimit-remaining", parts),
        ("header-value",),
        lambda description: (
            Shown("", one.operations, one.place)
            for one in numeric_headers(description)
            if one.argument.endswith("remaining")
        ),
    ),
)
