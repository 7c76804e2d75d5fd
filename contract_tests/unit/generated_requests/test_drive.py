"""What Schemathesis is given, and what becomes of the requests that it sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
from schemathesis.engine import events

from contract_tests.bodies import form
from contract_tests.description import Description
from contract_tests.drift.classify import Failure
from contract_tests.exchange import Exchange
from contract_tests.generated_requests import drive
from contract_tests.generated_requests.drive import Tally, bearer_scheme, document, judge, shown
from contract_tests.generated_requests.interactions import Recorded
from contract_tests.generated_requests.settings import Aim, Phase
from contract_tests.rules.bench import Bench
from contract_tests.session import Session
from contract_tests.unit.rules.stage import OPERATION, staged

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


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [(Phase.STATEFUL, ["/things", "/things/{id}"]), (Phase.COVERAGE, ["/things"]), (Phase.FUZZING, ["/things"])],
)
def test_a_phase_sees_the_whole_paths_of_its_operations_and_a_walk_sees_all(wanted: Phase, paths: list[str]) -> None:
    description = Description(WALK)
    made = shown(description, Aim(wanted, 1, 1), (description.by_id["listThings"],))
    assert list(made["paths"]) == paths
    # Every method of the path: one that is described is no unexpected one.
    assert made["paths"]["/things"] == document(description)["paths"]["/things"]
    assert made["components"] == WALK["components"]


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


def upload(**fields: str) -> Recorded:
    """A form that was made to break the schema, and that was taken."""
    body, media = form(fields, {"letter": "application/pdf"})
    sent = {"authorization": "Bearer KEY_ours", "content-type": media}
    exchange = Exchange("upload", "POST", "http://127.0.0.1:1/v2/files", sent, body, 200, {}, b"{}", 0.0)
    return Recorded("upload", exchange, (Failure("negative_data_rejection", "violates format"),), False)


@pytest.mark.parametrize(("fields", "kinds"), [({"letter": "x"}, []), ({"other": "x"}, ["invalid-accepted"])])
def test_any_bytes_are_a_file_whatever_they_were_made_to_break(
    session: Session, fields: dict[str, str], kinds: list[str]
) -> None:
    letter = {"type": "object", "required": ["letter"], "properties": {"letter": {"format": "binary"}}}
    body = {"content": {"multipart/form-data": {"schema": letter}}}
    post = {"operationId": "upload", "requestBody": body, "responses": {"200": {"description": "Fine."}}}
    session.description = Description({"paths": {"/files": {"post": post}}})
    judge(session, upload(**fields))
    assert [finding.kind for finding in session.findings.all()] == kinds


def test_a_walk_ends_nothing_that_it_did_not_create_under_any_name() -> None:
    ending = thing("endThing", "compute")
    made = document(
        Description(
            {
                "paths": {
                    "/things": {
                        "get": thing("listThings", "list", "endThing"),
                        "post": thing("createThing", "create", "endThing"),
                    },
                    "/things/{id}": {"delete": ending},
                }
            }
        )
    )
    assert links(made, "/things", "get") == []
    assert links(made, "/things", "post") == ["endThing"]


class Engine:
    """Stands in for Schemathesis' engine: the events of each of its runs."""

    def __init__(self, *runs: list[Any]) -> None:
        self.runs = list(runs)

    def __call__(self, schema: Any) -> Engine:
        return self

    def execute(self) -> list[Any]:
        return self.runs.pop(0)


@pytest.fixture
def phase(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Tally]]:
    """Runs a phase whose engine does what it is told; the operations are those of the made-up library."""
    with staged() as (session, _):

        def run(*runs: list[Any], guard: Callable[[Exchange], bool] = lambda exchange: True) -> Tally:
            monkeypatch.setattr(drive, "from_schema", Engine(*runs))
            session.guard = guard
            aim = Aim(Phase.COVERAGE, 1, 1)
            return drive.run(Bench(session, "x"), aim, (OPERATION["listShelves"],))

        yield run


def lost() -> events.NonFatalError:
    return events.NonFatalError(
        error=requests.ConnectionError("refused"), phase=None, label="GET /shelves", related_to_operation=True
    )


def test_an_interruption_that_the_engine_swallows_goes_on(phase: Callable[..., Tally]) -> None:
    with pytest.raises(KeyboardInterrupt):
        phase([events.Interrupted(phase=None)])


def test_a_connection_that_fails_gives_the_phase_another_go(phase: Callable[..., Tally]) -> None:
    seen: list[Exchange] = []

    def note(exchange: Exchange) -> bool:
        seen.append(exchange)
        return True

    assert phase([lost()], [], guard=note) == Tally(0, 0)
    assert [(one.operation_id, one.status, one.failure.partition(":")[0]) for one in seen] == [
        ("listShelves", 0, "Network Error")
    ]


def test_what_the_guard_calls_a_finding_is_not_tried_again(phase: Callable[..., Tally]) -> None:
    assert phase([lost()], guard=lambda one: False) == Tally(0, 0)


def test_another_error_of_the_engine_is_a_problem_of_the_suite(phase: Callable[..., Tally]) -> None:
    broken = events.NonFatalError(error=ValueError("odd"), phase=None, label="x", related_to_operation=False)
    with pytest.raises(drive.EngineProblem, match="odd"):
        phase([broken])


def test_the_engine_works_without_what_the_environment_says(
    phase: Callable[..., Tally], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def execute(_: Engine) -> list[Any]:
        seen.append(requests.Session().trust_env)
        return []

    monkeypatch.setattr(Engine, "execute", execute)
    phase([])
    assert seen == [False]
    assert requests.Session().trust_env is True
