"""What the attempts of a call conclude from failures: whether something was sent, what is kept, when it is over."""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from telnyx_bindings import errors
from telnyx_bindings.runtime.async_session import AsyncSession
from telnyx_bindings.runtime.call import Call, Operation
from telnyx_bindings.runtime.retry import RetryPolicy
from telnyx_bindings.runtime.session import Session
from telnyx_bindings.runtime.settings import Settings

from contract_tests.unit.package.network import BASE, TOKEN, Script, reading, writing

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


# What earlier attempts leave behind


def test_a_last_attempt_that_never_left_does_not_undo_those_before() -> None:
    remove = Call(Operation("deleteThing", "DELETE", "/things"), "/things")
    policy = RetryPolicy(idempotent=True)
    with pytest.raises(errors.OutcomeUnknown, match="earlier attempt") as caught:
        session(Script(LOST, REFUSED), retry=policy).send(remove)
    assert (caught.value.attempts, caught.value.status) == (3, None)
    broken = httpx.Response(503, headers={"x-request-id": "r"}, content=b'{"errors":[{"code":"1"}]}')
    for first in (LOST, REFUSED):
        with pytest.raises(errors.OutcomeUnknown, match="answered 503 before") as caught:
            session(Script(broken, first), retry=policy).send(remove)
        assert (caught.value.status, caught.value.request_id, caught.value.errors[0].code) == (503, "r", "1")


def test_an_attempt_that_was_throttled_was_not_processed() -> None:
    throttled = httpx.Response(429, headers={"retry-after": "7"})
    with pytest.raises(errors.ConnectionNeverMade) as caught:
        session(Script(throttled, REFUSED)).send(writing())
    assert caught.value.status == 429
    assert caught.value.retry_after is not None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_transport_that_cannot_be_made_again_does_not_lose_the_answer(asynchronous: bool, status: int) -> None:
    made: list[httpx.MockTransport] = []

    def make() -> httpx.MockTransport:
        if made:
            raise OSError("no transport")
        made.append(httpx.MockTransport(Script(httpx.Response(status, content=b"first"))))
        return made[-1]

    kind = errors.ConnectionNeverMade if status == 429 else errors.OutcomeUnknown
    if asynchronous:
        settings = Settings(token=TOKEN, base_url=BASE, transport=make)
        client = AsyncSession(settings, wait=lambda seconds: client.aclose())
        with pytest.raises(kind) as caught:
            asyncio.run(client.send(reading()))
    else:
        here = Session(Settings(token=TOKEN, base_url=BASE, transport=make), wait=lambda seconds: here.close())
        with pytest.raises(kind) as caught:
            here.send(reading())
    assert (caught.value.status, caught.value.body, caught.value.attempts) == (status, b"first", 3)


def test_a_transport_that_cannot_be_made_at_all_is_no_failure_of_a_call() -> None:
    def make() -> httpx.MockTransport:
        raise OSError("no transport")

    with pytest.raises(OSError, match="no transport"):
        Session(Settings(token=TOKEN, base_url=BASE, transport=make)).send(reading())


# The deadline


@pytest.mark.parametrize("timeout", [60.0, httpx.Timeout(None)], ids=repr)
def test_the_first_attempt_has_no_more_time_than_the_call(timeout: Any) -> None:
    script = Script(httpx.Response(200))
    session(script, timeout=timeout, retry=RetryPolicy(deadline=2)).send(reading())
    assert script.requests[0].extensions["timeout"] == {"connect": 2, "read": 2, "write": 2, "pool": 2}


@pytest.mark.parametrize("own", [False, True], ids=["of the client", "of the call"])
def test_a_timeout_beyond_the_usual_deadline_is_not_cut(own: bool) -> None:
    script = Script(httpx.Response(200))
    client = session(script) if own else session(script, timeout=400)
    client.send(reading(timeout=400) if own else reading())
    assert script.requests[0].extensions["timeout"]["read"] == 400


def test_a_deadline_at_no_time_bounds_nothing() -> None:
    script = Script(LOST, httpx.Response(200))
    policy = RetryPolicy(deadline=float("inf"))
    session(script, timeout=httpx.Timeout(None), retry=policy).send(reading())
    assert [set(one.extensions["timeout"].values()) for one in script.requests] == [{None}, {None}]


@pytest.mark.parametrize("phase", ["headers", "body"])
def test_an_answer_that_does_not_come_in_asyncio_ends_at_the_deadline(phase: str) -> None:
    class Never(httpx.AsyncByteStream):
        """A body that does not come."""

        async def __aiter__(self) -> Any:
            await asyncio.sleep(60)
            yield b""

    class Drip(httpx.AsyncBaseTransport):
        """Something always comes, so no read takes long, and it is never all."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if phase == "headers":
                await asyncio.sleep(60)
            return httpx.Response(200, stream=Never())

    async def work() -> None:
        policy = RetryPolicy(attempts=3, deadline=0.05)
        settings = Settings(token=TOKEN, base_url=BASE, transport=Drip(), retry=policy, timeout=30)
        async with asyncio.timeout(5):
            with pytest.raises(errors.OutcomeUnknown, match="deadline passed") as caught:
                await AsyncSession(settings).send(writing())
        assert caught.value.status == (None if phase == "headers" else 200)

    asyncio.run(work())


# What is shown


@pytest.mark.parametrize("token", [TOKEN, "0123456789abcdef"])
@pytest.mark.parametrize("where", ["text", "cause", "context", "note", "group", "cut"])
def test_no_traceback_shows_the_token(where: str, token: str) -> None:
    echo = ValueError(f"illegal line b'HTTZ Authorization: Bearer {token}'")
    problem: Exception = httpx.RemoteProtocolError("x")
    if where == "text":
        problem = httpx.RemoteProtocolError(str(echo))
    elif where == "cause":
        problem = caused(problem, RuntimeError("y"), echo)
    elif where == "context":
        problem.__context__ = echo
    elif where == "note":
        problem.add_note(str(echo))
    elif where == "group":
        problem = ExceptionGroup("several", [problem, echo])
    else:
        problem = httpx.RemoteProtocolError("." * 267 + token)
    settings = Settings(token=token, base_url=BASE, transport=httpx.MockTransport(Script(problem)))
    with pytest.raises(errors.OutcomeUnknown) as caught:
        Session(settings).send(writing())
    shown = "".join(traceback.format_exception(caught.value))
    assert token[:10] not in str(caught.value)
    assert token not in shown
    assert caught.value.__cause__ is None


# The spend limit


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors":[{"code":"40333"}]}',
        b'{"errors":[{"code":40333}]}',
        b'{"errors":[{"code":40333.0}]}',
        b'{"errors":[{"code":" 40333 "}]}',
        b'{"errors":{"code":"40333"}}',
        b'{"errors":[{"code":"4033\\u0033"}]}',
        '{"errors":[{"code":"40333"}]}'.encode("utf-16"),
    ],
    ids=repr,
)
def test_the_spend_limit_is_known_however_it_is_written(body: bytes) -> None:
    answer = session(Script(httpx.Response(429, content=body))).send(writing())
    assert answer.attempts == 1
    assert [one.code for one in errors.ApiError(status=429, body=body).errors] == ["40333"]


@pytest.mark.parametrize("code", ["40333.5", "true", "null", "1e400", '"140333"', "[]"])
def test_another_code_is_not_the_spend_limit(code: str) -> None:
    body = b'{"errors":[{"code":%s,"detail":"40333"}]}' % code.encode()
    assert session(Script(httpx.Response(429, content=body))).send(writing()).attempts == 3


# What httpx refuses to write


def test_a_head_that_is_refused_was_not_sent_and_its_text_is_not_shown() -> None:
    script = Script(httpx.LocalProtocolError("Illegal header value b' s3cret'"))
    with pytest.raises(errors.ConnectionNeverMade, match=r"was not sent: LocalProtocolError$") as caught:
        session(script).send(writing())
    assert len(script.requests) == 1
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("foreign", [False, True])
def test_a_refusal_that_may_come_after_the_head_is_an_unknown_outcome(foreign: bool) -> None:
    text = "Illegal header value" if foreign else "Too little data for declared Content-Length"
    script = Script(httpx.LocalProtocolError(text))
    with pytest.raises(errors.OutcomeUnknown):
        session(Foreign(script) if foreign else script).send(writing())
    assert len(script.requests) == 1
