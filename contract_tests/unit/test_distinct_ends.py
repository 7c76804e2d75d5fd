"""What goes wrong around a run ends it with a code and a message of its own; none of it is ever called drift."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests import session as sessions
from contract_tests.description import load
from contract_tests.mock.app import create_app
from contract_tests.mock.faults.fault import Fault
from contract_tests.mock.server import serve
from contract_tests.rules import package
from contract_tests.session import Session
from scripts import contract

KEY = "KEY_of_the_distinct_ends"
READ = "retrieveMessagingProfile"
# Requests that go well first: it all happens in the middle of a run.
SPARED = 60


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> dict[str, Any]:
    """The report of a quick run over one operation of a mock with these faults."""
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    with serve(create_app(load(), api_key=KEY, faults=faults)) as base_url:
        code = contract.main(["--target", base_url, "--budget", "quick", "--report-dir", str(folder), "--only", READ])
    report: dict[str, Any] = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    assert report["run"]["exit_code"] == code
    return report


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault.of("throttle", reset=30, after=SPARED), 5, "429; the quota opens again in 30 s"),
        (Fault.of("error", status=502, body="html", after=SPARED), 3, "the target is out of service since"),
        (Fault.of("error", status=500, after=SPARED), 3, "status 500"),
        (Fault.of("error", status=503, body="empty", after=SPARED), 3, "status 503"),
        (Fault.of("reset", after=SPARED), 3, "the target stopped answering at"),
        (Fault.of("close", after=SPARED), 3, "the target stopped answering at"),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_a_target_that_fails_half_way_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, code: int, said: str
) -> None:
    report = run(tmp_path, monkeypatch, fault)
    assert (report["run"]["exit_code"], report["findings"]) == (code, [])
    assert said in report["run"]["verdict"]
    assert report["counts"]["requests"] >= SPARED / 2


def test_a_target_that_becomes_slow_is_called_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sessions, package):
        monkeypatch.setattr(module, "TIMEOUT", httpx.Timeout(0.2))
    report = run(tmp_path, monkeypatch, Fault.of("latency", seconds=1, after=SPARED // 3))
    assert (report["run"]["exit_code"], report["findings"]) == (3, [])
    assert "the target answers too slowly since" in report["run"]["verdict"]


def test_a_token_that_expires_half_way_is_exit_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, sent = Session.record, 0

    def record_until_it_expires(session: Session, *arguments: Any, **named: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == SPARED // 3:
            # What the target took until now it takes no more.
            session.target = dataclasses.replace(session.target, token="KEY_that_has_expired")
        return record(session, *arguments, **named)

    monkeypatch.setattr(Session, "record", record_until_it_expires)
    report = run(tmp_path, monkeypatch)
    assert (report["run"]["exit_code"], report["findings"]) == (4, [])
    assert "the target refuses the token since" in report["run"]["verdict"]
    assert "has it expired?" in report["run"]["verdict"]


@pytest.mark.parametrize("kind", ["close", "reset", "error"])
def test_blips_are_told_beside_the_verdict_but_are_no_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    blips = [Fault.of(kind, after=after, count=1) for after in (20, 70)]
    report = run(tmp_path, monkeypatch, *blips)
    assert (report["run"]["exit_code"], report["findings"], report["missing"]) == (0, [], [])


def test_an_operation_that_fails_one_time_in_five_drifts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = run(tmp_path, monkeypatch, Fault.of("error", status=500, operation=READ, every=5))
    assert report["run"]["exit_code"] == 1
    (finding,) = report["findings"]
    assert (finding["kind"], finding["operations"]) == ("server-error", [READ])
