"""The commands of a finding show it again: run as they stand, against a mock with the fault, without any secret."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests import checks
from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.drift.reproduction import curl, python
from contract_tests.drift.trail import Trail
from contract_tests.exchange import REDACTED, Exchange, Redactor
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve
from contract_tests.session import OMIT, Session
from contract_tests.target import Target

TOKEN = "KEY_marker_token"
SECRET = "marker_v1_secret"
CREATE = {"name": 'it\'s `a` $HOME "profile" Ä', "whitelisted_destinations": ["US"]}


def exchange(**changes: Any) -> Exchange:
    """An update that carries the token and a secret."""
    values: dict[str, Any] = {
        "operation_id": "updateMessagingProfile",
        "method": "PATCH",
        "url": "http://127.0.0.1:1/v2/messaging_profiles/1",
        "request_headers": {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
        "request_body": json.dumps({"v1_secret": SECRET, "name": "it's"}).encode(),
        "status": 200,
        "headers": {},
        "body": b"{}",
        "elapsed": 0.01,
    }
    return Exchange(**{**values, **changes})


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(secrets=[TOKEN], fields=["v1_secret"])


@pytest.mark.parametrize("write", [curl, python])
def test_neither_token_nor_secret_is_in_a_command(redactor: Redactor, write: Any) -> None:
    command = write(redactor, exchange(), [exchange()])
    assert TOKEN not in command
    assert SECRET not in command
    assert "TELNYX_API_KEY" in command


@pytest.mark.parametrize("write", [curl, python])
def test_other_credentials_than_the_run_has_are_not_shown_as_its_own(redactor: Redactor, write: Any) -> None:
    command = write(redactor, exchange(request_headers={"authorization": "Bearer some_other_token"}))
    assert "Bearer no-valid-token" in command
    assert "some_other_token" not in command
    assert "authorization" not in write(redactor, exchange(request_headers={})).lower()


def test_the_command_holds_the_whole_body_redacted(redactor: Redactor) -> None:
    body = {"name": "x" * 5000, "v1_secret": SECRET, "last": 1}
    words = shlex.split(curl(redactor, exchange(request_body=json.dumps(body).encode())))
    assert json.loads(words[-1]) == {**body, "v1_secret": REDACTED}
    assert shlex.split(curl(redactor, exchange(request_body=b"{" * 5000)))[-1] == "{" * 5000


@pytest.fixture
def session() -> Iterator[Session]:
    """A run against a mock that turns names into numbers, and forgets deletions."""
    mock = create_app(load(), api_key=TOKEN, plants=["change-response-type:name", "forget-delete"])
    with serve(mock) as base_url:
        findings = Findings()
        made = Session(load(), Target(base_url, base_url, TOKEN), base_url, checks.every(TOKEN), findings)
        trail = Trail(load())
        findings.trail = trail.before
        made.observers.append(trail)
        yield made
        made.close()


def ran(command: list[str]) -> str:
    environment = {**os.environ, "TELNYX_API_KEY": TOKEN, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def status_and_body(answer: str) -> tuple[int, Any]:
    """What a command printed: the status in its first line, JSON at its end."""
    words = answer.split()
    status = words[1] if words[0].startswith("HTTP/") else words[0]
    return int(status), json.loads(answer[answer.index("{") :])


def test_a_record_that_the_run_made_is_made_again_before_what_shows_the_finding(session: Session) -> None:
    made = session.call("createMessagingProfile", body=CREATE)
    path = {"id": made.json["data"]["id"]}
    session.call("updateMessagingProfile", path=path, body={"name": "second"})
    session.call("deleteMessagingProfile", path=path)
    shown = session.call("retrieveMessagingProfile", path=path)
    session.report("deleted-still-there", shown, pointer="", expected="404", observed="200", check="c")
    (finding,) = (one for one in session.findings.all() if one.kind == "deleted-still-there")
    assert [one.method for one in finding.before] == ["POST", "PATCH", "DELETE"]
    for output in (
        ran(["bash", "-euo", "pipefail", "-c", curl(session.redactor, shown, finding.before)]),
        ran([sys.executable, "-c", python(session.redactor, shown, finding.before)]),
    ):
        status, body = status_and_body(output)
        assert status == 200
        assert body["data"]["id"] != path["id"]
        assert body["data"]["name"] == 12345


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": OMIT}])
def test_a_single_request_is_repeated_as_it_was(session: Session, headers: dict[str, str | object]) -> None:
    shown = session.call(
        "listMessagingProfiles", query=[("filter[name]", "a b&c'd"), ("page[size]", 2)], headers=headers
    )
    outputs = [
        ran(["bash", "-c", curl(session.redactor, shown)]),
        ran([sys.executable, "-c", python(session.redactor, shown)]),
    ]
    assert {status_and_body(one)[0] for one in outputs} == {shown.status} == {401 if headers else 200}


def test_a_body_that_is_no_json_is_sent_as_it_was(session: Session) -> None:
    shown = session.call("createMessagingProfile", body=b"{'no json")
    for output in (
        ran(["bash", "-c", curl(session.redactor, shown)]),
        ran([sys.executable, "-c", python(session.redactor, shown)]),
    ):
        assert status_and_body(output)[0] == shown.status == 400


def test_half_a_surrogate_pair_can_be_printed(redactor: Redactor) -> None:
    command = curl(redactor, exchange(request_body=b'{"name": "\\ud83d"}'))
    assert json.loads(shlex.split(command)[-1]) == {"name": "\ud83d"}
    assert command.encode()


def test_what_the_target_sent_is_shown_again_by_what_it_was_sent_after(redactor: Redactor) -> None:
    event = exchange(url="http://127.0.0.1:2", request_body=b'{"event": 1}', received=True)
    assert curl(redactor, event, [exchange()]) == curl(redactor, exchange())
