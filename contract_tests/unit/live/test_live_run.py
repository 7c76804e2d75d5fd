"""A whole live run against a stand-in: a recorder proves what left, the stand-in that nothing was harmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from contract_tests.description import load
from contract_tests.live.ledger import run_of
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.unit.live.recorder import Heard, Recorder, recording
from contract_tests.unit.live.stage import NUMBER, NUMBER_ID, NUMBERS, PROFILES, rested
from scripts import contract
from scripts.errors import InputError

pytestmark = pytest.mark.takes(15)

KEY = "KEY_77aa_live_marker"
POLICY = f"""
version: 1
allow:
  - {{operation: deleteMessagingProfile, effects: [irreversible], reason: only what a run itself created}}
owned: {{{NUMBERS}: ["{NUMBER}"]}}
limits: {{requests: 3000, writes: 1300, creations: 500, usd: "0.00", people: 0, minutes: 30}}
"""

# Something of each kind: records of the run's own, a lent one, the package, generated requests.
ONLY = ["--only", "deleteMessagingProfile", "updatePhoneNumberMessagingSettings", "retrieveMessagingProfileMetrics"]


@contextmanager
def target(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[tuple[Mock, Recorder]]:
    """A mock behind a recorder; the environment holds its key."""
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    mock = rested(create_app(load(), api_key=KEY, **options))
    with ExitStack() as stack:
        yield mock, stack.enter_context(recording(stack.enter_context(serve(mock))))


def run(recorder: Recorder, folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code of a quick live run and what it says that it did."""
    fixed = ["--target", recorder.base_url, "--treat-as-live", "--yes", "--budget", "quick"]
    places = ["--report-dir", str(folder / "reports"), "--ledger", str(folder / "ledger")]
    code = contract.main([*fixed, *places, *arguments])
    said: dict[str, Any] = json.loads((folder / "reports" / "live.json").read_text(encoding="utf-8"))
    return code, said


def path_of(request: Heard) -> str:
    return unquote(urlsplit(request.path).path).removeprefix("/v2")


def test_what_left_was_within_the_policy_and_nothing_that_was_there_is_harmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    with target(monkeypatch) as (mock, recorder):
        before, made = mock.store.snapshot(), creations(mock)
        code, said = run(recorder, tmp_path, "--writes", "--policy", str(tmp_path / "policy.yaml"), *ONLY)
        after = mock.store.snapshot()
        secrets = {one["v1_secret"] for one in before[PROFILES]}
    assert code == 0, capfd.readouterr()
    requests = recorder.requests
    assert len(requests) == said["spent"]["requests"][0]
    for request in requests:
        assert request.headers["host"] == urlsplit(recorder.base_url).netloc
        within_the_policy(request, made)
    # Byte by byte, but for the time of the last change of the number that was lent.
    lent = [one for one in after[NUMBERS] if one["id"] == NUMBER_ID]
    lent[0]["updated_at"] = next(one["updated_at"] for one in before[NUMBERS] if one["id"] == NUMBER_ID)
    assert json.dumps(after) == json.dumps(before)
    assert (said["created"], said["deleted"]) == (len(made), len(made))
    assert (said["changed"], said["restored"]) == (1, 1)
    assert (said["left"], said["suspicions"], said["connections_outside"]) == ([], [], [])
    no_secret(tmp_path, [KEY, *secrets], capfd)


def creations(mock: Mock) -> set[str]:
    """The ids of all records that the mock creates from now on."""
    respond, made = mock.respond, set[str]()

    def note(request: Any) -> Any:
        status, headers, body = respond(request)
        if request.method == "POST" and status == 200:
            made.add(json.loads(body)["data"]["id"])
        return status, headers, body

    mock.respond = note  # type: ignore[method-assign]
    return made


def within_the_policy(request: Heard, made: set[str]) -> None:
    """A read of a described path, a marked creation, or a write to a record of the run's own."""
    path = path_of(request)
    if request.method == "GET":
        assert request.body == b""
        return
    body = json.loads(request.body or b"{}")
    if request.method == "POST":
        assert path == "/messaging_profiles"
        assert run_of(body["name"])
    elif path.startswith("/messaging_profiles/"):
        assert request.method in {"PATCH", "DELETE"}
        assert path.split("/")[2] in made
    else:
        assert (request.method, path) in {
            ("PATCH", f"/phone_numbers/{NUMBER_ID}/messaging"),
            ("PATCH", f"/phone_numbers/{NUMBER}/messaging"),
        }
    assert "v1_secret" not in body


def no_secret(folder: Path, secrets: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the key nor a secret of an answer is in a report, a ledger or an output."""
    captured = capfd.readouterr()
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"drift.json", "drift.md", "junit.xml", "live.json", "live.md"} <= names
    assert any(name.endswith(".jsonl") for name in names)
    texts = {str(path): path.read_bytes() for path in files}
    for place, text in {**texts, "stdout": captured.out.encode(), "stderr": captured.err.encode()}.items():
        assert [secret for secret in secrets if secret.encode() in text] == [], place


def test_a_run_without_the_word_only_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (mock, recorder):
        before = json.dumps(mock.store.snapshot())
        only = ["--only", "listMessagingProfiles", "retrieveMessagingProfile", "createMessagingProfile"]
        code, said = run(recorder, tmp_path, *only)
        assert json.dumps(mock.store.snapshot()) == before
    assert code == 0
    assert {one.method for one in recorder.requests} == {"GET"}
    assert said["not_sent"]["createMessagingProfile"] == "writes need --writes"
    assert not (tmp_path / "ledger").exists() or list((tmp_path / "ledger").iterdir()) == []


@pytest.mark.parametrize(
    ("flag", "name", "number"),
    [("--max-requests", "requests", 90), ("--max-writes", "writes", 9), ("--max-creations", "creations", 4)],
)
def test_a_budget_is_never_exceeded_by_one_and_what_was_made_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str, name: str, number: int
) -> None:
    with target(monkeypatch) as (mock, recorder):
        before = json.dumps(mock.store.snapshot())
        code, said = run(recorder, tmp_path, "--writes", flag, str(number))
        assert json.dumps(mock.store.snapshot()) == before
    requests = recorder.requests
    counts = {
        "requests": len(requests),
        "writes": sum(one.method != "GET" for one in requests),
        "creations": sum(one.method == "POST" for one in requests),
    }
    assert code == 5
    assert counts[name] <= number
    assert said["spent"][name] == [counts[name], number]
    assert said["stopped"] == f"the budget of {number} {name} is spent"
    assert said["created"] == said["deleted"] > 0


def test_a_dead_line_ends_the_run_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (mock, recorder):
        before = json.dumps(mock.store.snapshot())
        code, said = run(recorder, tmp_path, "--writes", "--max-minutes", "0.03")
        assert json.dumps(mock.store.snapshot()) == before
    assert (code, said["created"]) == (5, said["deleted"])
    assert "time of 0.03 minutes" in said["stopped"]


def test_an_account_limit_is_said_as_such_and_is_no_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (mock, recorder):
        refusing(mock, "POST", 403, "10039")
        code, said = run(recorder, tmp_path, "--writes", "--only", "createMessagingProfile", "listMessagingProfiles")
    report = json.loads((tmp_path / "reports" / "drift.json").read_text(encoding="utf-8"))
    assert (code, report["findings"]) == (6, [])
    assert said["account_limits"] == {
        "createMessagingProfile": "the account's plan limits this feature (403, code 10039)"
    }
    assert "limit of the account, not drift" in (tmp_path / "reports" / "live.md").read_text(encoding="utf-8")


def test_a_spent_spending_limit_stops_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (mock, recorder):
        before = json.dumps(mock.store.snapshot())
        refusing(mock, "PATCH", 403, "40333")
        _, said = run(recorder, tmp_path, "--writes", "--only", "updateMessagingProfile", "deleteMessagingProfile")
        assert json.dumps(mock.store.snapshot()) == before
    written = [one.method for one in recorder.requests if one.method in {"POST", "PATCH"}]
    assert sorted(written) == ["PATCH", "POST"]
    assert said["created"] == said["deleted"] == 1
    assert "40333" in said["stopped"]


def refusing(mock: Mock, method: str, status: int, code: str) -> None:
    """From now on the mock answers every request of a method with this refusal."""
    respond = mock.respond
    error = json.dumps({"errors": [{"code": code, "title": "No", "detail": "No."}]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(error)).encode())]

    def refuse(request: Any) -> Any:
        return (status, headers, error) if request.method == method else respond(request)

    mock.respond = refuse  # type: ignore[method-assign]


def test_nobody_there_to_agree_means_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (_, recorder):
        arguments = ["--target", recorder.base_url, "--treat-as-live", "--report-dir", str(tmp_path / "r")]
        with pytest.raises(InputError, match="asks first"):
            contract.main([*arguments, "--ledger", str(tmp_path / "ledger")])
    assert recorder.streams == []


@pytest.mark.parametrize("flags", [["--writes"], ["--max-usd", "1"], ["--yes"]])
def test_options_of_live_runs_mean_nothing_to_others(tmp_path: Path, flags: list[str]) -> None:
    with pytest.raises(InputError, match="is for live runs"):
        contract.main([*flags, "--report-dir", str(tmp_path), "--budget", "quick"])


def test_a_run_does_not_begin_on_top_of_what_another_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    with target(monkeypatch) as (_, recorder):
        past = "20260101t000000z-00000000"
        lines = [
            {"at": "2026-01-01T00:00:00+00:00", "event": "run", "run": past, "target": recorder.base_url},
            {"at": "2026-01-01T00:00:00+00:00", "event": "intent", "seq": 1, "collection": PROFILES, "label": "x"},
        ]
        (ledger / f"{past}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        with pytest.raises(InputError, match="left things behind"):
            run(recorder, tmp_path, "--writes")
        assert recorder.streams == []


def test_a_run_that_leaves_something_behind_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch, plants=["forget-delete"]) as (_, recorder):
        code, said = run(recorder, tmp_path, "--writes", "--only", "retrieveMessagingProfileMetrics")
    report = json.loads((tmp_path / "reports" / "drift.json").read_text(encoding="utf-8"))
    assert (code, report["findings"]) == (6, [])
    assert said["left"]
    assert said["created"] - said["deleted"] == len(said["left"])
    assert any("left behind" in one for one in report["missing"])


def test_a_key_that_the_account_no_longer_has_is_exit_4_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with target(monkeypatch) as (mock, recorder):
        refusing(mock, "GET", 403, "20013")
        code, _ = run(recorder, tmp_path)
    report = json.loads((tmp_path / "reports" / "drift.json").read_text(encoding="utf-8"))
    assert code == 4
    assert "the account is blocked (403, code 20013)" in report["run"]["verdict"]
