"""Stage 7: the result as an answer: the envelope, the status, and the headers that every answer carries."""

from __future__ import annotations

import orjson

from .exchange import Answer, Header, Json, Refusal
from .plan import OperationPlan
from .shape import ABSENT
from .world import Page, Result

CONTENT_TYPE = b"application/json; charset=utf-8"
HTML = b"text/html; charset=utf-8"


def succeed(plan: OperationPlan, result: Result) -> Answer:
    """The result as the operation's envelope wraps it, with what that says of the page."""
    if plan.silent:
        return Answer(plan.success)
    if plan.constant is not ABSENT:
        return Answer(plan.success, plan.constant)
    content: Json = result.records if isinstance(result, Page) else result
    if plan.hides:
        content = [shown(plan, one) for one in content] if isinstance(content, list) else shown(plan, content)
    if plan.envelope.member is None:
        return Answer(plan.success, content)
    body: dict[str, Json] = {plan.envelope.member: content}
    if isinstance(result, Page):
        for what, path in plan.envelope.page.items():
            _put(body, path, result.told(what))
    return Answer(plan.success, body)


def shown(plan: OperationPlan, record: Json) -> Json:
    """A record without the members that are for the mock alone; the others in the order of the description."""
    if not isinstance(record, dict):
        return record
    return {field.name: record[field.name] for field in plan.record if field.name in record}


def _put(body: dict[str, Json], path: tuple[str, ...], value: Json) -> None:
    *outer, name = path
    for member in outer:
        body = body.setdefault(member, {})
    body[name] = value


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
