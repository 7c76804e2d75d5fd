"""Stage 7: the result as an answer: the envelope, the status, and the headers that every answer carries."""

from __future__ import annotations

import orjson

from .exchange import Answer, Header, Refusal
from .plan import OperationPlan
from .world import Page, Result

CONTENT_TYPE = b"application/json; charset=utf-8"
HTML = b"text/html; charset=utf-8"


def succeed(plan: OperationPlan, result: Result) -> Answer:
    """``{"data": ...}``, and ``meta`` for a page, as far as the description's response has these members."""
    if plan.silent:
        return Answer(plan.success)
    data = result.records if isinstance(result, Page) else result
    if not plan.wrapped:
        return Answer(plan.success, data)
    if isinstance(result, Page) and plan.paged:
        return Answer(plan.success, {"data": data, "meta": result.meta})
    return Answer(plan.success, {"data": data})


def refuse(refusal: Refusal) -> Answer:
    """``{"errors": [...]}``."""
    return Answer(refusal.status, {"errors": list(refusal.errors)}, refusal.headers)


def render(answer: Answer, headers: tuple[Header, ...]) -> tuple[int, list[Header], bytes]:
    """Status, all headers and the bytes of the body."""
    if answer.raw is not None:
        content_type, body = answer.raw
    else:
        content_type, body = CONTENT_TYPE, b"" if answer.body is None else orjson.dumps(answer.body)
    start: list[Header] = [] if answer.status == 204 else [(b"content-length", b"%d" % len(body))]
    if body:
        start.append((b"content-type", content_type))
    return answer.status, [*start, *headers, *answer.headers], body
