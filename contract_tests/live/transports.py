"""The gate in front of every socket: one wrapper for each kind of client that the suite sends with.

``Sync`` and ``Async`` are httpx transports, ``Adapter`` is what requests' sessions (Schemathesis) send with. Each asks
the gate first, opens the way out only for the admitted request, and hands the whole answer back to the gate.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter

from contract_tests.live import egress
from contract_tests.live.gate import Gate
from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.wire_limits import DEADLINE, LARGEST, IncompleteError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# Bodies beyond this are not decoded for the gate: no record is that long, and a packed one could be endless.
READABLE = 1024 * 1024
PROBE = "X-Schemathesis-Probe"


class RefusedRequest(Refused, requests.exceptions.RequestException):
    """A refusal as libraries built on requests expect failures."""

    def __init__(self, refusal: Refused) -> None:
        Refused.__init__(self, refusal.kind, refusal.reason)


def outgoing(request: httpx.Request, body: bytes) -> Outgoing:
    """An httpx request as the gate reads it."""
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw)
    url, target = request.url, request.extensions.get("target")
    # This extension of httpx goes into the request line in place of the address.
    address = str(url) if target is None else f"{url.scheme}://{url.netloc.decode()}{target.decode('latin-1')}"
    return Outgoing(request.method, address, headers, body)


def incoming(status: int, headers: Mapping[str, str], raw: bytes) -> Incoming:
    """An answer as the gate reads it; a body that cannot be decoded is empty for it."""
    lower = {name.lower(): value for name, value in headers.items()}
    body = b""
    if len(raw) <= READABLE:
        with contextlib.suppress(httpx.DecodingError):
            body = httpx.Response(status, headers=lower, stream=httpx.ByteStream(raw)).read()[:READABLE]
    return Incoming(status, lower, body)


class Wire:
    """What the gate's own requests travel with."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._transport = httpx.HTTPTransport(verify=trust, trust_env=False)

    def __call__(self, request: Outgoing) -> Incoming:
        """Send an admitted request; ``httpx.HTTPError`` or ``IncompleteError`` when no whole answer comes."""
        extensions = {"timeout": TIMEOUT.as_dict()}
        made = httpx.Request(
            request.method, request.url, headers=list(request.headers), content=request.body, extensions=extensions
        )
        with egress.opened():
            response = self._transport.handle_request(made)
            raw = _whole(response)
        return incoming(response.status_code, response.headers, raw)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


class Sync(httpx.BaseTransport):
    """A synchronous httpx transport that asks the gate."""

    def __init__(self, gate: Gate, trust: ssl.SSLContext, **options: Any) -> None:
        self._gate = gate
        self._inner = httpx.HTTPTransport(verify=trust, trust_env=False, **options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send when admitted; ``Refused`` otherwise."""
        permit = self._gate.admit(outgoing(request, request.read()))
        answer = None
        try:
            with egress.opened():
                response = self._inner.handle_request(request)
                raw = _whole(response)
            answer = incoming(response.status_code, response.headers, raw)
        finally:
            self._gate.settle(permit, answer)
        return _again(response, raw)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class Async(httpx.AsyncBaseTransport):
    """The same for asynchronous clients."""

    def __init__(self, gate: Gate, trust: ssl.SSLContext) -> None:
        self._gate = gate
        self._inner = httpx.AsyncHTTPTransport(verify=trust, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send when admitted; ``Refused`` otherwise."""
        permit = self._gate.admit(outgoing(request, await request.aread()))
        answer = None
        try:
            with egress.opened():
                response = await self._inner.handle_async_request(request)
                raw = await _whole_async(response)
            answer = incoming(response.status_code, response.headers, raw)
        finally:
            self._gate.settle(permit, answer)
        return _again(response, raw)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class Adapter(HTTPAdapter):
    """What sessions of requests send with; redirects come through here one by one, and proxies are not used."""

    def __init__(self, gate: Gate, ca_file: str | None) -> None:
        super().__init__()
        self._gate = gate
        self._ca_file = ca_file

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """Send when admitted; ``RefusedRequest`` otherwise."""
        if PROBE in request.headers:
            # Schemathesis tries out the server before each phase; a live one is not tried out.
            raise RefusedRequest(Refused("client", "a probe of the engine"))
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        headers = tuple((_text(name).lower(), _text(value)) for name, value in request.headers.items())
        try:
            if not isinstance(content, bytes):
                raise Refused("request", "the body is a stream, which cannot be read before it is sent")
            permit = self._gate.admit(Outgoing(str(request.method), str(request.url), headers, content))
        except Refused as refusal:
            raise RefusedRequest(refusal) from refusal
        answer = None
        try:
            with egress.opened():
                options |= {"proxies": None, "stream": True, "verify": self._ca_file or True}
                response = super().send(request, **options)
                raw = response.content
            lower = {name.lower(): value for name, value in response.headers.items()}
            # requests has undone the packing already.
            answer = Incoming(response.status_code, lower, raw[:READABLE])
        finally:
            self._gate.settle(permit, answer)
        return response


@contextlib.contextmanager
def sessions_of_requests(gate: Gate, ca_file: str | None) -> Iterator[None]:
    """Every session of requests in this process sends through the gate while the block runs, whoever makes it."""
    adapter, former = Adapter(gate, ca_file), requests.Session.get_adapter
    # Engines make sessions of their own, and new ones for redirects: there is no other place that all of them pass.
    requests.Session.get_adapter = lambda session, url: adapter  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        requests.Session.get_adapter = former  # type: ignore[method-assign]
        adapter.close()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _whole(response: httpx.Response) -> bytes:
    """The body as it came over the wire, within the limits of ``wire_limits``."""
    until, received = time.perf_counter() + DEADLINE, bytearray()
    try:
        for chunk in response.iter_raw():
            _grow(received, chunk, until)
    finally:
        response.close()
    return bytes(received)


async def _whole_async(response: httpx.Response) -> bytes:
    until, received = time.perf_counter() + DEADLINE, bytearray()
    try:
        async for chunk in response.aiter_raw():
            _grow(received, chunk, until)
    finally:
        await response.aclose()
    return bytes(received)


def _grow(received: bytearray, chunk: bytes, until: float) -> None:
    received += chunk
    if len(received) > LARGEST:
        raise IncompleteError(f"given up: the body is larger than {LARGEST // 2**20} MiB")
    if time.perf_counter() > until:
        raise IncompleteError(f"given up: not complete in time, {len(received)} bytes so far")


def _again(response: httpx.Response, raw: bytes) -> httpx.Response:
    """The answer with its body put back, packed as it came."""
    return httpx.Response(
        response.status_code,
        headers=response.headers.raw,
        stream=httpx.ByteStream(raw),
        extensions={name: value for name, value in response.extensions.items() if name != "network_stream"},
    )
