"""Drifts of access: whose token passes, which routes and methods exist, and trouble for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...description import Description
from .. import errors
from ..authenticate import any_token
from ..exchange import Answer, Header, Refusal, Request
from ..parts import Finish, Parts
from .changing import finishing, must_be_operation
from .drift import Drift, Planter, Shown
from .find import everywhere
from .refusals import WRONG, restated

CREDENTIALS = "request:header:authorization"


def _accept_any_token(_: str, parts: Parts) -> Parts:
    return replace(parts, authenticate=any_token, announces_any=False)


def _accept_no_token(_: str, parts: Parts) -> Parts:
    return replace(parts, authenticate=lambda request: None)


def _refusing_tokens(status: int, code: str) -> Planter:
    """Refuse credentials otherwise than the API does."""

    def planter(_: str, parts: Parts) -> Parts:
        def authenticate(request: Request) -> None:
            try:
                parts.authenticate(request)
            except Refusal as refusal:
                raise errors.refusal(code, status=status) from refusal

        return replace(parts, authenticate=authenticate)

    return planter


def _refuse_token(argument: str, parts: Parts) -> Parts:
    """One operation refuses every token."""
    must_be_operation(argument, parts)
    refusal = Answer(401, {"errors": [errors.entry("10009")]})
    return parts.finished_by(lambda operation_id, answer: refusal if operation_id == argument else answer)


def _guarded(description: Description) -> Iterator[Shown]:
    """Each operation that asks for a token, beside one that takes it: what nothing takes has expired."""
    asking = [one for one in description.operations if one.raw.get("security", True)]
    for one, other in zip(asking, [*asking[1:], *asking[:1]], strict=True):
        if one is not other:
            names = (one.operation_id, other.operation_id)
            yield Shown(names[0], names[:1], CREDENTIALS, only=names)


def always(status: int, code: str) -> Finish:
    """Answer every request with one error."""
    return lambda _, answer: Answer(status, {"errors": [errors.entry(code)]})


def _route_found(operation_id: str | None, answer: Answer) -> Answer:
    return Answer(200, {"data": []}) if operation_id is None and answer.status == 404 else answer


def _method_taken(operation_id: str | None, answer: Answer) -> Answer:
    return Answer(200, {"data": []}) if operation_id is None and answer.status == 405 else answer


def _without_allow(_: int, headers: list[Header]) -> list[Header]:
    return [one for one in headers if one[0] != b"allow"]


DRIFTS = (
    Drift(
        "accept-any-token",
        "takes every token, and does not say so",
        _accept_any_token,
        ("wrong-token-accepted",),
        everywhere(CREDENTIALS),
    ),
    Drift(
        "accept-no-token",
        "asks for no token at all",
        _accept_no_token,
        ("missing-token-accepted", "wrong-token-accepted"),
        everywhere(CREDENTIALS),
    ),
    Drift(
        "credentials-refused-with-403",
        "403 instead of 401",
        _refusing_tokens(403, "10010"),
        (*WRONG, "undocumented-status"),
        everywhere(),
    ),
    Drift("credentials-not-found", "404 instead of 401", _refusing_tokens(404, "10005"), WRONG, everywhere()),
    Drift("other-credentials-code", "401 with another code", _refusing_tokens(401, "10010"), WRONG, everywhere()),
    Drift(
        "any-route",
        "unknown addresses answer",
        finishing(_route_found),
        ("unknown-route-answered",),
        everywhere("request:path"),
    ),
    Drift(
        "any-method",
        "other methods answer",
        finishing(_method_taken),
        ("undocumented-method-answered",),
        everywhere("method:*"),
    ),
    Drift(
        "drop-allow",
        "405 does not say which methods there are",
        lambda _, parts: parts.touched_by(_without_allow),
        ("allow-header-wrong",),
        everywhere("header:allow"),
    ),
    Drift(
        "method-not-found",
        "404 for another method",
        finishing(restated(lambda one, answer: one is None and answer.status == 405, 404, "10005")),
        WRONG,
        everywhere("method:*"),
    ),
    Drift(
        "throttle",
        "429 for everything",
        finishing(always(429, errors.THROTTLED)),
        (),
        unobservable="a target that throttles everything cannot be checked: an end of its own, not drift",
    ),
    Drift(
        "outage",
        "503 for everything",
        finishing(always(503, errors.UNAVAILABLE)),
        (),
        unobservable="a target that is down cannot be checked: an end of its own, not drift",
    ),
    Drift(
        "crash",
        "500 for everything",
        finishing(always(500, errors.UNEXPECTED)),
        (),
        unobservable="a target that fails at everything cannot be checked: an end of its own, not drift",
    ),
)
# Of one operation alone.
ALONE = (
    Drift(
        "refuse-token",
        "an operation refuses every token",
        _refuse_token,
        ("right-token-refused",),
        _guarded,
        argument="OPERATION_ID",
    ),
)
