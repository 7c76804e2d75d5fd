"""Errors say what happened, carry everything that came, survive pickling, and keep credentials to themselves."""

from __future__ import annotations

import copy
import inspect
import pickle
import traceback
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telnyx_bindings import errors
from telnyx_bindings.runtime import errors as tree
from telnyx_bindings.runtime.answer import Answer
from telnyx_bindings.runtime.call import Operation

from contract_tests.unit.package.network import ID, TOKEN, Script, telnyx

UPDATE = Operation("updateThing", "PATCH", "/things/{id}")
ENTRY = {
    "code": "10015",
    "title": "Bad Request",
    "detail": "The value is not valid.",
    "source": {"pointer": "/name"},
    "meta": {"url": "https://developers.telnyx.com/docs/overview/errors/10015"},
}


def refused(status: int, json: Any = None, **headers: str) -> httpx.Response:
    """An answer without success."""
    return httpx.Response(status, json=json, headers={name.replace("_", "-"): value for name, value in headers.items()})


def raised(response: httpx.Response, **options: Any) -> errors.TelnyxError:
    """The error that a call ends in."""
    with pytest.raises(errors.TelnyxError) as caught:
        telnyx(Script(response), **options).messaging_profiles.retrieve(ID)
    return caught.value


def test_the_tree_is_the_one_that_its_module_draws() -> None:
    drawn = {line.split()[1]: line.index("── ") for line in (tree.__doc__ or "").splitlines() if "── " in line}
    classes = {name: value for name, value in vars(errors).items() if inspect.isclass(value) and name != "ErrorDetail"}
    assert drawn.keys() | {"TelnyxError"} >= classes.keys()
    for name, kind in classes.items():
        if name != "TelnyxError":
            parent = errors.ApiError if drawn[name] > drawn["ApiError"] else errors.TelnyxError
            assert kind.__bases__ == (parent,), name
    assert set(errors.__all__) == {*classes, "ErrorDetail"}


def test_an_error_entry_is_there_in_all_its_parts() -> None:
    error = raised(refused(422, {"errors": [ENTRY]}, x_request_id="r-1"))
    assert isinstance(error, errors.Unprocessable)
    (entry,) = error.errors
    assert (entry.code, entry.title, entry.detail) == ("10015", "Bad Request", "The value is not valid.")
    assert (entry.pointer, entry.parameter) == ("/name", None)
    assert entry.meta == ENTRY["meta"]
    assert entry.raw == ENTRY
    assert error.request_id == "r-1"
    assert str(error) == (
        "GET /messaging_profiles/{id} answered 422: 10015 Bad Request: The value is not valid. (/name) (request r-1)"
    )


def test_entries_that_are_not_as_described_are_still_entries() -> None:
    odd = {"errors": [{"code": 10015, "source": {"parameter": "page[size]"}, "meta": [1]}, "text", None]}
    first, second, third = raised(refused(400, odd)).errors
    assert (first.code, first.parameter, first.meta) == ("10015", "page[size]", {})
    assert (second.code, second.raw) == (None, "text")
    assert third.raw is None


def test_when_to_come_back_is_a_timedelta_on_throttling_alone() -> None:
    assert raised(refused(429, x_ratelimit_reset="15")).retry_after == timedelta(seconds=15)
    assert raised(refused(429, retry_after="3", x_ratelimit_reset="15")).retry_after == timedelta(seconds=3)
    assert raised(refused(503, retry_after="3")).retry_after == timedelta(seconds=3)
    assert raised(refused(429)).retry_after is None
    error = raised(refused(422, x_ratelimit_reset="15", x_ratelimit_remaining="0"))
    assert error.retry_after is None
    assert error.rate_limit is not None
    assert error.rate_limit.remaining == 0


def test_the_spend_limit_is_no_throttling() -> None:
    error = raised(refused(429, {"errors": [{"code": "40333", "title": "Messaging profile spend limit reached"}]}))
    assert type(error) is errors.SpendLimitReached
    assert not isinstance(error, errors.RateLimited)
    assert type(raised(refused(429, {"errors": [{"code": "10011", "detail": "40333"}]}))) is errors.RateLimited


@pytest.mark.parametrize("kind", [getattr(errors, name) for name in errors.__all__ if name != "ErrorDetail"])
def test_every_error_survives_pickle_and_copy_with_all_it_has(kind: type[errors.TelnyxError]) -> None:
    headers = httpx.Headers({"x-request-id": "r", "retry-after": "3"})
    error = kind("what", method="GET", path="/a/{id}", status=429, headers=headers, body=b"{}", attempts=2, elapsed=1.5)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is kind
        assert (str(other), vars(other)) == (str(error), vars(error))
        assert (other.request_id, other.retry_after) == ("r", timedelta(seconds=3))


@pytest.mark.parametrize("said", [TOKEN, "KEY0123456789ABCDEF_other", "Bearer abc.def", f"x{TOKEN}y"])
def test_no_token_that_a_server_repeats_is_printed(said: str) -> None:
    error = raised(refused(401, {"errors": [{"code": "10009", "title": said, "detail": said}]}, x_request_id=said))
    printed = "".join(traceback.format_exception(error)) + repr(error)
    assert "10009" in printed
    for secret in (TOKEN, "0123456789ABCDEF", "abc.def"):
        assert secret not in printed


def test_no_token_is_printed_when_nothing_was_sent() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"refused {request.headers['authorization']}", request=request)

    with pytest.raises(errors.ConnectionNeverMade) as caught:
        telnyx(refuse).messaging_profiles.retrieve(ID)
    assert TOKEN not in str(caught.value) + repr(caught.value)
    assert "ConnectError: refused ***" in str(caught.value)


def test_a_refusal_without_entries_says_what_came_instead() -> None:
    html = httpx.Response(502, content=b"<html>", headers={"content-type": "text/html; charset=utf-8"})
    assert str(raised(html)).endswith("answered 502: no error entries, text/html, 6 bytes")
    assert str(raised(httpx.Response(502))).endswith("answered 502: empty body")
    assert raised(html).errors == ()


def test_a_text_of_a_server_is_kept_to_one_short_line() -> None:
    error = raised(refused(400, {"errors": [{"code": "1", "detail": "a\nb " * 1000}]}))
    assert "\n" not in str(error)
    assert len(str(error)) < 500


def test_the_answer_says_who_it_is_about_without_values() -> None:
    answer = Answer(UPDATE, 200, httpx.Headers({"x-telnyx-request-id": "r"}), b"secret", secret=TOKEN)
    assert (answer.operation_id, answer.method, answer.template, answer.request_id) == (
        "updateThing",
        "PATCH",
        "/things/{id}",
        "r",
    )
    assert repr(answer) == "Answer(Operation('updateThing', 'PATCH', '/things/{id}'), status=200, 6 bytes)"


@pytest.mark.parametrize("before", range(280, 304))
def test_no_part_of_a_key_is_left_where_a_message_is_cut(before: int) -> None:
    opaque = "qqqq-zzzz-of-another-kind"
    for key in ("KEY0123456789abcdef", opaque):
        said = "x" * (before - 1) + " " + key
        script = Script(refused(422, {"errors": [{"detail": said}]}, x_request_id=said))
        with pytest.raises(errors.Unprocessable) as caught:
            telnyx(script).with_options(api_key=opaque).messaging_profiles.retrieve(ID)
        assert key[:4] not in str(caught.value)


def test_an_entry_shows_neither_keys_nor_what_else_came() -> None:
    entry = {**ENTRY, "detail": "The key KEY0123456789abcdef is wrong.", "echo": "hidden", "meta": {"body": "hidden"}}
    (found,) = raised(refused(422, {"errors": [entry]})).errors
    assert found.detail == "The key *** is wrong."
    assert found.raw == entry
    assert "hidden" not in repr(found)
    assert "0123" not in repr(found)
    assert "code='10015'" in repr(found)
