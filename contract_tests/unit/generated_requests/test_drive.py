"""What Schemathesis is given, and what becomes of the requests that it sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Description
from contract_tests.drift.classify import Failure
from contract_tests.exchange import Exchange
from contract_tests.generated_requests.drive import bearer_scheme, document, judge
from contract_tests.generated_requests.interactions import Recorded
from contract_tests.session import Session

Wired = Callable[[Callable[[httpx.Request], httpx.Response]], Session]


def thing(name: str, action: str, *links: str) -> dict[str, Any]:
    answer = {"description": "Fine.", "links": {link: {"operationId": link} for link in links}}
    resource = {"collection": "things", "action": action}
    return {"operationId": name, "x-resource": resource, "responses": {"200": answer}}


WALK: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": thing("listThings", "list", "retrieveThing", "deleteThing"),
            "post": thing("createThing", "create", "retrieveThing", "deleteThing"),
        },
        "/things/{id}": {
            "get": thing("retrieveThing", "retrieve", "deleteThing"),
            "delete": thing("deleteThing", "delete"),
        },
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey"}, "token": {"type": "http", "scheme": "bearer"}}},
}


def links(made: dict[str, Any], path: str, method: str) -> list[str]:
    return list(made["paths"][path][method]["responses"]["200"]["links"])


def test_a_walk_deletes_only_what_it_created() -> None:
    made = document(Description(WALK))
    assert links(made, "/things", "post") == ["retrieveThing", "deleteThing"]
    assert links(made, "/things", "get") == ["retrieveThing"]
    assert links(made, "/things/{id}", "get") == []
    assert links(WALK, "/things", "get") == ["retrieveThing", "deleteThing"]


def test_the_bearer_scheme_is_found_by_what_it_is() -> None:
    assert bearer_scheme(Description(WALK)) == "token"
    assert bearer_scheme(Description({"paths": {}})) is None


def recorded(status: int, *, probe: bool = False, failures: tuple[Failure, ...] = ()) -> Recorded:
    sent = {"authorization": "Bearer KEY_ours"}
    method = "PUT" if probe else "GET"
    exchange = Exchange("listThings", method, "http://127.0.0.1:1/v2/things", sent, b"", status, {}, b"{}", 0.0)
    return Recorded("listThings", exchange, failures, probe)


@pytest.fixture
def session(wired: Wired) -> Session:
    return wired(lambda request: httpx.Response(200))


def test_a_request_counts_for_its_operation_and_is_checked(session: Session) -> None:
    judge(session, recorded(200))
    assert session.counts["listThings"] == {200: 1}


def test_a_request_with_another_method_does_not_count(session: Session) -> None:
    judge(session, recorded(405, probe=True))
    assert "listThings" not in session.counts


def test_what_only_schemathesis_found_is_a_finding(session: Session) -> None:
    judge(session, recorded(200, probe=True, failures=(Failure("unsupported_method", "PUT was answered"),)))
    (finding,) = session.findings.all()
    assert (finding.kind, finding.operation) == ("method-not-refused", "listThings")
