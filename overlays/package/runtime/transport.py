"""What sends the requests of a synchronous client: a pool of connections whose reads and writes end with the call.

httpx gives each read the whole timeout anew, so a server that sends a byte of its headers now and then, or one interim
answer after the other, could keep a call for ever. Here every read and write has only what is left until the deadline,
which a request carries in its extensions. httpx's transport has no place to put that in; httpcore, which it sends with
and always brings along, has one for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from ssl import SSLContext
from time import monotonic
from typing import Any, cast

import httpcore
import httpx

from .sent import Own
from .settings import KEEP_ALIVE, Settings

# Bytes that are written at once: a write that is larger would have its time anew for each part of it.
AT_ONCE = 65_536


class Ends(threading.local):
    """When the call of this thread has to be over, as ``time.monotonic()`` says it."""

    at: float = float("inf")

    def left(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Seconds for one read or write that may take ``timeout``; raises ``late`` when none are left."""
        if self.at == float("inf"):
            return timeout
        left = self.at - monotonic()
        if left <= 0:
            raise late("the call's deadline passed")
        return left if timeout is None or left < timeout else timeout


class BoundedStream(httpcore.NetworkStream):
    """A connection that is read and written no longer than its thread's call may take."""

    def __init__(self, stream: httpcore.NetworkStream, ends: Ends) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; ``httpcore.ReadTimeout`` when none come in time."""
        return self._stream.read(max_bytes, self._ends.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; ``httpcore.WriteTimeout`` when that takes too long."""
        for start in range(0, len(buffer), AT_ONCE):
            part = buffer[start : start + AT_ONCE]
            self._stream.write(part, self._ends.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with TLS."""
        limit = self._ends.left(timeout, httpcore.ConnectTimeout)
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._ends)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows about itself."""
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens such connections. Looking up a name takes the time that the operating system takes for it."""

    def __init__(self, ends: Ends) -> None:
        self._plain = httpcore.SyncBackend()
        self._ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection; ``httpcore.ConnectError`` or ``ConnectTimeout`` without one."""
        limit = self._ends.left(timeout, httpcore.ConnectTimeout)
        return BoundedStream(self._plain.connect_tcp(host, port, limit, local_address, socket_options), self._ends)


class Network(Own):
    """The transport to the network; used by any number of threads. Raises httpx's errors, as httpx's transport does."""

    def __init__(self, settings: Settings) -> None:
        self._ends = Ends()
        self._pool = _pool(settings, BoundedBackend(self._ends))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The beginning of the answer; its stream gives the body."""
        self._ends.at = request.extensions.get("deadline", float("inf"))
        url = request.url
        try:
            answer = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=cast("Iterable[bytes]", request.stream),
                    extensions=request.extensions,
                )
            )
        except Exception as problem:
            raise _as_of_httpx(problem) from problem
        body = Body(cast("Iterable[bytes]", answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class Body(httpx.SyncByteStream):
    """The body of an answer while it comes."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except Exception as problem:
            raise _as_of_httpx(problem) from problem

    def close(self) -> None:
        """Give the connection back, or close it when the body was not read to its end."""
        if (close := getattr(self._stream, "close", None)) is not None:
            close()


def _as_of_httpx(problem: Exception) -> Exception:
    """The error of httpx that is called like this one of httpcore; any other as it is."""
    for kind in type(problem).__mro__:
        found = getattr(httpx, kind.__name__, None) if kind.__module__.startswith("httpcore") else None
        if found is not None:
            return cast("Exception", found(str(problem)))
    return problem


def _pool(settings: Settings, backend: BoundedBackend) -> httpcore.ConnectionPool:
    from . import tls

    address = tls.proxy(settings)
    options: dict[str, Any] = {
        "ssl_context": tls.context(settings, address),
        "max_connections": settings.max_connections,
        "max_keepalive_connections": settings.max_connections,
        "keepalive_expiry": KEEP_ALIVE,
        "network_backend": backend,
    }
    if address is None:
        return httpcore.ConnectionPool(**options)
    proxy = httpx.Proxy(address)
    there = httpcore.URL(
        scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
    )
    if proxy.url.scheme in {"socks5", "socks5h"}:
        return httpcore.SOCKSProxy(proxy_url=there, proxy_auth=proxy.raw_auth, **options)
    return httpcore.HTTPProxy(proxy_url=there, proxy_auth=proxy.raw_auth, proxy_headers=proxy.headers.raw, **options)
