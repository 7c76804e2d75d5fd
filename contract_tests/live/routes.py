"""Which described operation a request is, read from the bytes that would leave; anything unclear is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from contract_tests.description import JSON, Description, Operation
from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Outgoing

# A server that honours one of these would run another method than the one that the gate has judged.
OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
OVERRIDE_PARAMETER = "_method"
PORTS = {"http": 80, "https": 443}
# Segments that a server or something before it may resolve, also when they are encoded several times.
CLIMBING = re.compile(r"(^|[/\\])\.{1,2}([/\\;]|$)|[/\\]|[\x00-\x1f\x7f]")
UNWRAPPINGS = 4


@dataclass(frozen=True, slots=True)
class Addressed:
    """A request and the operation it calls; ``path`` holds the decoded path parameters, ``query`` the names given."""

    operation: Operation
    path: Mapping[str, str]
    query: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A described path as a pattern, and the names of its parameters in order."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    operation: Operation


class Routes:
    """The addresses of one target; ``base_url`` is scheme, host, port and base path."""

    def __init__(self, description: Description, base_url: str) -> None:
        self._base = urlsplit(base_url)
        self.origin = origin(self._base)
        self._prefix = self._base.path.rstrip("/")
        # Plain paths come before templates: /things/latest is not the thing called "latest".
        ordered = sorted(description.operations, key=lambda one: one.path.count("{"))
        self._templates = [_template(one) for one in ordered]

    def locate(self, outgoing: Outgoing) -> Addressed:
        """The operation that a request calls; ``Refused`` with the kind ``host``, ``operation``, ``method``, …"""
        parts = urlsplit(outgoing.url)
        self._same_host(parts, outgoing)
        overriding = OVERRIDES & {name for name, _ in outgoing.headers}
        query = tuple(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
        if overriding or OVERRIDE_PARAMETER in query:
            raise Refused("method", "the request asks for another method than its own")
        _framed(outgoing)
        path = parts.path
        if not path.startswith(f"{self._prefix}/"):
            raise Refused("operation", f"{path} is outside of {self._prefix}")
        inner = path[len(self._prefix) :]
        found = [(match, one) for one in self._templates if (match := one.pattern.fullmatch(inner))]
        if not found:
            raise Refused("operation", f"no operation is described at {inner}")
        best = found[0][1].operation.path
        for match, template in found:
            if template.operation.path == best and template.operation.method.upper() == outgoing.method:
                return Addressed(template.operation, _values(match, template.names), query)
        raise Refused("method", f"{outgoing.method} is not described for {best}")

    def request(
        self,
        operation: Operation,
        token: str,
        record_id: str | None,
        query: Iterable[tuple[str, Any]],
        body: Mapping[str, Any] | None,
    ) -> Outgoing:
        """A request of the gate's own; ``record_id`` fills the path's parameter."""
        path = operation.path
        for parameter in operation.parameters:
            if parameter["in"] == "path" and record_id is not None:
                if not record_id.isprintable():
                    raise Refused("request", "an id with characters that no address can hold")
                path = path.replace("{" + parameter["name"] + "}", quote(record_id, safe=""))
        asked = urlencode(list(query))
        headers = [("accept", JSON), ("authorization", f"Bearer {token}")]
        if body is not None:
            headers.append(("content-type", JSON))
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        address = f"{self._base.scheme}://{self._base.netloc}{self._prefix}{path}{'?' if asked else ''}{asked}"
        return Outgoing(operation.method.upper(), address, tuple(headers), content)

    def _same_host(self, parts: SplitResult, outgoing: Outgoing) -> None:
        if parts.username is not None or parts.password is not None:
            raise Refused("host", "the address holds a user name")
        if origin(parts) != self.origin:
            raise Refused("host", f"{parts.hostname} is not the target {self._base.hostname}")
        for value in outgoing.header("host"):
            if origin(urlsplit(f"{parts.scheme}://{value}")) != self.origin:
                raise Refused("host", "the Host header names another host than the target")


def _framed(outgoing: Outgoing) -> None:
    """The body that was judged is the body that a server sees: of this length, not packed, in UTF-8."""
    lengths = outgoing.header("content-length")
    if outgoing.header("transfer-encoding") or any(one.strip() != str(len(outgoing.body)) for one in lengths):
        raise Refused("request", "its headers claim another length of the body")
    if outgoing.body and outgoing.header("content-encoding"):
        raise Refused("request", "the body is declared as packed")
    for value in outgoing.header("content-type"):
        charset = Message()
        charset["content-type"] = value
        if (charset.get_content_charset() or "utf-8") not in {"utf-8", "us-ascii"}:
            raise Refused("request", "the body is declared in another encoding than UTF-8")


def origin(parts: SplitResult) -> tuple[str, str, int]:
    """Scheme, host and port, with the scheme's own port where none is given."""
    try:
        port = parts.port
    except ValueError:
        port = -1
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), PORTS.get(scheme, 0) if port is None else port


def _template(operation: Operation) -> Template:
    pieces = re.split(r"\{[^}]*\}", operation.path)
    text = re.escape(pieces[0])
    # The names of path parameters need not be identifiers, so the groups are numbered.
    for number, piece in enumerate(pieces[1:]):
        text += rf"(?P<p{number}>[^/]+)" + re.escape(piece)
    return Template(re.compile(text), tuple(re.findall(r"\{([^}]*)\}", operation.path)), operation)


def _values(match: re.Match[str], names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for number, name in enumerate(names):
        value = plain = unquote(match[f"p{number}"])
        for _ in range(UNWRAPPINGS):
            if CLIMBING.search(plain):
                raise Refused("operation", f"{name} could be read as another address")
            plain = unquote(plain)
        found[name] = value
    return found
