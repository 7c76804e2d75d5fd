"""Asking a mock without a network: ``ask("GET", "/shelves")`` gives status, headers and the JSON of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from contract_tests.mock.app import Mock
from contract_tests.mock.exchange import Request

TOKEN = "KEY0123456789ABCDEF_secret"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the mock answered."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The whole body."""
        return orjson.loads(self.content)

    @property
    def data(self) -> Any:
        """What stands under ``data``; the whole body is shown when there is no such member."""
        found = self.json
        assert "data" in found, (self.status, found)
        return found["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The entries of ``errors``."""
        found: list[dict[str, Any]] = self.json["errors"]
        return found

    @property
    def places(self) -> list[tuple[str, str | None]]:
        """Code and pointer (or parameter) of each error."""
        return [(one["code"], next(iter(one.get("source", {}).values()), None)) for one in self.errors]


class Ask:
    """A client that speaks to the mock directly."""

    def __init__(self, mock: Mock, token: str = TOKEN) -> None:
        self.mock = mock
        self.token = token

    def __call__(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send one request; ``json`` becomes the body unless ``content`` does."""
        target, _, query = path.partition("?")
        body = content if content is not None else b"" if json is None else orjson.dumps(json)
        sent = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        sent.update(headers or {})
        raw = tuple((name.lower().encode(), value.encode()) for name, value in sent.items() if value)
        request = Request(method, f"/v2{target}".encode(), query.encode(), raw, body)
        status, answered, text = self.mock.respond(request)
        return Reply(status, {name.decode(): value.decode() for name, value in answered}, text)

    def create_shelf(self, label: str = "maps", **more: Any) -> dict[str, Any]:
        """A new shelf of the made-up library."""
        reply = self("POST", "/shelves", {"label": label, "subjects": ["geography"], **more})
        assert reply.status == 201, reply.content
        found: dict[str, Any] = reply.data
        return found

    def create_book(self, isbn: str = "978-0", **more: Any) -> dict[str, Any]:
        """A new book of the made-up library."""
        reply = self("POST", "/books", {"isbn": isbn, **more})
        assert reply.status == 200, reply.content
        found: dict[str, Any] = reply.data
        return found
