"""What a failure tells about its request: whether anything of it can have reached the server."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx

# What httpx raises when a request had no connection to go out on.
NEVER_MADE = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Own(httpx.BaseTransport):
    """Base of this package's own transport."""


# Transports that raise these for a connection that was never made, and for nothing else.
OWN = (Own, httpx.HTTPTransport, httpx.AsyncHTTPTransport, httpx.MockTransport)
# Elsewhere they say nothing: aiohttp's adapter raises ConnectTimeout for a connection that was reset after the request.
# These causes below them do; classes of aiohttp go by name, because it need not be there.
CONNECTORS = frozenset(
    {
        "ClientConnectorError",
        "ClientConnectorDNSError",
        "ClientProxyConnectionError",
        "ConnectionTimeoutError",
    }
)
REFUSED = (socket.gaierror, ConnectionRefusedError)


def never(problem: BaseException, transport: object) -> bool:
    """Whether nothing was sent for sure, given what ``transport`` raised; ``None`` is the package's own pool."""
    if not isinstance(problem, NEVER_MADE):
        return False
    if transport is None or isinstance(transport, OWN):
        return True
    return any(map(_in_connecting, _causes(problem)))


def refused(problem: BaseException, transport: object) -> bool:
    """Whether httpx itself would not write the request's head: nothing was sent, nor will be the next time.

    That a body has another length than its head says is noticed after the head was sent.
    """
    own = isinstance(transport, OWN)
    return own and isinstance(problem, httpx.LocalProtocolError) and "Content-Length" not in str(problem)


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """The causes of a failure, from the nearest on; a circle ends."""
    seen = {id(problem)}
    cause = problem.__cause__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


def _in_connecting(cause: BaseException) -> bool:
    return isinstance(cause, REFUSED) or any(one.__name__ in CONNECTORS for one in type(cause).__mro__)
