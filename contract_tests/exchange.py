"""One request and its answer, as every check, finding and report sees it; secrets are gone before it is stored.

``Exchange`` keeps bodies parsed once. ``redact`` is the only way from an exchange to text that leaves the process:
the bearer token and every field that the description marks ``x-sensitive`` become ``[redacted]``.
"""

from __future__ import annotations

import base64
import html
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import quote, quote_plus

from contract_tests.envelope import USUAL, Envelope

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
    ``received``: the target sent it to us, and the body of the request is what it said.
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
    received: bool = False

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


def spellings(secret: str) -> set[str]:
    """A secret as it may stand in texts: plain, in addresses, in JSON, in HTML, in base64 (RFC 4648), bytes in hex."""
    data = secret.encode("utf-8", "surrogatepass")
    encoded = {base64.b64encode(data), base64.urlsafe_b64encode(data)}
    found = {secret, quote(data, safe=""), quote(data), quote_plus(data), json.dumps(secret)[1:-1], html.escape(secret)}
    found |= {one.decode().rstrip("=") for one in encoded} | {data.hex(), secret.replace("/", "\\/")}
    digits = secret.removeprefix("+")
    if digits.isdigit() and len(digits) >= SHORTEST_SECRET:
        # A telephone number is the same without its plus.
        found.add(digits)
    return found


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
    """Takes secrets out of whatever is about to be shown: known token values, secret headers, sensitive fields.

    ``fields`` are never shown. ``personal`` fields (whose number, whose webhook) are shown only where the value is
    ``public``, because the description itself gives it as an example, or made up by a request of ours.
    """

    def __init__(
        self,
        *,
        secrets: Iterable[str] = (),
        fields: Iterable[str] = (),
        personal: Iterable[str] = (),
        public: Iterable[str] = (),
    ) -> None:
        self._fields = frozenset(fields)
        self._personal = frozenset(personal)
        self._public = frozenset(public)
        self._named = self._fields | self._personal
        self._made_up: set[str] = set()
        self._secrets: frozenset[str] = frozenset()
        self._spellings: tuple[str, ...] = ()
        self._know(secrets)

    def _know(self, secrets: Iterable[str]) -> None:
        """Add secrets; the longest spelling is looked for first, since it may hold another one."""
        new = {secret for secret in secrets if secret} - self._secrets
        if new:
            self._secrets |= new
            spelt = {spelling for secret in new for spelling in spellings(secret)}
            self._spellings = tuple(sorted({*self._spellings, *spelt}, key=len, reverse=True))

    def learn(self, exchange: Exchange) -> None:
        """Remember the secrets that an answer holds, so that they are taken out of any text later on.

        What a request of ours set is no secret: the suite made it up, and may have made up the same text elsewhere.
        """
        body, said = exchange.body, exchange.json
        if exchange.received:
            body, said = exchange.request_body, exchange.request_json
        elif exchange.request_body and self._names_any(exchange.request_body):
            self._made_up |= set(self._sensitive_values(exchange.request_json))
        if self._names_any(body):
            found = set(self._sensitive_values(said)) - self._made_up
            self._know(found - self._secrets)

    def withhold(self, secrets: Iterable[str]) -> None:
        """Take these texts out as well, from now on."""
        self._know(secrets)

    def hide(self, names: Iterable[str]) -> None:
        """Never show the values under these names either, from now on."""
        self._fields |= frozenset(names)
        self._named |= self._fields

    def _names_any(self, body: bytes) -> bool:
        return any(name.encode() in body for name in self._named)

    def _sensitive_values(self, value: Any) -> Iterator[str]:
        """The texts under sensitive names, and under personal ones unless they are public; short ones are left out."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                if key in self._named and isinstance(item, str):
                    if len(item) >= SHORTEST_SECRET and (key in self._fields or item not in self._public):
                        yield item
                else:
                    yield from self._sensitive_values(item)
        elif isinstance(value, list):
            for item in value:
                yield from self._sensitive_values(item)

    def text(self, text: str) -> str:
        """``text`` without any known secret value, however it is spelt."""
        for secret in self._spellings:
            if secret in text:
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
                self.text(str(key)): REDACTED if self._hides(key, item) else self.value(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def _hides(self, key: Any, item: Any) -> bool:
        """Whether the value under a name is not to be shown; null is no secret, and that it is null is telling."""
        if item is None or key not in self._named:
            return False
        if key in self._fields or not isinstance(item, str | int):
            return key in self._fields
        shown = str(item) in self._public or str(item) in self._made_up or not str(item)
        return str(item) in self._secrets or not shown

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
        if any(name in text for name in self._named):
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
                credentials = "own" if any(secret in value for secret in self._spellings) else "other"
            elif name.lower() in {"content-type", "accept"}:
                headers.append((name, self.text(value)))
        body = ""
        if exchange.request_body:
            # Never cut: half a body would be another request.
            whole = self._whole(exchange.request_body)
            sent_as_text = _parse(exchange.request_body) is NOT_JSON
            body = whole if sent_as_text else _written(whole)
        return Sendable(exchange.method, self.text(exchange.url), tuple(headers), credentials, body)
