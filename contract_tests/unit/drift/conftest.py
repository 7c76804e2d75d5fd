"""A finished run over a made-up operation, with a finding in it, for everything that reports on runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract_tests import checks
from contract_tests.budget import named
from contract_tests.description import Description
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.drift.report import Facts, build
from contract_tests.exercised import Exercise
from contract_tests.exit_codes import ExitCode
from contract_tests.plugin import Suite
from contract_tests.run import Run
from contract_tests.session import Session
from contract_tests.target import Target

TOKEN = "KEY_0123456789_marker"
SECRET = "s3cr3t-of-the-profile-marker"
THING = {
    "type": "object",
    "properties": {"size": {"type": "integer"}, "v1_secret": {"type": "string", "x-sensitive": True}},
}
DOCUMENT: dict[str, Any] = {
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "operationId": "createThing",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "200": {
                        "description": "Fine.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    }
                },
            }
        }
    },
    "components": {"schemas": {"Thing": THING}},
}


@pytest.fixture
def run() -> Iterator[Run]:
    """One request was sent; its answer has a field of the wrong type, a secret, and echoes the token."""
    body = {"size": "big ``` <b>", "v1_secret": SECRET, "echo": f"{TOKEN} {SECRET}"}

    def serve(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})

    description = Description(DOCUMENT)
    session = Session(
        description, Target("mock", None, TOKEN), "http://127.0.0.1:1/v2", checks.every(TOKEN), Findings()
    )
    session._client = httpx.Client(transport=httpx.MockTransport(serve))
    exercise, observer = Exercise(session), Observer(description, session.findings)
    session.observers += [exercise, observer]
    session.source = f"test_x[{SECRET}]"
    session.call("createThing", body={"v1_secret": "made up by the suite", "name": "Ä"})
    yield Run(session, named("quick"), 7, exercise, observer)
    session.close()


@pytest.fixture
def facts() -> Facts:
    """What is told of that run."""
    return Facts(
        target="mock",
        base_url="http://127.0.0.1:1/v2",
        planted=("some-fault",),
        started=1_700_000_000.0,
        duration=1.234,
        code=ExitCode.DRIFT,
        reason="",
        missing=("createThing never gave a 2xx answer that passed the checks",),
        unchecked=("something *else*",),
        start_again="python3 -m scripts mock --port 1",
        suites=(Suite("test_x", 2, 1, 0, 1, 0.5, {"because of `this`": 1}, ["test_y: boom"]),),
    )


@pytest.fixture
def report(run: Run, facts: Facts) -> dict[str, Any]:
    """The report of that run."""
    return build(run, facts)
