"""Values on their way into a request: encoded, or refused before anything is sent."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import Enum, IntEnum, StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telnyx_bindings.models import MessagingProfile, MessagingProfileUpdate
from telnyx_bindings.runtime import wire
from telnyx_bindings.types import UNSET, File

BASE = "http://127.0.0.1/"
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
# Halves of surrogate pairs have no UTF-8.
UNBROKEN = st.characters(exclude_categories=["Cs"])


class Colour(StrEnum):
    """An enum of texts."""

    RED = "r/d"


class Size(IntEnum):
    """An enum of numbers."""

    TALL = 3


class Plain(Enum):
    """An enum that is neither."""

    A = "a b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a b", "a%20b"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("+12015550123", "%2B12015550123"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        (".a/..b", ".a%2F..b"),
        ("é", "%C3%A9"),
        ("\r\n", "%0D%0A"),
        (UUID(ID), ID),
        (17, "17"),
        (Colour.RED, "r%2Fd"),
        (Plain.A, "a%20b"),
    ],
    ids=ascii,
)
def test_path_segment_is_percent_encoded(value: Any, expected: str) -> None:
    assert wire.path_segment(value) == expected


@pytest.mark.parametrize("value", ["../x", "x/..", "a\\..\\b", "a/./b", "..;x", "/..;/"])
def test_path_segment_that_leads_elsewhere_once_it_is_decoded_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="would address another resource"):
        wire.path_segment(value)


@pytest.mark.parametrize("value", ["", ".", "..", None, UNSET, ["a"], {"a": 1}, b"a", float("nan"), "\ud800"], ids=repr)
def test_path_segment_that_would_lead_elsewhere_or_nowhere_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"can't|surrogates"):
        wire.path_segment(value)


@given(st.text(UNBROKEN, min_size=1).filter(lambda text: "." not in text) | st.from_regex(r"\A[a/\\]*\.\.\.b?\Z"))
@settings(deadline=None)
def test_any_other_text_arrives_as_the_segment_that_it_is(text: str) -> None:
    address = httpx.URL(f"http://127.0.0.1/v2/things/{wire.path_segment(text)}")
    *before, last = address.raw_path.decode().split("/")
    assert before == ["", "v2", "things"]
    assert unquote(last) == text


def test_brackets_of_a_query_are_percent_encoded() -> None:
    assert wire.query([("page[number]", "2"), ("q", "a&b=c d")]) == "page%5Bnumber%5D=2&q=a%26b%3Dc%20d"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, ["true"]),
        (False, ["false"]),
        (1.5, ["1.5"]),
        (Size.TALL, ["3"]),
        (Colour.RED, ["r/d"]),
        (date(2031, 2, 3), ["2031-02-03"]),
        (datetime(2031, 2, 3, tzinfo=UTC), ["2031-02-03T00:00:00+00:00"]),
        (["a", 1], ["a", "1"]),
        ([], []),
    ],
    ids=repr,
)
def test_query_values_are_written_as_the_api_reads_them(value: Any, expected: list[str]) -> None:
    assert list(wire.query_pairs("q", value)) == [("q", one) for one in expected]


@pytest.mark.parametrize("value", [None, UNSET, float("inf"), {"a": 1}, datetime(2031, 2, 3), [None]], ids=repr)
def test_query_value_without_a_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="can't be sent"):
        list(wire.query_pairs("q", value))


@given(st.lists(st.tuples(st.text(UNBROKEN, min_size=1), st.text(UNBROKEN))))
@settings(deadline=None)
def test_any_query_arrives_as_it_was(pairs: list[tuple[str, str]]) -> None:
    address = httpx.URL(f"{BASE}?{wire.query(pairs)}")
    assert parse_qsl(address.query.decode(), keep_blank_values=True) == pairs


def test_json_is_compact_and_knows_what_descriptions_know() -> None:
    value = {"a": [1, None, True], "u": UUID(ID), "d": datetime(2031, 2, 3, tzinfo=UTC), "e": Plain.A, "c": Colour.RED}
    expected = b'{"a":[1,null,true],"u":"%s","d":"2031-02-03T00:00:00+00:00","e":"a b","c":"r/d"}' % ID.encode()
    assert wire.json_bytes(value) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (float("nan"), ValueError),
        ([float("-inf")], ValueError),
        ({"d": datetime(2031, 2, 3)}, ValueError),
        ({"a": UNSET}, TypeError),
        ({"a": object()}, TypeError),
        ({"a": b"bytes"}, TypeError),
    ],
    ids=["nan", "infinity", "no-time-zone", "unset", "no-json", "bytes"],
)
def test_json_that_nobody_could_read_is_refused(value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        wire.json_bytes(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(deadline=None)
def test_any_json_arrives_as_it_was(value: Any) -> None:
    assert json.loads(wire.json_bytes(value)) == value


def test_a_body_holds_what_was_set_and_null_where_null_was_set() -> None:
    assert wire.json_bytes(MessagingProfileUpdate(name="x", number_pool_settings=None)) == (
        b'{"name":"x","number_pool_settings":null}'
    )
    assert wire.json_bytes(MessagingProfileUpdate()) == b"{}"


def test_fields_that_the_server_owns_are_never_sent() -> None:
    received = MessagingProfile.from_dict({"id": ID, "name": "x", "created_at": "2031-02-03T00:00:00Z", "new": 1})
    assert json.loads(wire.json_bytes(received)) == {"name": "x", "new": 1}


def test_bodies_of_other_kinds() -> None:
    assert wire.form_bytes(MessagingProfileUpdate(name="a b", enabled=True)) == b"name=a%20b&enabled=true"
    assert wire.content_bytes(File(payload=b"raw")) == b"raw"
    assert wire.cookies([("a", "1;2"), ("b", "3")]) == "a=1%3B2; b=3"


def test_a_multipart_body_says_its_own_boundary() -> None:
    class Upload:
        """A model with a file, as far as a body needs it."""

        def to_multipart(self) -> list[tuple[str, Any]]:
            """The parts."""
            return [("file", ("a.txt", b"content", "text/plain"))]

    body = wire.multipart_bytes(Upload())
    request = httpx.Request("POST", BASE, content=body, headers={"content-type": wire.multipart_type(body)})
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    assert len(boundary) > 20
    assert body.startswith(b"--" + boundary + b"\r\n")
    assert body.rstrip().endswith(b"--" + boundary + b"--")
    assert b"content" in body


def test_value_that_contains_itself_is_refused() -> None:
    circle: list[object] = []
    circle.append({"a": circle})
    with pytest.raises(ValueError, match="contains itself"):
        wire.json_bytes(circle)
