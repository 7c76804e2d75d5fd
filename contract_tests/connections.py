"""Connections that a server may close when it likes: a kept one that turns out to be gone is no missing answer.

A server closes a kept connection when it wants to, sometimes while the next request is on its way (RFC 9112, section
9.3.1, lets a client send an idempotent request again then). What cannot be repeated without doing it twice gets a
connection of its own, so that there is never a doubt whether it arrived.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable
from typing import Any

import httpx

# RFC 9110, section 9.2.2; a PATCH of this description sets values, so that sending it twice gives the same record.
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"})
# The file of authorities to trust instead of the machine's, which ``ssl`` reads by itself.
CA_VARIABLE = "SSL_CERT_FILE"
GONE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)
Make = Callable[[httpx.Limits], httpx.BaseTransport]
KEPT, FRESH = httpx.Limits(max_keepalive_connections=4), httpx.Limits(max_keepalive_connections=0)


def network(limits: httpx.Limits) -> httpx.BaseTransport:
    """The network itself; the environment's proxies and certificates are left out."""
    return httpx.HTTPTransport(verify=trust(), limits=limits, trust_env=False)


@functools.cache
def trust() -> ssl.SSLContext:
    """One for all clients: each would read the authorities' certificates again, which takes 20 ms."""
    return ssl.create_default_context()


class Connections(httpx.BaseTransport):
    """Sends over kept connections what may be sent twice, and everything else over new ones.

    ``make`` gives what really sends, once for kept connections and once for new ones.
    """

    def __init__(self, make: Make = network) -> None:
        self._kept, self._fresh = make(KEPT), make(FRESH)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer; ``httpx.TransportError`` when there is none on a connection that was new."""
        if request.method not in REPEATABLE:
            return self._fresh.handle_request(request)
        opened: list[str] = []

        def trace(event: str, _: Any) -> None:
            if event == "connection.connect_tcp.started":
                opened.append(event)

        traced = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "trace": trace},
        )
        try:
            return self._kept.handle_request(traced)
        except GONE:
            if opened:
                raise
            return self._fresh.handle_request(request)

    def close(self) -> None:
        """Close both kinds."""
        self._kept.close()
        self._fresh.close()
