"""The nightly workflow: its steps are read from the file and run, as the runner would, against the mock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.description import load
from contract_tests.drift import history
from contract_tests.live import ledger, quote
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.unit.live.stage import rested
from contract_tests.unit.nightly.github import REPOSITORY, TOKEN, Hub, serving

pytestmark = pytest.mark.takes(15)

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / ".github" / "workflows" / "nightly.yml"
KEY = "KEY_of_the_night_marker"
# Runs the repository's commands in this environment; ``LESS`` is added to the long one.
PYTHON = """#!{python}
import os, sys
assert sys.argv[1:3] == ["-m", "scripts"], sys.argv
sys.path.insert(0, {root!r})
from scripts import __main__ as entry
entry.bootstrap.ensure_environment = lambda arguments: None
arguments = sys.argv[3:]
sys.exit(entry.main(arguments + (os.environ["LESS"].split() if arguments[0] == "contract" else [])))
"""


def workflow() -> dict[str, Any]:
    """The file; YAML 1.1 reads the key ``on`` as true."""
    found: dict[Any, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the live job by name, those that run a command."""
    return {one["name"]: one for one in workflow()["jobs"]["live"]["steps"] if "run" in one}


@dataclass
class Runner:
    """A machine of GitHub's for one night: variables, outputs, summary."""

    home: Path
    target: str
    hub: Hub
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    said: str = ""
    secret: str = KEY

    def run(self, step: dict[str, Any]) -> int:
        """Run a step with the variables that the workflow gives to it; its exit code."""
        job = workflow()["jobs"]["live"]
        own = {name: self._value(text) for name, text in step.get("env", {}).items()}
        output = self.home / "output"
        output.write_text("", encoding="utf-8")
        environment = {
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary.md"),
            "GITHUB_RUN_NUMBER": "7",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self.hub.url,
            "LESS": "--only retrieveMessagingProfile",
            **{name: str(text) for name, text in job["env"].items()},
            "TARGET": self.target,
            "BUDGET": "quick",
            **own,
        }
        # What `shell: bash` stands for; without it there would be no pipefail.
        assert workflow()["defaults"]["run"]["shell"] == "bash"
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.home, env=environment, capture_output=True, text=True, check=False)
        self.said += done.stdout + done.stderr
        lines = (line.partition("=") for line in output.read_text(encoding="utf-8").splitlines())
        self.outputs[step.get("id", "")] = {name: value for name, _, value in lines}
        return done.returncode

    def _value(self, text: str) -> str:
        known = {
            "${{ secrets.TELNYX_API_KEY }}": self.secret,
            "${{ github.token }}": TOKEN,
            "${{ steps.contract.outputs.code }}": self.outputs.get("contract", {}).get("code", ""),
        }
        return known[text]

    def night(self) -> dict[str, int]:
        """The steps that a runner would run, in order; exit codes by name."""
        codes: dict[str, int] = {}
        for name, step in steps().items():
            code, condition = self.outputs.get("contract", {}).get("code"), step.get("if", "success()")
            if "outputs.code" in condition and code not in {"0", "1"}:
                continue
            # After a failure only steps run that ask for it.
            if any(codes.values()) and not ("always()" in condition or "cancelled()" in condition):
                continue
            codes[name] = self.run(step)
        return codes


@pytest.fixture
def mock() -> Mock:
    # What is under way in its seeds would change records while the steps run.
    return rested(create_app(load(), api_key=KEY))


@pytest.fixture
def runner(tmp_path: Path, mock: Mock) -> Iterator[Runner]:
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "python3"
    shim.write_text(PYTHON.replace("{python}", sys.executable).replace("{root!r}", repr(str(ROOT))), encoding="utf-8")
    shim.chmod(0o755)
    with serve(mock) as target, serving() as hub:
        yield Runner(tmp_path, target, hub)


def test_a_quiet_night_ends_with_0_and_leaves_nothing(runner: Runner, mock: Mock) -> None:
    before = json.dumps(mock.store.snapshot())
    codes = runner.night()
    assert set(codes.values()) == {0}, runner.said
    assert len(codes) == 6
    assert json.dumps(mock.store.snapshot()) == before
    summary = (runner.home / "summary.md").read_text(encoding="utf-8")
    assert "exit code 0" in summary
    assert "created" in summary
    assert runner.hub.issues == []
    reports = runner.home / "contract_tests" / "reports"
    assert {"drift.json", "live.json"} <= {path.name for path in (reports / "night").iterdir()}
    assert list((reports / "ledger").iterdir())
    written = [path for path in runner.home.rglob("*") if path.is_file()]
    assert [path for path in written if KEY.encode() in path.read_bytes() or TOKEN.encode() in path.read_bytes()] == []
    assert KEY not in runner.said


def test_a_night_of_drift_opens_an_issue_and_ends_with_1(runner: Runner, mock: Mock) -> None:
    respond = mock.respond

    def drifting(request: Any) -> Any:
        status, headers, body = respond(request)
        changed = body.replace(b'"mobile_only":false', b'"mobile_only":"no"')
        kept = [(name, text) for name, text in headers if name != b"content-length"]
        return status, [*kept, (b"content-length", str(len(changed)).encode())], changed

    mock.respond = drifting  # type: ignore[method-assign]
    codes = runner.night()
    assert codes["end as the run ended"] == 1, runner.said
    assert codes["open, update and close issues"] == 0
    assert len(runner.hub.issues) == 1
    assert "mobile_only" in runner.hub.issues[0]["title"]
    assert not any(one["name"].startswith("contract-2") for one in mock.store.snapshot()["messaging_profiles"])


def test_a_night_without_a_target_makes_no_issue_and_is_no_success(runner: Runner) -> None:
    runner.target = "http://127.0.0.1:1/v2"
    codes = runner.night()
    assert codes["take away what earlier nights left"] == 3
    assert codes["end as the run ended"] == 3
    assert "exit code 3" in (runner.home / "summary.md").read_text(encoding="utf-8")
    assert "open, update and close issues" not in codes
    assert runner.hub.asked == []


def test_a_night_without_a_key_asks_nobody_and_says_how_it_ended(runner: Runner) -> None:
    runner.target, runner.secret = "https://telnyx.invalid/v2", ""
    codes = runner.night()
    assert (codes["take away what earlier nights left"], codes["end as the run ended"]) == (2, 2)
    assert "(exit code 2)" in (runner.home / "summary.md").read_text(encoding="utf-8")
    assert runner.hub.asked == []


def test_the_job_cannot_meet_itself_and_takes_its_key_from_an_environment() -> None:
    found = workflow()
    assert found["concurrency"] == {"group": "nightly", "cancel-in-progress": False}
    live = found["jobs"]["live"]
    assert live["environment"] == "live"
    assert live["env"]["TARGET"] == "live"
    assert [one for one in json.dumps(live).split("secrets.")[1:] if not one.startswith("TELNYX_API_KEY ")] == []
    assert "secrets." not in json.dumps({name: job for name, job in found["jobs"].items() if name != "live"})


def test_history_and_ledgers_are_carried_from_night_to_night() -> None:
    live = workflow()["jobs"]["live"]["steps"]
    restored, saved = (
        next(one for one in live if f"cache/{word}@" in one.get("uses", "")) for word in ("restore", "save")
    )
    assert restored["with"]["path"] == saved["with"]["path"]
    assert restored["with"]["key"] == saved["with"]["key"]
    assert restored["with"]["key"].startswith(restored["with"]["restore-keys"])
    carried = {ROOT / line for line in restored["with"]["path"].split()}
    assert carried == {history.FILE, ledger.FOLDER}
    assert saved["if"] == "always()"


def test_no_step_takes_the_time_of_those_that_tidy_up_and_tell() -> None:
    live = workflow()["jobs"]["live"]
    asking = [one for one in steps().values() if "TELNYX_API_KEY" in one.get("env", {})]
    assert len(asking) == 3
    assert sum(one["timeout-minutes"] for one in asking) < live["timeout-minutes"]
    # The suite ends by itself, with its records deleted, before a runner would end it.
    limits = quote.BY_BUDGET[live["env"]["BUDGET"]]
    assert limits["minutes"] < steps()["hold the API to the description"]["timeout-minutes"]


def test_a_fork_does_not_run_at_night() -> None:
    assert "!github.event.repository.fork" in workflow()["jobs"]["live"]["if"]


def test_what_tidies_up_and_tells_runs_whatever_happened_before() -> None:
    names = list(steps())
    after = [steps()[name] for name in names[names.index("hold the API to the description") + 1 :]]
    assert all(step["if"].startswith("always()") for step in after)


def test_once_a_month_the_steps_are_tried() -> None:
    found = workflow()
    nightly, monthly = (one["cron"] for one in found["on"]["schedule"])
    assert nightly.split()[2:] == ["*", "*", "*"]
    assert monthly.split()[2:] == ["1", "*", "*"]
    assert monthly in found["jobs"]["self-check"]["if"]
    assert monthly in found["jobs"]["live"]["if"]
    commands = " ".join(one.get("run", "") for one in found["jobs"]["self-check"]["steps"])
    assert str(Path(__file__).parent.relative_to(ROOT)) in commands
