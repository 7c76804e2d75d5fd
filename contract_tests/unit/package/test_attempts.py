"""What the attempts of a call conclude from failures: whether something was sent, what is kept, when it is over."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from telnyx_bindings import errors
from telnyx_bindings.runtime.async_session import AsyncSession
from telnyx_bindings.runtime.call import Call, Operation
from telnyx_bindings.runtime.session import Session
from telnyx_bindings.runtime.settings import Settings

from contract_tests.unit.package.network import BASE, TOKEN, Script, writing

LOST = httpx.ReadTimeout("too slow")
REFUSED = httpx.ConnectError("refused")
CHANGE = Call(Operation("changeThing", "PATCH", "/things"), "/things", body=b"{}")


class Foreign(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that is not httpx's, as a caller may bring it."""

    def __init__(self, script: Callable[[httpx.Request], httpx.Response]) -> None:
        self.script = script

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The script's answer."""
        return self.script(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The script's answer."""
        return self.script(request)


class ClientOSError(OSError):
    """What aiohttp calls a connection that broke, whenever that was."""


class ClientConnectorError(ClientOSError):
    """What aiohttp calls a connection that was not made."""


class ClientConnectorCertificateError(ClientConnectorError):
    """A special case of it."""


def session(transport: Any, **options: Any) -> Session:
    """A session that does not wait."""
    if not isinstance(transport, httpx.BaseTransport | type):
        transport = httpx.MockTransport(transport)
    settings = Settings(token=TOKEN, base_url=BASE, transport=transport, **options)
    return Session(settings, wait=lambda seconds: None)


def caused(problem: Exception, *causes: BaseException) -> Exception:
    """A failure with these causes, one below the other."""
    below: BaseException = problem
    for cause in causes:
        below.__cause__ = cause
        below = cause
    return problem


# Whether anything was sent


@pytest.mark.parametrize("call", [writing(), CHANGE], ids=["POST", "PATCH"])
@pytest.mark.parametrize("cause", [ClientOSError(104, "reset"), ConnectionResetError(), None], ids=repr)
@pytest.mark.parametrize("kind", [httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout])
def test_a_foreign_transport_is_not_believed_that_nothing_was_sent(
    call: Call, cause: Exception | None, kind: type[httpx.TransportError]
) -> None:
    for asynchronous in (False, True):
        script = Script(caused(kind("x"), cause) if cause else kind("x"), httpx.Response(200))
        with pytest.raises(errors.OutcomeUnknown) as caught:
            if asynchronous:
                asyncio.run(AsyncSession(session(Foreign(script)).settings).send(call))
            else:
                session(Foreign(script)).send(call)
        assert (len(script.requests), caught.value.attempts) == (1, 1)


@pytest.mark.parametrize(
    "causes",
    [
        [ClientConnectorError(111, "x")],
        [ClientConnectorCertificateError("x")],
        [RuntimeError("x"), ConnectionRefusedError()],
        [socket.gaierror(-2, "x")],
    ],
    ids=repr,
)
def test_a_foreign_transport_is_believed_when_the_cause_shows_it(causes: list[Exception]) -> None:
    script = Script(caused(httpx.ConnectError("x"), *causes), httpx.Response(200))
    assert session(Foreign(script)).send(writing()).attempts == 2
    with pytest.raises(errors.ConnectionNeverMade):
        session(Foreign(Script(script.steps[0]))).send(writing())


def test_causes_in_a_circle_end() -> None:
    problem = httpx.ConnectError("x")
    cause = RuntimeError("y")
    problem.__cause__, cause.__cause__ = cause, problem
    with pytest.raises(errors.OutcomeUnknown):
        session(Foreign(Script(problem))).send(writing())
