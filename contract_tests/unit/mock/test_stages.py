"""The stages before an action: routing, authentication, quota, decoding; and the headers of every answer."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

import pytest

from contract_tests.description import Description
from contract_tests.mock import decode
from contract_tests.mock.app import create_app
from contract_tests.mock.exchange import Refusal, Request
from contract_tests.unit.mock.conversation import TOKEN, Ask
from contract_tests.unit.mock.library import document

BAD_CREDENTIALS = ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", TOKEN, "bearer\t"]


# --- route


def test_a_fixed_path_wins_over_a_template(ask: Ask) -> None:
    ask.create_book()
    assert isinstance(ask("GET", "/books/latest").data, list)


@pytest.mark.parametrize(
    "path", ["", "/", "/shelves/", "/shelves//books", "//shelves", "/shelves/a/b/c", "/Shelves", "/shelves%2Fa/books/x"]
)
def test_an_unknown_path_is_not_found_before_credentials_are_looked_at(ask: Ask, path: str) -> None:
    reply = ask("GET", path, headers={"authorization": ""})
    assert (reply.status, reply.places) == (404, [("10005", None)])


@pytest.mark.parametrize("path", [b"/shelves", b"/v3/shelves", b"/v2shelves", b"*", b"", b"http://host/v2/shelves"])
def test_nothing_is_served_outside_the_base_path(ask: Ask, path: bytes) -> None:
    assert ask.mock.respond(Request("GET", path))[0] == 404


def test_the_base_path_is_that_of_the_description_s_server() -> None:
    spec = document()
    spec["servers"][0]["url"] = "https://library.example/api/v7/"
    mock = create_app(Description(spec))
    assert mock.base_path == "/api/v7"
    assert mock.respond(Request("GET", b"/api/v7/books/latest"))[0] == 401


@pytest.mark.parametrize("method", ["PUT", "HEAD", "OPTIONS", "TRACE", "DELETE", "BREW", "get"])
def test_a_method_that_the_path_lacks_is_refused_naming_the_others(ask: Ask, method: str) -> None:
    reply = ask(method, "/shelves", headers={"authorization": ""})
    assert (reply.status, reply.places, reply.headers["allow"]) == (405, [("10030", None)], "GET, POST")


# --- authenticate


@pytest.mark.parametrize("value", BAD_CREDENTIALS)
def test_credentials_that_cannot_be_read_are_refused(ask: Ask, value: str) -> None:
    reply = ask("GET", "/shelves", headers={"authorization": value})
    assert (reply.status, reply.places) == (401, [("10009", None)])


def test_two_authorization_headers_are_refused(ask: Ask) -> None:
    headers = ((b"authorization", b"Bearer a"), (b"authorization", b"Bearer a"))
    assert ask.mock.respond(Request("GET", b"/v2/shelves", headers=headers))[0] == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_without_a_key_any_token_passes_and_every_answer_says_so(ask: Ask, scheme: str) -> None:
    reply = ask("GET", "/shelves", headers={"authorization": f"{scheme} whatever"})
    assert (reply.status, reply.headers["x-mock-credentials"]) == (200, "any")
    assert ask("GET", "/nowhere").headers["x-mock-credentials"] == "any"


def test_with_a_key_that_token_alone_passes_and_no_answer_says_otherwise() -> None:
    mock = create_app(Description(document()), api_key=TOKEN)
    assert Ask(mock)("GET", "/shelves").status == 200
    for wrong in (TOKEN[:-1], TOKEN + "x", TOKEN.lower(), "ü"):
        reply = Ask(mock)("GET", "/shelves", headers={"authorization": f"Bearer {wrong}"})
        assert (reply.status, reply.places) == (401, [("10009", None)])
        assert "x-mock-credentials" not in reply.headers
        assert wrong not in reply.content.decode() and TOKEN not in reply.content.decode()


def test_an_operation_without_security_asks_for_no_token(ask: Ask) -> None:
    assert ask("GET", "/books?reader=me", headers={"authorization": ""}).status == 200


def test_refused_credentials_stop_a_request_before_its_body_is_read(ask: Ask) -> None:
    assert ask("POST", "/shelves", content=b"{", headers={"authorization": ""}).status == 401


# --- rate limit


def test_the_quota_is_counted_per_operation_and_full_minute() -> None:
    mock = create_app(Description(document()), rate_limit=2)
    mock.clock.set(datetime(2026, 3, 1, 12, 0, 45, tzinfo=UTC))
    ask = Ask(mock)
    replies = [ask("GET", "/shelves") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert [reply.headers["x-ratelimit-remaining"] for reply in replies] == ["1", "0", "0"]
    assert {reply.headers["x-ratelimit-limit"] for reply in replies} == {"2, 2;w=60"}
    assert {reply.headers["x-ratelimit-reset"] for reply in replies} == {"15"}
    assert replies[2].places == [("10011", None)]
    assert replies[2].headers["x-envoy-ratelimited"] == "true"
    assert "retry-after" not in replies[2].headers
    assert ask("GET", "/books/latest").status == 200, "another operation has its own quota"
    mock.clock.advance(14.999)
    assert ask("GET", "/shelves").status == 429
    mock.clock.advance(0.001)
    assert ask("GET", "/shelves").headers["x-ratelimit-reset"] == "60"


def test_requests_that_are_refused_earlier_cost_no_quota() -> None:
    ask = Ask(create_app(Description(document()), rate_limit=1))
    ask.mock.clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    assert ask("GET", "/shelves", headers={"authorization": ""}).headers["x-ratelimit-remaining"] == "1"
    assert ask("PUT", "/shelves").status == 405
    assert ask("GET", "/nowhere").headers["x-ratelimit-remaining"] == "1"
    assert ask("GET", "/shelves").status == 200


# --- decode


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=UTF-8", 201),
        ('application/json;charset="utf-8"', 201),
        ("", 400),
        ("text/plain", 400),
        ("application/x-www-form-urlencoded", 400),
        ("application/json; charset=utf-16", 400),
        ("application/jsonx", 400),
    ],
)
def test_a_body_must_be_announced_as_json(ask: Ask, content_type: str, status: int) -> None:
    reply = ask("POST", "/shelves", {"label": "maps", "subjects": ["a"]}, headers={"content-type": content_type})
    assert reply.status == status
    if status == 400:
        assert reply.places == [("10029", None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "10023"),
        (b"{", "10023"),
        (b'{"label": NaN}', "10023"),
        (b'{"label": 1e999}', "10023"),
        (b'{"label": "\\ud800"}', "10023"),
        (b"{'label': 1}", "10023"),
        (b"\xef\xbb\xbf{}", "10023"),
        (b"{}\x00", "10023"),
        (b"{}{}", "10023"),
        (b'{"label": "\xff"}', "10028"),
        (b"\x1f\x8b\x08\x00", "10028"),
        (b"[" * 5000, "10023"),
        (b'{"x":' * 101 + b"1" + b"}" * 101, "10023"),
        (b"[" * 1000 + b"]" * 1000, "10023"),
    ],
)
def test_what_is_no_json_is_refused_with_400(ask: Ask, content: bytes, code: str) -> None:
    reply = ask("POST", "/shelves", content=content)
    assert (reply.status, reply.places) == (400, [(code, None)])


def test_nesting_is_allowed_up_to_its_limit_and_a_wide_body_is_not_deep(ask: Ask) -> None:
    deep = b'{"x":' * 99 + b"{}" + b"}" * 99
    assert decode.depth(decode.parse(deep)) == 100
    wide = {"label": "maps", "subjects": ["a"], "x": [[] for _ in range(500)]}
    assert ask("POST", "/shelves", wide).status == 201


def test_a_body_above_the_limit_is_refused_as_too_large(ask: Ask) -> None:
    at_limit = b'{"label":"maps","subjects":["' + b"a" * (decode.BODY_LIMIT - 32) + b'"]}'
    assert len(at_limit) == decode.BODY_LIMIT
    assert ask("POST", "/shelves", content=at_limit).status == 201
    refused = ask("POST", "/shelves", content=at_limit + b" ")
    assert (refused.status, refused.places) == (413, [("10015", None)])


def test_a_body_that_nothing_reads_is_ignored(ask: Ask) -> None:
    assert ask("GET", "/shelves", content=b"{not json").status == 200


def test_of_two_members_of_one_name_the_last_counts(ask: Ask) -> None:
    reply = ask("POST", "/shelves", content=b'{"label":"maps","label":"atlases","subjects":["a"]}')
    assert reply.data["label"] == "atlases"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"", {}),
        (b"page[size]=1&page%5Bsize%5D=2", {"page[size]": ["1", "2"]}),
        (b"a=b+c%20d&a", {"a": ["b c d", ""]}),
        (b"&&=x&", {"": ["x"]}),
        (b"a=%zz%4", {"a": ["%zz%4"]}),
        (b"a=%ff\xfe%00", {"a": ["\ufffd\ufffd\x00"]}),
        (b"a=b=c", {"a": ["b=c"]}),
    ],
)
def test_query_strings_are_read_leniently(query: bytes, expected: dict[str, list[str]]) -> None:
    assert decode.decode_query(query) == expected


def test_a_huge_query_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        decode.decode_query(b"a" * (decode.QUERY_LIMIT + 1))
    assert refused.value.status == 414


# --- every answer


def test_every_answer_has_its_content_type_request_id_and_rate_limit_headers(ask: Ask) -> None:
    seen = set()
    for method, path in (("GET", "/shelves"), ("GET", "/nowhere"), ("PUT", "/shelves"), ("POST", "/shelves")):
        headers = ask(method, path).headers
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", headers["x-request-id"])
        assert re.fullmatch(r"\d+, \d+;w=60", headers["x-ratelimit-limit"])
        assert 1 <= int(headers["x-ratelimit-reset"]) <= 60
        seen.add(headers["x-request-id"])
    assert len(seen) == 4


def test_errors_have_the_form_seen_on_the_wire(ask: Ask) -> None:
    (error,) = ask("GET", f"/shelves/{'0' * 8}").errors
    assert list(error) == ["code", "detail", "meta", "title"]
    assert error["meta"] == {"url": "https://developers.telnyx.com/docs/overview/errors/10005"}
    assert (error["code"], error["title"]) == ("10005", "Resource not found")
    (error,) = ask("GET", "/shelves?page[size]=x").errors
    assert (error["title"], error["source"]) == ("Invalid pagination", {"parameter": "page[size]"})


def test_a_fault_of_the_mock_is_answered_in_the_envelope_and_logged(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ask.mock, "_serve", None)
    with caplog.at_level(logging.ERROR):
        reply = ask("GET", "/shelves")
    assert (reply.status, reply.places) == (500, [("10007", None)])
    assert "failed at GET" in caplog.text and "Traceback" not in reply.content.decode()
