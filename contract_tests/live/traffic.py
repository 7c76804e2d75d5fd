"""A request that wants to leave and the answer that came, free of any client library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.description import Operation
from contract_tests.envelope import USUAL, Envelope


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is about to be sent; ``headers`` are lower case, in order, repeated ones twice. Its repr has no token."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header, given in lower case."""
        return tuple(value for key, value in self.headers if key == name)

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A complete answer; header names are lower case, the last of repeated ones counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    envelope: Envelope = USUAL

    @property
    def ok(self) -> bool:
        """Whether the status lies between 200 and 299."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def of(self, operation: Operation) -> Incoming:
        """The answer as one of this operation, which says where it holds its record or its records."""
        return replace(self, envelope=operation.envelope)

    @property
    def record(self) -> Mapping[str, Any] | None:
        """The object that stands for the record, None without one."""
        content = self.envelope.content(self.json)
        return content if isinstance(content, Mapping) else None

    @property
    def records(self) -> list[Mapping[str, Any]] | None:
        """The objects of the list, None when there is no list."""
        content = self.envelope.content(self.json)
        return [one for one in content if isinstance(one, Mapping)] if isinstance(content, list) else None

    @property
    def codes(self) -> tuple[str, ...]:
        """The error codes of the envelope, as text."""
        entries = self.json.get("errors") if isinstance(self.json, Mapping) else None
        entries = entries if isinstance(entries, list) else []
        return tuple(str(one["code"]) for one in entries if isinstance(one, Mapping) and "code" in one)


class Duplicated(ValueError):
    """A JSON object names a member twice: two readers may see two different requests in it."""


def strict_object(body: bytes) -> dict[str, Any]:
    """A request body as the one JSON object that every reader sees in it; ``ValueError`` otherwise."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            raise Duplicated("a member stands twice in the body")
        return members

    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=unique)
    except RecursionError as problem:
        raise ValueError("the body is nested too deeply") from problem
    if not isinstance(value, dict):
        raise ValueError("the body is no JSON object")
    return value
