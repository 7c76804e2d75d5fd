"""Whatever a server answers, the caller gets a result or a ``TelnyxError`` that carries what came: never anything else.

On a real socket, because half of what can go wrong never gets through a mocked transport.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import pickle
import zlib
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telnyx_bindings import AsyncTelnyx, Telnyx, errors
from telnyx_bindings.models import MessagingProfileResponse
from telnyx_bindings.types import Response

from contract_tests.unit.package.network import ID, ONCE, TOKEN, RawServer, raw_answer, raw_server, telnyx

GOOD = json.dumps({"data": {"id": ID, "name": "Profile"}}).encode()
PACKED = gzip.compress(GOOD * 50)
JSON = b"content-type: application/json"
GZIP = b"content-encoding: gzip"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
Kind = type[errors.TelnyxError]

RESULTS = {
    "plain": raw_answer(b"200 OK", GOOD, JSON),
    "another success": raw_answer(b"202 Accepted", GOOD, JSON),
    "unknown success": raw_answer(b"299 Fine", GOOD),
    "no content type": raw_answer(b"200 OK", GOOD),
    "odd content type": raw_answer(b"200 OK", GOOD, b"content-type: \xff;;charset=\xfe"),
    "gzip": raw_answer(b"200 OK", gzip.compress(GOOD), GZIP),
    "gzip in members": raw_answer(b"200 OK", gzip.compress(GOOD[:9]) + gzip.compress(GOOD[9:]), GZIP),
    "gzip twice": raw_answer(b"200 OK", gzip.compress(gzip.compress(GOOD)), b"content-encoding: gzip, gzip"),
    "deflate": raw_answer(b"200 OK", zlib.compress(GOOD), b"content-encoding: deflate"),
    "deflate without header": raw_answer(b"200 OK", zlib.compress(GOOD)[2:-4], b"content-encoding: deflate"),
    "utf-16": raw_answer(b"200 OK", GOOD.decode().encode("utf-16"), JSON),
    "byte order mark": raw_answer(b"200 OK", b"\xef\xbb\xbf" + GOOD, JSON),
    "http 1.0 until the end": b"HTTP/1.0 200 OK\r\n\r\n" + GOOD,
    "early hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" + raw_answer(b"200 OK", GOOD),
}
FAILURES: dict[str, tuple[bytes, Kind, int | None]] = {
    "nothing": (b"", errors.OutcomeUnknown, None),
    "no http": (b"\x16\x03\x01\xff\r\n\r\n", errors.OutcomeUnknown, None),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", errors.OutcomeUnknown, None),
    "status 099": (raw_answer(b"099 Low", GOOD), errors.OutcomeUnknown, None),
    "status 1000": (raw_answer(b"1000 High", GOOD), errors.OutcomeUnknown, None),
    "status of letters": (raw_answer(b"abc", GOOD), errors.OutcomeUnknown, None),
    "only 100": (b"HTTP/1.1 100 Continue\r\n\r\n", errors.OutcomeUnknown, None),
    "101": (raw_answer(b"101 Switching", b"", b"upgrade: x", b"connection: upgrade"), errors.OutcomeUnknown, None),
    "headers without end": (b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000, errors.OutcomeUnknown, None),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        errors.OutcomeUnknown,
        None,
    ),
    "body too short": (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", errors.OutcomeUnknown, 200),
    "no chunk": (CHUNKED + b"ZZ\r\n", errors.OutcomeUnknown, 200),
    "chunk too short": (CHUNKED + b"10\r\nabc", errors.OutcomeUnknown, 200),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", errors.AnswerUnreadable, 204),
    "empty": (raw_answer(b"200 OK"), errors.AnswerUnreadable, 200),
    "html": (raw_answer(b"200 OK", b"<html>", b"content-type: text/html"), errors.AnswerUnreadable, 200),
    "list": (raw_answer(b"200 OK", b"[]"), errors.AnswerUnreadable, 200),
    "null": (raw_answer(b"200 OK", b"null"), errors.AnswerUnreadable, 200),
    "half of it": (raw_answer(b"200 OK", GOOD[:20]), errors.AnswerUnreadable, 200),
    "no text": (raw_answer(b"200 OK", b'{"data":"\xff"}'), errors.AnswerUnreadable, 200),
    "too deep": (raw_answer(b"200 OK", b"[" * 200_000), errors.AnswerUnreadable, 200),
    "too many digits": (raw_answer(b"200 OK", b'{"data":' + b"9" * 5000 + b"}"), errors.AnswerUnreadable, 200),
    "gzip cut off": (raw_answer(b"200 OK", PACKED[:-9], GZIP), errors.AnswerUnreadable, 200),
    "no gzip": (raw_answer(b"200 OK", GOOD, GZIP), errors.AnswerUnreadable, 200),
    "an encoding nobody asked for": (
        raw_answer(b"200 OK", GOOD, b"content-encoding: br"),
        errors.AnswerUnreadable,
        200,
    ),
    "301": (raw_answer(b"301 Moved", b"", b"location: http://127.0.0.1:1/"), errors.UnexpectedStatus, 301),
    "302 to nowhere": (raw_answer(b"302 Found", b"", b"location: http://[::1/"), errors.UnexpectedStatus, 302),
    "304": (b"HTTP/1.1 304 Not Modified\r\n\r\n", errors.UnexpectedStatus, 304),
    "418": (raw_answer(b"418 Teapot"), errors.UnexpectedStatus, 418),
    "430": (raw_answer(b"430 Nothing"), errors.UnexpectedStatus, 430),
    "499": (raw_answer(b"499"), errors.UnexpectedStatus, 499),
    "600": (raw_answer(b"600 Beyond", GOOD), errors.UnexpectedStatus, 600),
    "999": (raw_answer(b"999 Denied", GOOD), errors.UnexpectedStatus, 999),
    "502 html": (raw_answer(b"502 Bad Gateway", b"<html>", b"content-type: text/html"), errors.ServerError, 502),
    "520": (raw_answer(b"520 What", b"\xff\xfe\x00"), errors.ServerError, 520),
    "599": (raw_answer(b"599 Timeout"), errors.ServerError, 599),
    "400": (raw_answer(b"400 Bad", b"[" * 200_000), errors.BadRequest, 400),
    "401": (raw_answer(b"401 Who", b"", b"x-request-id: \xe9\xff"), errors.Unauthorized, 401),
    "403": (raw_answer(b"403 No", b'{"errors":{}}'), errors.PermissionDenied, 403),
    "404": (raw_answer(b"404 No", b'"errors"'), errors.NotFound, 404),
    "409": (raw_answer(b"409 No", b'{"errors":[[],null,1,"x"]}'), errors.Conflict, 409),
    "422": (raw_answer(b"422 No", PACKED[:-9], GZIP), errors.Unprocessable, 422),
    "429": (
        raw_answer(b"429 No", b"", b"retry-after: nan", b"x-ratelimit-limit: " + b"9" * 5000),
        errors.RateLimited,
        429,
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    """A server that answers what it is told to."""
    with raw_server() as running:
        yield running


def ask(server: RawServer, mode: str) -> Response[MessagingProfileResponse]:
    """One request, synchronously or not."""
    if mode == "sync":
        with Telnyx(TOKEN, base_url=server.base_url, retry=ONCE, timeout=5) as client:
            return client.messaging_profiles.with_response.retrieve(ID)

    async def awaited() -> Response[MessagingProfileResponse]:
        async with AsyncTelnyx(TOKEN, base_url=server.base_url, retry=ONCE, timeout=5) as client:
            return await client.messaging_profiles.with_response.retrieve(ID)

    return asyncio.run(awaited())


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("name", RESULTS)
def test_what_can_be_read_is_read(server: RawServer, name: str, mode: str) -> None:
    server.payload = RESULTS[name]
    result = ask(server, mode)
    assert 200 <= result.status < 300
    assert result.parsed.to_dict() == json.loads(GOOD)


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_is_an_error_that_carries_it(server: RawServer, name: str, mode: str) -> None:
    payload, kind, status = FAILURES[name]
    server.payload = payload
    with pytest.raises(errors.TelnyxError) as caught:
        ask(server, mode)
    error = caught.value
    assert type(error) is kind
    assert error.status == status
    assert (error.method, error.path, error.attempts) == ("GET", "/messaging_profiles/{id}", 1)
    assert ID not in str(error)
    if status is not None and kind is not errors.OutcomeUnknown:
        assert error.body == payload.partition(b"\r\n\r\n")[2]
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (kind, str(error), vars(error))


# A MockTransport's answers must be well formed HTTP, so bytes on the wire are tried on the socket and contents here.
CONTENT = st.binary() | st.sampled_from([GOOD, PACKED, PACKED[:-9], b"[" * 9999, b"{}"]) | st.text().map(str.encode)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "code", "title", "detail", "source", "pointer", "meta", "id"])
            | st.text(),
            inner,
        )
    ),
).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "content-type",
            "content-encoding",
            "retry-after",
            "x-ratelimit-reset",
            "x-ratelimit-limit",
            "location",
            "x-request-id",
        ]
    ),
    st.sampled_from(["gzip", "application/json", "text/html; charset=utf-7", "deflate, gzip", "1", "//evil", ""])
    | st.text(st.characters(min_codepoint=32, max_codepoint=255)),
)


def outcome(status: int, headers: dict[str, str], body: bytes, **options: bool) -> object:
    """What comes of an answer: the result, or the ``TelnyxError``; anything else is raised."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))

    client = telnyx(answer, **options)
    try:
        return client.messaging_profiles.with_response.retrieve(ID)
    except errors.TelnyxError as error:
        assert error.status == status
        assert TOKEN not in f"{error} {error!r} {error.retry_after} {error.rate_limit} {error.errors!r:.0}"
        assert type(pickle.loads(pickle.dumps(error))) is type(error)
        return error


@given(status=st.integers(100, 999), headers=HEADERS, body=CONTENT | DOCUMENTS, strict=st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_status_header_or_body_escapes(status: int, headers: dict[str, str], body: bytes, strict: bool) -> None:
    result = outcome(status, headers, body, strict=strict, follow_redirects=strict)
    assert isinstance(result, Response) == (200 <= status < 300 and not isinstance(result, errors.AnswerUnreadable))


@given(
    st.binary(max_size=400) | st.tuples(st.sampled_from(sorted(RESULTS)), st.integers(0, 200), st.binary(max_size=9))
)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_no_bytes_on_the_wire_escape(server: RawServer, payload: bytes | tuple[str, int, bytes]) -> None:
    if not isinstance(payload, bytes):
        name, place, inserted = payload
        payload = RESULTS[name][:place] + inserted + RESULTS[name][place + len(inserted) :]
    server.payload = payload
    try:
        result = ask(server, "sync")
    except errors.TelnyxError as error:
        assert error.attempts == 1
    else:
        assert 200 <= result.status < 300
