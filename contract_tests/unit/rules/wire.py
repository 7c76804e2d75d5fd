"""The mock without a network, and a man in the middle: what a rule has to notice is put into requests or answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from contract_tests.mock.app import Mock
from contract_tests.mock.exchange import Request

Change = Callable[[dict[str, Any]], None]
Before = Callable[[httpx.Request, dict[str, Any]], None]
After = Callable[[httpx.Request, int, dict[str, Any]], None]


@dataclass
class Wire(httpx.BaseTransport):
    """Hands requests to a mock. ``before`` may spoil a request's body, ``after`` an answer's, ``instead`` answers."""

    mock: Mock
    before: Before | None = None
    after: After | None = None
    instead: Callable[[httpx.Request], httpx.Response | None] | None = None
    sent: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        self.sent.append(request)
        if self.instead is not None and (answer := self.instead(request)) is not None:
            return answer
        body = request.content
        if self.before is not None and body:
            sent = json.loads(body)
            self.before(request, sent)
            body = json.dumps(sent).encode()
        path, _, query = request.url.raw_path.partition(b"?")
        headers = tuple((name.lower(), value) for name, value in request.headers.raw)
        status, answered, content = self.mock.respond(Request(request.method, path, query, headers, body))
        if self.after is not None and content:
            answer_body = json.loads(content)
            self.after(request, status, answer_body)
            content = json.dumps(answer_body).encode()
        kept = [(name, value) for name, value in answered if name.lower() != b"content-length"]
        return httpx.Response(status, headers=kept, content=content)


def before(method: str, change: Change) -> Before:
    """Spoils the bodies of one method's requests."""

    def spoil(request: httpx.Request, body: dict[str, Any]) -> None:
        if request.method == method:
            change(body)

    return spoil


def after(method: str, change: Change, path: str = "") -> After:
    """Spoils the records in good answers to one method, on paths that have ``path`` in them."""

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if request.method == method and status < 300 and path in request.url.path:
            data = answer["data"]
            for record in data if isinstance(data, list) else [data]:
                change(record)

    return spoil


def after_refusal(change: Change) -> After:
    """Spoils the entries of refusals."""

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if status >= 400:
            for entry in answer["errors"]:
                change(entry)

    return spoil


def sets(**values: Any) -> Change:
    """Puts values into a record."""
    return lambda record: record.update(values)


def loses(name: str) -> Change:
    """Takes a member out of a record."""

    def lose(record: dict[str, Any]) -> None:
        record.pop(name, None)

    return lose
