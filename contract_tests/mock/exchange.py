"""What travels between the stages: a request as received, an answer to be sent, a refusal on the way.

Values only. Nothing here knows ASGI or a resource; ``repr`` never shows credentials or bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

Header = tuple[bytes, bytes]
Json = Any  # a value that JSON can hold; writing the recursive type out buys nothing here
Record = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in: ``path`` and ``query`` are raw bytes, still percent-encoded."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[Header, ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, ``name`` in lower case; None when it was not sent."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def header_values(self, name: bytes) -> list[bytes]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON body (None: no body at all) and the headers beside the ones every answer carries.

    ``raw`` replaces the JSON body by exact bytes with a content type of their own; planted faults use it.
    """

    status: int
    body: Json = field(default=None, repr=False)
    headers: tuple[Header, ...] = ()
    raw: tuple[bytes, bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """One line of the mock's log: what was asked, what was answered. Tokens are redacted, bodies cut at 64 KiB."""

    method: str
    path: str
    query: str
    operation_id: str | None
    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def json(self) -> Json:
        """The body as JSON; ``ValueError`` when it is none."""
        return orjson.loads(self.body)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The query, decoded: the values of each parameter in order."""
        return parse_qs(self.query, keep_blank_values=True)

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of ``name``; None when it was not sent."""
        return next((value for key, value in self.headers if key == name.lower()), None)


class Refusal(Exception):
    """A stage says no: the status, the ``errors[]`` entries and headers of the answer."""

    def __init__(self, status: int, errors: Sequence[Mapping[str, Json]], headers: tuple[Header, ...] = ()) -> None:
        super().__init__(f"{status} {', '.join(str(error.get('code')) for error in errors)}")
        self.status = status
        self.errors = tuple(errors)
        self.headers = headers
