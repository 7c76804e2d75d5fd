"""What stands behind an error, as its cause or its context, shows no more than the error itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
from telnyx_bindings import errors
from telnyx_bindings.runtime.retry import RetryPolicy

from contract_tests.unit.package.network import BASE, TOKEN, Script, async_telnyx, telnyx

SECRET = "s3cret-of-the-peer"
HIDDEN = httpx.RemoteProtocolError(f"illegal status line: 'Bearer {TOKEN}'")
QUOTING = httpx.LocalProtocolError(f"Illegal header value {SECRET!r}")
PLAIN = httpx.ReadTimeout("too slow")
TWICE = RetryPolicy(attempts=2, first_wait=0)


def behind(problem: BaseException) -> Iterator[BaseException]:
    """Every exception that goes along, suppressed or not."""
    for one in (problem.__cause__, problem.__context__):
        if one is not None:
            yield one
            yield from behind(one)


def sync_call(step: httpx.Response | Exception) -> None:
    """A call by the synchronous client."""
    telnyx(Script(step), retry=TWICE).request("GET", "/things")


def async_call(step: httpx.Response | Exception) -> None:
    """The same by the asynchronous one."""
    asyncio.run(async_telnyx(Script(step), retry=TWICE).request("GET", "/things"))


CALLS = pytest.mark.parametrize("call", [sync_call, async_call])


@CALLS
@pytest.mark.parametrize("problem", [HIDDEN, QUOTING], ids=["credentials", "header"])
def test_what_must_not_be_shown_does_not_go_along(
    call: Callable[[httpx.Response | Exception], None], problem: Exception
) -> None:
    with pytest.raises(errors.TelnyxError) as caught:
        call(problem)
    assert list(behind(caught.value)) == []
    assert TOKEN not in str(caught.value)
    assert SECRET not in str(caught.value)


@CALLS
def test_a_harmless_cause_goes_along_once(call: Callable[[httpx.Response | Exception], None]) -> None:
    with pytest.raises(errors.OutcomeUnknown) as caught:
        call(PLAIN)
    assert caught.value.__cause__ is PLAIN
    assert caught.value.__context__ is None


def test_what_the_caller_was_handling_stays_the_context() -> None:
    outer = KeyError("of the caller")
    with pytest.raises(errors.OutcomeUnknown) as caught:
        try:
            raise outer
        except KeyError:
            sync_call(PLAIN)
    assert caught.value.__context__ is outer


def test_an_answer_that_is_no_json_does_not_go_along_a_second_time() -> None:
    client = telnyx(Script(httpx.Response(200, text=f"<html>{SECRET}")))
    with pytest.raises(errors.AnswerUnreadable) as caught:
        client.messaging_profiles.retrieve("x")
    assert list(behind(caught.value)) == []
    assert SECRET not in str(caught.value)
    assert SECRET.encode() in caught.value.body


@pytest.mark.parametrize("said", [SECRET, TOKEN])
def test_an_answer_that_breaks_its_model_shows_no_token(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from telnyx_bindings.models import MessagingProfileResponse

    def broken(*arguments: object) -> None:
        raise ValueError(said)

    monkeypatch.setattr(MessagingProfileResponse, "from_dict", broken)
    with pytest.raises(errors.AnswerUnreadable, match="can't be made a model: ValueError") as caught:
        telnyx(Script(httpx.Response(200, json={}))).messaging_profiles.retrieve("x")
    assert all(TOKEN not in str(one) for one in behind(caught.value))
    assert (caught.value.__cause__ is None) == (said == TOKEN)


@CALLS
def test_a_transport_that_cannot_be_made_again_is_the_cause_and_no_context(
    call: Callable[[httpx.Response | Exception], None],
) -> None:
    made: list[int] = []

    def make() -> httpx.MockTransport:
        made.append(1)
        if len(made) > 1:
            raise OSError(f"no transport for Bearer {TOKEN}")
        return httpx.MockTransport(Script(httpx.Response(503)))

    if call is sync_call:
        client = telnyx(Script()).with_options(transport=make, base_url=BASE, retry=TWICE)
        client.session._wait = lambda seconds: client.session.close()
        with pytest.raises(errors.TelnyxError) as caught:
            client.request("GET", "/things")
    else:
        other = async_telnyx(Script()).with_options(transport=make, base_url=BASE, retry=TWICE)
        other.session._wait = lambda seconds: other.session.aclose()
        with pytest.raises(errors.TelnyxError) as caught:
            asyncio.run(other.request("GET", "/things"))
    assert list(behind(caught.value)) == []
