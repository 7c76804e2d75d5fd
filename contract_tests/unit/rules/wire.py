"""The mock without a network, and a man in the middle: what a rule has to notice is put into requests or answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from contract_tests.mock.app import Mock
from contract_tests.mock.exchange import Request

Answer = dict[str, Any]


@dataclass
class Wire(httpx.BaseTransport):
    """Hands requests to a mock. ``before`` may exchange a request's body, ``after`` a JSON answer, ``instead`` both."""

    mock: Mock
    before: Callable[[httpx.Request, Any], Any] | None = None
    after: Callable[[httpx.Request, int, Any], Any] | None = None
    instead: Callable[[httpx.Request], httpx.Response | None] | None = None
    sent: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        self.sent.append(request)
        if self.instead is not None and (answer := self.instead(request)) is not None:
            return answer
        body = request.content
        if self.before is not None and body:
            body = json.dumps(self.before(request, json.loads(body))).encode()
        path, _, query = request.url.raw_path.partition(b"?")
        headers = tuple((name.lower(), value) for name, value in request.headers.raw)
        status, answered, content = self.mock.respond(Request(request.method, path, query, headers, body))
        if self.after is not None and content:
            content = json.dumps(self.after(request, status, json.loads(content))).encode()
        kept = [(name, value) for name, value in answered if name.lower() != b"content-length"]
        return httpx.Response(status, headers=kept, content=content)


def is_from(request: httpx.Request, method: str, path_end: str = "") -> bool:
    """Whether a request has this method and its path this end."""
    return request.method == method and request.url.path.endswith(path_end)


def data_of(answer: Any) -> list[dict[str, Any]]:
    """The records of an answer, single or many, to be changed in place."""
    data = answer.get("data")
    if isinstance(data, dict):
        return [data]
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
