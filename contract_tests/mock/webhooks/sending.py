"""Sending one webhook over HTTP: gives the status, or a few words on why there is none. Follows no redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import httpx

from .schedule import PATIENCE

Outcome = int | str
Sender = Callable[[str, bytes, Mapping[str, str]], Outcome]
Transport = httpx.BaseTransport | httpx.AsyncBaseTransport


def over_network(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """POST to an address of this machine. Certificates are not checked: on loopback they are made up."""
    return asyncio.run(_post(httpx.AsyncHTTPTransport(verify=False, trust_env=False), url, body, headers))


def through(transport: Transport) -> Sender:
    """A sender that hands requests to a transport: an ASGI or WSGI application, or a function behind MockTransport."""

    def send(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        if isinstance(transport, httpx.AsyncBaseTransport):
            return asyncio.run(_post(transport, url, body, headers))
        try:
            response = transport.handle_request(httpx.Request("POST", url, content=body, headers=dict(headers)))
            with_status = response.status_code
            response.close()
        except Exception as problem:  # an application under test may raise anything
            return _words(problem)
        return with_status

    return send


async def _post(transport: httpx.AsyncBaseTransport, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """The status decides; a body is not waited for. ``PATIENCE`` is for all of it, however slowly it drips."""
    request = httpx.Request("POST", url, content=body, headers=dict(headers))
    try:
        async with asyncio.timeout(PATIENCE):
            response = await transport.handle_async_request(request)
            status = response.status_code
            await response.aclose()
    except TimeoutError:
        return f"no answer within {PATIENCE:g} s"
    except Exception as problem:
        return _words(problem)
    finally:
        if isinstance(transport, httpx.AsyncHTTPTransport):
            await transport.aclose()
    return status


def _words(problem: Exception) -> str:
    said = str(problem)
    return f"{type(problem).__name__}: {said}" if said else type(problem).__name__
