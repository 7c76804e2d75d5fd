"""What a strike does, step by step: what goes out, where it breaks off, and whether the request was processed."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from contract_tests.description import load
from contract_tests.mock.app import create_app
from contract_tests.mock.exchange import Header, Request
from contract_tests.mock.faults import Fault, Strike, in_process
from contract_tests.mock.faults.script import Break, Head, Piece, Response, Step, Wait, script

BODY = json.dumps({"data": "x" * 100}).encode()
HEADERS: list[Header] = [
    (b"content-length", b"%d" % len(BODY)),
    (b"content-type", b"application/json; charset=utf-8"),
    (b"x-ratelimit-remaining", b"9"),
    (b"x-request-id", b"1"),
]


class Asked:
    """Stands for a mock: counts what was processed, and notes what was not."""

    def __init__(self) -> None:
        self.processed = 0
        self.noted: list[int] = []

    def respond(self) -> Response:
        """Process the request."""
        self.processed += 1
        return 200, list(HEADERS), BODY

    def unprocessed(self, status: int) -> Response:
        """Only note it."""
        self.noted.append(status)
        return 503, list(HEADERS), b"{}"

    def steps(self, kind: str, chance: float = 0.5, **settings: Any) -> list[Step]:
        """All steps of a fault."""
        return list(script(Strike(Fault.of(kind, **settings), chance), self.respond, self.unprocessed))


@pytest.fixture
def asked() -> Asked:
    """A new one for each test."""
    return Asked()


def parts(steps: list[Step]) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of steps that are one whole answer."""
    head, piece = steps
    assert isinstance(head, Head) and isinstance(piece, Piece) and piece.last
    headers = dict(head.headers)
    assert len(headers) == len(head.headers), "a header stands twice"
    assert headers[b"content-length"] == b"%d" % len(piece.content)
    return head.status, headers, piece.content


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 0.5), (0.5, 1.0), (1.0, 1.5)])
def test_latency_waits_before_processing_within_its_jitter(asked: Asked, chance: float, seconds: float) -> None:
    wait, *answer = asked.steps("latency", chance, seconds=1.0, jitter=0.5)
    assert wait == Wait(seconds) and parts(answer) == (200, dict(HEADERS), BODY)


def test_latency_never_runs_backwards(asked: Asked) -> None:
    assert asked.steps("latency", 0.0, seconds=0.1, jitter=5.0)[0] == Wait(0.0)


def test_the_request_is_processed_when_its_turn_has_come_not_before(asked: Asked) -> None:
    steps = script(Strike(Fault.of("latency"), 0.5), asked.respond, asked.unprocessed)
    next(steps)
    assert asked.processed == 0
    next(steps)
    assert asked.processed == 1


def test_throttling_is_a_429_as_measured_live(asked: Asked) -> None:
    status, headers, body = parts(asked.steps("throttle", reset=12))
    assert (status, asked.processed, asked.noted) == (429, 0, [429])
    assert json.loads(body)["errors"][0]["code"] == "10011"
    assert headers[b"x-ratelimit-remaining"] == b"0" and headers[b"x-ratelimit-reset"] == b"12"
    assert headers[b"x-envoy-ratelimited"] == b"true" and b"retry-after" not in headers


@pytest.mark.parametrize(("status", "code"), [(503, "10037"), (500, "10007"), (599, "10007")])
def test_an_error_as_json_keeps_to_the_envelope(asked: Asked, status: int, code: str) -> None:
    found, headers, body = parts(asked.steps("error", status=status))
    assert (found, json.loads(body)["errors"][0]["code"], asked.noted) == (status, code, [status])
    assert headers[b"content-type"].startswith(b"application/json")


def test_an_error_as_html_or_without_a_body(asked: Asked) -> None:
    _, headers, body = parts(asked.steps("error", body="html", status=520))
    assert headers[b"content-type"].startswith(b"text/html") and body.startswith(b"<html>")
    _, headers, body = parts(asked.steps("error", body="empty"))
    assert b"content-type" not in headers and body == b""


@pytest.mark.parametrize("kind", ["error", "reset", "close"])
@pytest.mark.parametrize("processed", [True, False])
def test_a_fault_comes_before_or_after_processing(asked: Asked, kind: str, processed: bool) -> None:
    asked.steps(kind, processed=processed)
    assert (asked.processed, len(asked.noted)) == ((1, 0) if processed else (0, 1))


def test_the_connection_breaks_off_as_told(asked: Asked) -> None:
    assert asked.steps("reset") == [Break(reset=True)]
    assert asked.steps("close") == [Break(reset=False)]
    assert asked.steps("refuse", seconds=2.0) == [Break(reset=True, refuse=2.0)]
    assert asked.noted == [0, 0, 0]


@pytest.mark.parametrize(("keep", "size"), [(0, 0), (0.5, len(BODY) // 2), (1, len(BODY) - 1)])
def test_a_truncated_body_lacks_at_least_a_byte_of_what_is_announced(asked: Asked, keep: float, size: int) -> None:
    head, piece, end = asked.steps("truncate", keep=keep)
    assert isinstance(head, Head) and dict(head.headers)[b"content-length"] == b"%d" % len(BODY)
    assert piece == Piece(BODY[:size], last=False) and end == Break(reset=False)


def test_wrong_compression_is_no_gzip_of_the_body(asked: Asked) -> None:
    for form in ("plain", "spoilt", "cut"):
        _, headers, body = parts(asked.steps("wrong-gzip", form=form))
        assert headers[b"content-encoding"] == b"gzip"
        with pytest.raises((OSError, EOFError, zlib.error)):
            gzip.decompress(body)


def test_a_dripping_body_is_whole_in_the_end(asked: Asked) -> None:
    head, *rest = asked.steps("drip", bytes=30, seconds=0.5)
    assert isinstance(head, Head)
    assert b"".join(one.content for one in rest if isinstance(one, Piece)) == BODY
    assert [one.seconds for one in rest if isinstance(one, Wait)] == [0.5] * -(-len(BODY) // 30)
    assert [one.last for one in rest if isinstance(one, Piece)].index(True) == len(rest) // 2


def test_a_duplicate_is_processed_as_often_as_told(asked: Asked) -> None:
    assert parts(asked.steps("duplicate", times=3))[0] == 200
    assert asked.processed == 3


# What httpx raises without a network is what it raises over a socket: the scenarios show the other side.
RAISED = [
    ("reset", {}, httpx.ReadError),
    ("close", {}, httpx.RemoteProtocolError),
    ("truncate", {}, httpx.RemoteProtocolError),
    ("refuse", {}, httpx.ConnectError),
    ("latency", {"seconds": 9}, httpx.ReadTimeout),
    ("drip", {"seconds": 9}, httpx.ReadTimeout),
]


@pytest.mark.parametrize(("kind", "settings", "error"), RAISED, ids=[one[0] for one in RAISED])
def test_in_process_a_fault_raises_what_httpx_does(
    asked: Asked, kind: str, settings: dict[str, Any], error: type[Exception]
) -> None:
    waited: list[float] = []
    steps = script(Strike(Fault.of(kind, **settings), 0.5), asked.respond, asked.unprocessed)
    with pytest.raises(error):
        in_process.respond(steps, 5.0, waited.append)
    assert waited == ([5.0] if settings else [])


def test_in_process_an_answer_that_comes_in_time_is_whole(asked: Asked) -> None:
    waited: list[float] = []
    steps = script(Strike(Fault.of("drip", bytes=50, seconds=1.0), 0.5), asked.respond, asked.unprocessed)
    status, _, body = in_process.respond(steps, 5.0, waited.append)
    assert (status, body, sum(waited)) == (200, BODY, 3.0)


def test_what_was_struck_stands_in_the_log_with_what_came_of_it() -> None:
    mock = create_app(load(), faults=[Fault.of("reset", count=1), Fault.of("error", count=1), Fault.of("duplicate")])
    request = Request("GET", b"/v2/messaging_profiles", b"", ((b"authorization", b"Bearer x"),))
    for _ in range(3):
        steps = mock.strike(request)
        assert steps is not None
        list(steps)
    assert [(one.operation_id, one.status) for one in mock.requests] == [
        ("listMessagingProfiles", status) for status in (0, 503, 200, 200)
    ]
