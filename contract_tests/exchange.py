"""One request and its answer, as every check, finding and report sees it; secrets are gone before it is stored.

``Exchange`` keeps bodies parsed once. ``redact`` is the only way from an exchange to text that leaves the process:
the bearer token and every field that the description marks ``x-sensitive`` become ``[redacted]``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from contract_tests.description import USUAL, Envelope

REDACTED = "[redacted]"
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-profile-secret"})
# Longer bodies are cut in reports: a finding needs the place, not the whole page.
SHOWN_BODY = 2000
# The same for the texts that say what was observed.
SHOWN_TEXT = 200
# Shorter values of sensitive fields (a fuzzer sends "a" or "0") are not searched for in texts: they occur everywhere.
SHORTEST_SECRET = 8
NOT_JSON = object()


@dataclass(frozen=True)
class Exchange:
    """A request that was sent and what came back; ``status`` 0 means that no complete answer came.

    ``elapsed`` is in seconds; header names are lower case; ``source`` names the test or phase that sent it.
    """

    operation_id: str
    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float
    source: str = ""
    failure: str = ""
    envelope: Envelope = USUAL

    @cached_property
    def json(self) -> Any:
        """The answer's body as JSON, or ``NOT_JSON`` when it is none."""
        return _parse(self.body)

    @cached_property
    def request_json(self) -> Any:
        """The request's body as JSON, or ``NOT_JSON`` when it is none or absent."""
        return _parse(self.request_body)

    @property
    def ok(self) -> bool:
        """Whether the status lies between 200 and 299."""
        return 200 <= self.status < 300

    @property
    def content(self) -> Any:
        """The record or the records of the answer, as its operation wraps them; None when they are not there."""
        return None if self.json is NOT_JSON else self.envelope.content(self.json)

    def at(self, *names: object) -> str:
        """The pointer of a member of the record, or of one of the records, as the answer wraps them."""
        return "".join((self.envelope.pointer, *(f"/{name}" for name in names)))

    def page(self, what: str) -> Any:
        """What the answer says of its page: ``number``, ``size``, ``pages`` or ``total``; None when it does not."""
        return self.envelope.told(self.json, what)


def _parse(body: bytes) -> Any:
    try:
        # Strict UTF-8, as RFC 8259 asks for: given bytes, ``json`` would guess at UTF-16 and skip a byte order mark.
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        return NOT_JSON


def _written(value: Any) -> str:
    """JSON text for people; half a surrogate pair, which no UTF-8 holds, stays an escape."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if any("\ud800" <= char <= "\udfff" for char in text) else text


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    """A number; one that only fits as infinity could not be written down again."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large")
    return number


@dataclass(frozen=True, slots=True)
class Sendable:
    """A request without secrets; ``credentials`` is ``own`` for the run's token, ``other``, or empty for none."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    credentials: str
    body: str


class Redactor:
    """Takes secrets out of whatever is about to be shown: known token values, secret headers, sensitive fields."""

    def __init__(self, *, secrets: Iterable[str] = (), fields: Iterable[str] = ()) -> None:
        self._secrets = tuple(sorted({secret for secret in secrets if secret}, key=len, reverse=True))
        self._fields = frozenset(fields)
        self._made_up: set[str] = set()

    def learn(self, exchange: Exchange) -> None:
        """Remember the secrets that an answer holds, so that they are taken out of any text later on.

        What a request of ours set is no secret: the suite made it up, and may have made up the same text elsewhere.
        """
        self._made_up |= self._sensitive_in(exchange.request_body)
        found = self._sensitive_in(exchange.body) - self._made_up
        if not found <= set(self._secrets):
            self._secrets = tuple(sorted({*self._secrets, *found}, key=len, reverse=True))

    def _sensitive_in(self, body: bytes) -> set[str]:
        if not any(name.encode() in body for name in self._fields):
            return set()
        return {value for value in self._sensitive_values(_parse(body)) if len(value) >= SHORTEST_SECRET}

    def _sensitive_values(self, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            for key, item in value.items():
                if key in self._fields and isinstance(item, str):
                    yield item
                else:
                    yield from self._sensitive_values(item)
        elif isinstance(value, list):
            for item in value:
                yield from self._sensitive_values(item)

    def text(self, text: str) -> str:
        """``text`` without any known secret value."""
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text

    def short(self, text: str) -> str:
        """``text`` without secrets, and only then cut to ``SHOWN_TEXT`` characters: half a secret is not recognised."""
        clean = self.text(text)
        return clean if len(clean) <= SHOWN_TEXT else f"{clean[:SHOWN_TEXT]}…"

    def value(self, value: Any) -> Any:
        """A copy of a JSON value in which sensitive fields and known secrets are replaced; null stays null."""
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): REDACTED if key in self._fields and item is not None else self.value(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with the secret ones masked."""
        return {
            name: REDACTED if name.lower() in SECRET_HEADERS else self.text(value) for name, value in headers.items()
        }

    def body(self, body: bytes) -> Any:
        """A body fit for a report: a redacted JSON value, or redacted text, cut to ``SHOWN_BODY`` characters."""
        cleaned = self._whole(body)
        if _parse(body) is NOT_JSON:
            return cleaned[:SHOWN_BODY] if isinstance(cleaned, str) else None
        shown = json.dumps(cleaned, ensure_ascii=False)
        return cleaned if len(shown) <= SHOWN_BODY else f"{shown[:SHOWN_BODY]}… ({len(body)} bytes)"

    def _whole(self, body: bytes) -> Any:
        """A redacted body at its full length, None for an empty one."""
        if not body:
            return None
        parsed = _parse(body)
        if parsed is not NOT_JSON:
            return self.value(parsed)
        # A body that cannot be parsed cannot be searched for fields: show it only while no field name occurs.
        text = body.decode("utf-8", "replace")
        if any(name in text for name in self._fields):
            return f"{REDACTED}: not JSON and names a sensitive field, {len(body)} bytes"
        return self.text(text)

    def exchange(self, exchange: Exchange) -> dict[str, Any]:
        """The documented shape of an exchange in ``drift.json``."""
        return {
            "method": exchange.method,
            "url": self.text(exchange.url),
            "request_headers": self.headers(exchange.request_headers),
            "request_body": self.body(exchange.request_body),
            "status": exchange.status,
            "response_headers": self.headers(exchange.headers),
            "response_body": self.body(exchange.body),
            "elapsed_ms": round(exchange.elapsed * 1000, 1),
            "source": exchange.source,
        }

    def sendable(self, exchange: Exchange) -> Sendable:
        """The request of an exchange as anybody may repeat it: secrets replaced, the body at its full length."""
        credentials = ""
        headers = []
        for name, value in exchange.request_headers.items():
            if name.lower() == "authorization":
                # Other credentials than the run's own are what such a request is about; which ones does not matter.
                credentials = "own" if any(secret in value for secret in self._secrets) else "other"
            elif name.lower() in {"content-type", "accept"}:
                headers.append((name, self.text(value)))
        body = ""
        if exchange.request_body:
            # Never cut: half a body would be another request.
            whole = self._whole(exchange.request_body)
            sent_as_text = _parse(exchange.request_body) is NOT_JSON
            body = whole if sent_as_text else _written(whole)
        return Sendable(exchange.method, self.text(exchange.url), tuple(headers), credentials, body)
