"""Commands that show a finding again: a ``curl`` and a line of Python, both with the token from ``TELNYX_API_KEY``.

A record that the run made is gone when somebody reads the report. The commands then make it first, as the run did, and
go on with the new record's id.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_tests.exchange import Exchange, Redactor, Sendable

# Stands for the id of a made record until the command is put together; no address and no JSON text can hold it.
HOLE = "\x00ID{}\x00"
HOLES = re.compile("\x00ID([0-9]+)\x00")
WRONG_TOKEN = "no-valid-token"
READ_ID = "python3 -c 'import json, sys; print(json.load(sys.stdin){})'"


@dataclass(frozen=True, slots=True)
class Step:
    """A request with holes for made records; ``makes`` is the number of the record that its answer holds, or 0."""

    request: Sendable
    makes: int
    where: str = ""  # of the id in its answer, as Python subscripts


def curl(redactor: Redactor, exchange: Exchange, before: Sequence[Exchange] = ()) -> str:
    """Shell commands, one a line; the last one shows the finding."""
    *first, last = _steps(redactor, exchange, before)
    lines = [
        f"ID{step.makes}=$({_curl(step.request, '-sS')} | {READ_ID.format(step.where)})"
        if step.makes
        else _curl(step.request, "-sS -o /dev/null")
        for step in first
    ]
    return "\n".join([*lines, _curl(last.request, "-i")])


def python(redactor: Redactor, exchange: Exchange, before: Sequence[Exchange] = ()) -> str:
    """One line of Python for ``python3 -c`` or a prompt, where httpx is installed."""
    *first, last = _steps(redactor, exchange, before)
    parts = ["import os, httpx"]
    for step in first:
        sent = _python(step.request)
        parts.append(f"id{step.makes} = {sent}.json(){step.where}" if step.makes else sent)
    return "; ".join([*parts, f"r = {_python(last.request)}", "print(r.status_code, r.text)"])


def _steps(redactor: Redactor, exchange: Exchange, before: Sequence[Exchange]) -> Iterator[Step]:
    made: dict[str, str] = {}
    if exchange.received and before:
        # What the target sent, nobody else can send: the request after which it did is what shows it again.
        *before, exchange = before
    for one in before:
        record_id, where = _made_id(one)
        if record_id and record_id not in made:
            yield Step(_with_holes(redactor.sendable(one), made), len(made) + 1, where)
            made[record_id] = HOLE.format(len(made) + 1)
        else:
            yield Step(_with_holes(redactor.sendable(one), made), 0)
    yield Step(_with_holes(redactor.sendable(exchange), made), 0)


def _made_id(exchange: Exchange) -> tuple[str, str]:
    """The id of a made record and where it stands in the answer; empty texts where none was made."""
    member, record = exchange.envelope.member, exchange.content
    record_id = record.get("id") if exchange.method == "POST" and isinstance(record, dict) else None
    where = "".join(f'["{name}"]' for name in (member, "id") if name is not None)
    return (record_id, where) if isinstance(record_id, str) else ("", "")


def _with_holes(request: Sendable, made: dict[str, str]) -> Sendable:
    url, body = request.url, request.body
    for record_id, hole in made.items():
        url, body = url.replace(record_id, hole), body.replace(record_id, hole)
    return Sendable(request.method, url, request.headers, request.credentials, body)


def _curl(request: Sendable, flags: str) -> str:
    parts = ["curl", flags, "-X", request.method, _shell(request.url)]
    if request.credentials:
        token = "$TELNYX_API_KEY" if request.credentials == "own" else WRONG_TOKEN
        parts += ["-H", f'"Authorization: Bearer {token}"']
    for name, value in request.headers:
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        parts += ["--data-raw", _shell(request.body)]
    return " ".join(parts)


def _shell(text: str) -> str:
    """A word for the shell in which the holes become variables."""
    pieces = HOLES.split(text)
    quoted = (
        f'"$ID{piece}"' if index % 2 else shlex.quote(piece) if piece else "" for index, piece in enumerate(pieces)
    )
    return "".join(quoted)


def _python(request: Sendable) -> str:
    arguments = [repr(request.method), _text(request.url)]
    headers = [f"{name!r}: {value!r}" for name, value in request.headers]
    if request.credentials == "own":
        headers.append("'authorization': 'Bearer ' + os.environ['TELNYX_API_KEY']")
    elif request.credentials:
        headers.append(f"'authorization': 'Bearer {WRONG_TOKEN}'")
    if headers:
        arguments.append(f"headers={{{', '.join(headers)}}}")
    if request.body:
        arguments.append(f"content={_text(request.body)}")
    return f"httpx.request({', '.join(arguments)})"


def _text(text: str) -> str:
    """A Python expression for a text in which the holes are names."""
    pieces = HOLES.split(text)
    literals = [f"id{piece}" if index % 2 else repr(piece) for index, piece in enumerate(pieces) if index % 2 or piece]
    return " + ".join(literals) or "''"
