"""The session sends what it was asked to send, records each answer, and never raises for one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract_tests import session as module
from contract_tests.description import Description
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.session import OMIT, Session
from contract_tests.target import Target

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "patch": {"operationId": "updateThing", "responses": {"200": {"description": "Fine."}}},
        }
    }
}


class Wire:
    """Stands in for the network: keeps the requests, gives one answer or raises."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: httpx.Response | Exception = httpx.Response(200, json={"data": {}})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def always(description: Any, operation: Any, exchange: Any) -> Iterator[Finding]:
    """A check that finds something in every exchange."""
    yield Finding("seen", operation.operation_id, "", "nothing", "something", Severity.ADDITIVE, "always", exchange)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def session(wire: Wire) -> Iterator[Session]:
    target = Target("test", "http://127.0.0.1:1/v2", "KEY_marker")
    made = Session(Description(DOCUMENT), target, "http://127.0.0.1:1/v2/", [always], Findings())
    made._client = httpx.Client(transport=httpx.MockTransport(wire), timeout=module.TIMEOUT)
    yield made
    made.close()


def test_a_call_fills_the_path_and_sends_the_token_and_json(session: Session, wire: Wire) -> None:
    exchange = session.call("updateThing", path={"id": "a/b?c"}, query={"page[size]": 2}, body={"name": "Ä"})
    request = wire.requests[0]
    assert str(request.url) == "http://127.0.0.1:1/v2/things/a%2Fb%3Fc?page%5Bsize%5D=2"
    assert request.headers["authorization"] == "Bearer KEY_marker"
    assert request.headers["content-type"] == "application/json"
    assert request.content == '{"name": "Ä"}'.encode()
    assert (exchange.status, exchange.json) == (200, {"data": {}})


def test_no_body_sends_no_content_type_and_omit_leaves_a_header_out(session: Session, wire: Wire) -> None:
    session.call("updateThing", path={"id": "1"}, headers={"Authorization": OMIT})
    assert "authorization" not in wire.requests[0].headers
    assert "content-type" not in wire.requests[0].headers


def test_every_exchange_is_counted_checked_and_observed(session: Session) -> None:
    seen: list[int] = []
    session.observers.append(lambda operation, exchange: seen.append(exchange.status))
    session.call("updateThing", path={"id": "1"})
    session.call("updateThing", path={"id": "2"})
    assert session.counts["updateThing"] == {200: 2}
    assert seen == [200, 200]
    assert [finding.occurrences for finding in session.findings.all()] == [2]


def test_a_request_without_an_answer_is_status_zero_and_checked_by_nothing(session: Session, wire: Wire) -> None:
    wire.answer = httpx.ReadTimeout("slow")
    exchange = session.call("updateThing", path={"id": "1"})
    assert (exchange.status, exchange.failure) == (0, "ReadTimeout: slow")
    assert session.counts["updateThing"] == {0: 1}
    assert session.findings.all() == []


def test_an_error_that_quotes_the_token_is_redacted(session: Session, wire: Wire) -> None:
    wire.answer = httpx.RemoteProtocolError("illegal status line: bytearray(b'Bearer KEY_marker')")
    assert session.call("updateThing", path={"id": "1"}).failure == (
        "RemoteProtocolError: illegal status line: bytearray(b'Bearer [redacted]')"
    )


def endless(size: int) -> Iterator[bytes]:
    """A body that does not end by itself."""
    while True:
        time.sleep(0.001)
        yield b" " * size


@pytest.mark.parametrize(("size", "deadline", "reason"), [(1, 0.05, "not complete in time"), (1 << 20, 30.0, "8 MiB")])
def test_an_answer_without_end_is_given_up(
    session: Session, wire: Wire, size: int, deadline: float, reason: str
) -> None:
    wire.answer = httpx.Response(200, content=endless(size))
    session.deadline = deadline
    exchange = session.call("updateThing", path={"id": "1"})
    assert (exchange.status, exchange.body) == (0, b"")
    assert reason in exchange.failure


def test_what_is_sent_beside_the_description_is_not_counted(session: Session) -> None:
    assert session.send("GET", "http://127.0.0.1:1/v2/nothing").status == 200
    assert session.counts == {}


def test_same_deviation_at_another_list_position_is_the_same_finding(session: Session) -> None:
    exchange = session.send("GET", "http://127.0.0.1:1/v2/things")
    for pointer in ("/data/0/name", "/data/7/name", "/data/7/other"):
        session.report("kind", exchange, pointer=pointer, expected="a", observed="b", check="c", operation="listThings")
    assert [(one.pointer, one.occurrences) for one in session.findings.all()] == [
        ("/data/0/name", 2),
        ("/data/7/other", 1),
    ]


def test_a_listener_hears_of_findings_until_it_ends() -> None:
    findings, heard = Findings(), list[str]()
    end = findings.listen(lambda finding: heard.append(finding.kind))
    one = Finding("first", "op", "", "a", "b", Severity.BREAKING, "check")
    findings.add(one)
    end()
    findings.add(one)
    assert heard == ["first"]


def test_the_gravest_finding_comes_first() -> None:
    findings = Findings()
    for severity in (Severity.ADDITIVE, Severity.BREAKING, Severity.DEGRADED):
        findings.add(Finding(severity.value, "op", "", "a", "b", severity, "check"))
    assert [one.kind for one in findings.all()] == ["breaking", "degraded", "additive"]
