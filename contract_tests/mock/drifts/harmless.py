"""Traps: changes that a server may make without breaking a promise. A run that finds anything in them has failed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import orjson

from ..answer import CONTENT_TYPE
from ..exchange import Answer, Header, Json, Record, Request
from ..faults.fault import Fault
from ..parts import Finish, Parts
from ..plan import OperationPlan
from ..world import Call, Result, World
from .changing import acting as as_action
from .changing import as_bytes, finishing, obeying
from .drift import Drift, Planter
from .find import everywhere
from .outcomes import acted


def _raw(change: Callable[[Json], bytes], content_type: bytes = CONTENT_TYPE) -> Finish:
    def finish(_: str | None, answer: Answer) -> Answer:
        return answer if answer.body is None else replace(answer, raw=(content_type, change(answer.body)))

    return finish


def _turned(body: Json) -> Json:
    """Every object with its members in the other order."""
    if isinstance(body, list):
        return [_turned(item) for item in body]
    if isinstance(body, dict):
        return {name: _turned(value) for name, value in reversed(body.items())}
    return body


def _with_headers(*headers: Header) -> Planter:
    return lambda _, parts: parts.touched_by(lambda status, old: [*old, *headers])


def _compressed(_: str, parts: Parts) -> Parts:
    """Compress for who accepts it, as a gateway does."""

    def around(operation_id: str, request: Request, *, serve: Callable[[Request], Answer]) -> Answer:
        answer = serve(request)
        if b"gzip" not in (request.header(b"accept-encoding") or b"") or answer.body is None:
            return answer
        packed = gzip.compress(as_bytes(answer.body), mtime=0)
        encoding: Header = (b"content-encoding", b"gzip")
        return replace(answer, raw=(CONTENT_TYPE, packed), headers=(*answer.headers, encoding))

    return parts.surrounded_by(around)


def _capitals(_: int, headers: list[Header]) -> list[Header]:
    return [(b"-".join(word.capitalize() for word in name.split(b"-")), value) for name, value in headers]


def _closing(_: str, parts: Parts) -> Parts:
    return parts.touched_by(lambda status, headers: [*headers, (b"connection", b"close")])


def _long_ids(_: int, headers: list[Header]) -> list[Header]:
    return [(name, value * 4 if name == b"x-request-id" else value) for name, value in headers]


def _few_left(_: int, headers: list[Header]) -> list[Header]:
    return [(name, b"3" if name == b"x-ratelimit-remaining" else value) for name, value in headers]


def _reworded(_: str | None, answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict):
        return answer
    entries = [{**one, "detail": "Etwas stimmt nicht \u2013 bitte pr\u00fcfen."} for one in answer.body["errors"]]
    return replace(answer, body={"errors": entries})


def _longer_secret(plan: OperationPlan, call: Call, world: World) -> Result:
    """A creation whose secrets are longer than those of the examples."""
    record = acted("create", plan, call, world)
    secrets = {
        one.name: 3 * record[one.name] for one in plan.record if one.generated == "secret" and one.name in record
    }
    made = {**record, **secrets}
    world.store[plan.collection].replace(made)
    return made


def _another_account(node: Record) -> None:
    """Where an example tells a constant that is no enumeration, another account has another one."""
    if node.get("x-generated") == "constant" and "enum" not in node and "examples" in node:
        node["examples"] = ["0d3c9f0e-7b1a-4c57-8a34-1f5e6d7c8b9a"]


def _trap(name: str, summary: str, plant: Planter) -> Drift:
    return Drift(name, summary, plant, shown=everywhere(), harmless=True)


TRAPS = (
    _trap("longer-secrets", "secrets are longer than in the examples", as_action("create", _longer_secret)),
    _trap("another-account", "what is the same for all records of an account is another", obeying(_another_account)),
    _trap("key-order", "members stand in another order", finishing(_raw(lambda body: orjson.dumps(_turned(body))))),
    _trap(
        "whitespace",
        "JSON is written over several lines",
        finishing(_raw(lambda body: orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n")),
    ),
    _trap("escaped-json", "JSON is written with ASCII alone", finishing(_raw(lambda body: json.dumps(body).encode()))),
    _trap(
        "more-headers",
        "answers have headers that nobody describes",
        _with_headers((b"cf-ray", b"8e1f-FRA"), (b"cache-control", b"no-store"), (b"vary", b"accept-encoding")),
    ),
    _trap("capital-headers", "header names are written with capitals", lambda _, parts: parts.touched_by(_capitals)),
    _trap("bare-media-type", "the content type has no charset", finishing(_raw(as_bytes, b"application/json"))),
    _trap("gzip", "answers are compressed for who accepts that", _compressed),
    _trap("closing-connections", "each connection ends after its answer", _closing),
    _trap(
        "later-answers",
        "each answer comes 100 ms later",
        lambda _, parts: parts.struck_by(Fault.of("latency", seconds=0.1)),
    ),
    _trap(
        "jittery-answers",
        "answers come up to 60 ms later",
        lambda _, parts: parts.struck_by(Fault.of("latency", seconds=0.03, jitter=0.03)),
    ),
    _trap("long-request-ids", "request ids are long and opaque", lambda _, parts: parts.touched_by(_long_ids)),
    _trap("other-details", "errors are told in other words", lambda _, parts: parts.finished_by(_reworded)),
    _trap(
        "few-requests-left",
        "the rate limit is nearly used up, but never is",
        lambda _, parts: parts.touched_by(_few_left),
    ),
)
