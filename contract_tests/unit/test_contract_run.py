"""A whole run ends with the exit code of its cause, writes its reports, and tells no secrets."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests import checks
from contract_tests.checks import response_schema
from contract_tests.description import load
from contract_tests.drift.finding import Finding
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.session import Session
from contract_tests.unit.live.stage import rested
from scripts import contract
from scripts.errors import InputError

pytestmark = pytest.mark.takes(20)

KEY = "KEY_5f3c1a9e7b_marker"
Serve = Callable[..., str]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serves a mock on loopback with ``KEY`` as its key, which the environment holds too."""
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serve(create_app(load(), api_key=KEY, **options)))


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a quick run over one operation."""
    fixed = ["--budget", "quick", "--report-dir", str(folder), "--only", "retrieveMessagingProfile"]
    code = contract.main([*fixed, *arguments])
    report: dict[str, Any] = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    assert report["run"]["exit_code"] == code
    return code, report


def without_times(mock: Mock) -> dict[str, list[dict[str, Any]]]:
    """All records of a mock, but for the time of their last change."""
    return {
        name: [{field: value for field, value in record.items() if field != "updated_at"} for record in records]
        for name, records in mock.store.snapshot().items()
    }


def test_a_server_that_runs_already_can_be_the_target(tmp_path: Path, served: Serve) -> None:
    base_url = served()
    code, report = run(tmp_path, "--target", base_url)
    assert (code, report["run"]["base_url"], report["findings"]) == (0, base_url, [])
    assert (report["run"]["not_checked"], report["run"]["start_again"]) == ([], "")


def test_records_that_were_there_before_are_there_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    mock: Mock = rested(create_app(load(), api_key=KEY))
    before = without_times(mock)
    with serve(mock) as base_url:
        only = ["--only", "deleteMessagingProfile", "updatePhoneNumberMessagingSettings", "createMessagingProfile"]
        assert run(tmp_path, "--target", base_url, *only)[0] == 0
    assert without_times(mock) == before


def test_a_target_that_takes_any_token_is_no_drift_but_the_verdict_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(create_app(load())) as base_url:
        code, report = run(tmp_path, "--target", base_url)
    assert (code, report["findings"]) == (0, [])
    assert report["run"]["not_checked"] == ["wrong tokens (the target says that it takes any)"]
    assert "\nnot checked: wrong tokens (the target says that it takes any)\nverdict: 0" in capsys.readouterr().out
    assert any("takes any token" in reason for suite in report["suites"] for reason in suite["skips"])


def test_a_live_target_is_no_mock_whatever_its_answers_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    with serve(create_app(load())) as base_url:
        asked = ("--treat-as-live", "--yes", "--ledger", str(tmp_path / "ledger"), "--only", "listMessagingProfiles")
        code, report = run(tmp_path, "--target", base_url, *asked)
    assert (code, report["run"]["not_checked"]) == (1, [])
    assert "wrong-token-accepted" in {one["kind"] for one in report["findings"]}


def test_a_blind_run_is_exit_6_and_its_report_says_what_it_missed(
    tmp_path: Path, served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = checks.every
    monkeypatch.setattr(
        checks, "every", lambda *given, **named: tuple(set(sound(*given, **named)) - {response_schema.check})
    )
    code, report = run(tmp_path, "--target", served())
    (missed,) = report["run"]["blind"]
    assert (code, missed.partition(" of ")[0]) == (6, "the canary was missed: response-type at /data")
    assert missed in report["missing"]


def test_half_a_run_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytest, "main", lambda *_, **__: pytest.ExitCode.INTERRUPTED)
    code, report = run(tmp_path)
    assert code == 5
    assert "interrupted; the report holds what was done until then" in report["run"]["verdict"]
    assert report["missing"] == []


def test_what_was_found_is_shown_even_when_the_reports_cannot_be_written(
    tmp_path: Path, served: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "drift.json").mkdir()
    with pytest.raises(InputError, match="cannot write the reports"):
        run(tmp_path, "--target", served())
    assert "verdict: 0" in capsys.readouterr().out


def test_a_dead_port_is_exit_3(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v2"
        code, report = run(tmp_path, "--target", address)
    assert code == 3
    assert "no answer from" in report["run"]["verdict"]


def test_a_status_line_that_echoes_the_token_does_not_reach_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    send, sent = httpx.Client.send, 0

    def send_for_a_while(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        nonlocal sent
        sent += 1
        if sent > 20:
            raise httpx.RemoteProtocolError(f"illegal status line: {request.headers['authorization']}")
        return send(client, request, **options)

    with serve(create_app(load(), api_key=KEY)) as base_url:
        monkeypatch.setattr(httpx.Client, "send", send_for_a_while)
        assert run(tmp_path, "--target", base_url)[0] == 3
    captured = capfd.readouterr()
    assert "stopped: the target stopped answering" in captured.err
    assert KEY not in captured.err + captured.out


def test_a_target_that_dies_during_the_run_is_exit_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    record, sent = Session.record, 0

    def record_until_the_end(session: Session, *arguments: Any, **named: Any) -> list[Finding]:
        nonlocal sent
        sent += 1
        if sent == 20:
            stack.close()
        return record(session, *arguments, **named)

    monkeypatch.setattr(Session, "record", record_until_the_end)
    with ExitStack() as stack:
        base_url = stack.enter_context(serve(create_app(load(), api_key=KEY)))
        code, report = run(tmp_path, "--target", base_url)
    assert code == 3
    assert "stopped answering" in report["run"]["verdict"]
    assert report["counts"]["requests"] >= 20


def test_a_wrong_key_is_exit_4(tmp_path: Path, served: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    base_url = served()
    monkeypatch.setenv("TELNYX_API_KEY", "KEY_of_somebody_else")
    code, report = run(tmp_path, "--target", base_url)
    assert code == 4
    assert "401" in report["run"]["verdict"]


@pytest.mark.parametrize("arguments", [("--rate-limit", "1"), ("--plant", "throttle")])
def test_throttling_is_exit_5(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, report = run(tmp_path, *arguments)
    assert (code, report["findings"]) == (5, [])
    assert "429" in report["run"]["verdict"]


def test_an_operation_that_never_gives_2xx_is_exit_6(tmp_path: Path, served: Serve) -> None:
    # Without seeds there is no phone number, and none can be created: every request for one is a correct 404.
    code, report = run(tmp_path, "--target", served(seeds=False), "--only", "retrievePhoneNumberMessagingSettings")
    assert (code, report["findings"]) == (6, [])
    assert report["missing"] == ["retrievePhoneNumberMessagingSettings never gave a 2xx answer that passed the checks"]


@pytest.mark.parametrize("plant", ["outage", "crash"])
def test_a_target_that_answers_nothing_but_5xx_is_exit_3_not_drift(tmp_path: Path, plant: str) -> None:
    code, report = run(tmp_path, "--plant", plant)
    assert (code, report["findings"]) == (3, [])
    assert "to everything" in report["run"]["verdict"]


def test_wrong_usage_writes_no_report(tmp_path: Path) -> None:
    for arguments in (["--plant", "nonsense"], ["--target", "live"], ["--target", "https://api.example.com/v2"]):
        with pytest.raises(InputError):
            contract.main(["--report-dir", str(tmp_path / "reports"), *arguments])
    assert not (tmp_path / "reports").exists()


def test_an_address_that_lacks_the_base_path_is_wrong_usage(tmp_path: Path, served: Serve) -> None:
    with pytest.raises(InputError, match="serves none") as caught:
        contract.main(["--report-dir", str(tmp_path), "--target", served().removesuffix("/v2")])
    assert caught.value.fix == "does the address end in /v2?"


def test_no_secret_leaves_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    mock = create_app(load(), api_key=KEY, plants=["change-response-type:name"])
    secrets = {record["v1_secret"] for record in mock.store.snapshot()["messaging_profiles"]}
    with serve(mock) as base_url:
        assert run(tmp_path, "--target", base_url, "--only", "listMessagingProfiles")[0] == 1
    captured = capfd.readouterr()
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert texts.keys() == {"drift.html", "drift.json", "drift.md", "junit.xml"}
    # The answers that the findings show did hold secrets.
    assert '"v1_secret": "[redacted]"' in texts["drift.json"]
    for place, text in {**texts, "stdout": captured.out, "stderr": captured.err}.items():
        assert [secret for secret in {KEY, *secrets} if secret in text] == [], place


def test_json_is_all_that_stdout_holds_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = contract.main(
        ["--json", "--budget", "quick", "--only", "listMessagingProfileMetrics", "--report-dir", str(tmp_path)]
    )
    printed = json.loads(capsys.readouterr().out)
    assert code == printed["run"]["exit_code"] == 0
    assert printed == json.loads((tmp_path / "drift.json").read_text(encoding="utf-8"))


def test_the_same_seed_sends_the_same_requests(tmp_path: Path) -> None:
    counts = []
    for folder in ("one", "two"):
        _, report = run(tmp_path / folder, "--seed", "5", "--only", "updatePhoneNumberMessagingSettings")
        counts.append({one["operation_id"]: one["statuses"] for one in report["operations"]})
    assert counts[0] == counts[1]
