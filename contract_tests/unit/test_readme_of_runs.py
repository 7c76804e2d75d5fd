"""The README's contract runs, as they are typed there: their verdicts, what they print, and what they leave behind.

Each run of all operations is made once, and everything that is said of it is held against that one.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import load
from contract_tests.drift.report import SCHEMA
from contract_tests.unit.readme_commands import ROOT, SCRIPTS, blocks, commands, mock, run, scripts
from scripts import drift

pytestmark = pytest.mark.takes(90)


@dataclass(frozen=True, slots=True)
class Night:
    """The nightly command on a mock that runs already: what it said, and the folder of its reports."""

    result: subprocess.CompletedProcess[str]
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """What it found, for programs."""
        found: dict[str, Any] = json.loads((self.folder / "drift.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    command = next(one for one in commands() if "--target" in one)
    folder = tmp_path_factory.mktemp("reports") / "night"
    with mock() as address:
        command = command.replace("http://127.0.0.1:8080/v2", address)
        yield Night(run(scripts(re.sub(r"--report-dir \S+", f"--report-dir {folder}", command))), folder)


def test_the_nightly_command_is_green_on_a_running_mock_and_leaves_its_reports(night: Night) -> None:
    assert night.result.returncode == 0, night.result.stdout + night.result.stderr
    assert sorted(path.name for path in night.folder.iterdir()) == ["drift.html", "drift.json", "drift.md", "junit.xml"]


def test_a_run_without_faults_finds_nothing_and_exercises_everything(night: Night) -> None:
    report = night.report
    assert (report["run"]["exit_code"], report["findings"], report["missing"]) == (0, [], [])
    assert report["counts"]["exercised"] == report["counts"]["operations"] == len(load().operations)
    for operation in report["operations"]:
        refused = {status for status in operation["verified"] if status.startswith("4")}
        assert [status for status in operation["verified"] if status.startswith("2")], operation["operation_id"]
        assert "401" in refused, operation["operation_id"]
        assert len(refused) > 1, operation["operation_id"]


def test_the_report_of_a_whole_run_has_the_shape_that_is_promised(night: Night) -> None:
    validator = jsonschema_rs.Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), validate_formats=True
    )
    assert [error.message for error in validator.iter_errors(night.report)] == []


def test_two_workers_on_an_own_mock_come_to_the_same_verdict() -> None:
    (command,) = [one for one in commands() if " --workers " in one]
    result = run(scripts(command))
    assert result.returncode == 0, result.stdout + result.stderr
    for line in shown().splitlines()[-3:]:
        assert line in result.stdout
    assert re.search(rf"^all {len(load().operations)}, see ", result.stdout, flags=re.MULTILINE)


def shown() -> str:
    """What the README shows of the plain command's output."""
    return next(block for block in blocks("text") if "listBrands" in block)


def test_the_contract_command_is_green_on_the_mock_and_prints_what_the_readme_shows() -> None:
    """With its own budget, the standard one, kept to what the README shows; CI runs it as it stands."""
    assert f"{SCRIPTS} contract" in commands()
    words = re.findall(r"^(?:list|create|retrieve|update|delete)[A-Z]\w+", shown(), flags=re.MULTILINE)
    result = run(scripts(f"{SCRIPTS} contract --only {' '.join(words)}"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "budget standard, seed 1" in result.stderr
    heading = next(line for line in shown().splitlines() if line.startswith("operation "))
    for word in (" ".join(heading.split()), *words):
        assert word in " ".join(result.stdout.split())
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f"run: {SCRIPTS} contract --budget standard" in workflow


def test_the_live_run_against_the_mock_is_green_and_deletes_what_it_created(tmp_path: Path) -> None:
    command = next(one for one in commands() if "--treat-as-live" in one)
    result = run(scripts(f"{command} --report-dir {tmp_path / 'live'} --ledger {tmp_path / 'ledger'}"))
    assert result.returncode == 0, result.stdout + result.stderr
    said = json.loads((tmp_path / "live" / "live.json").read_text(encoding="utf-8"))
    assert said["created"] == said["deleted"] > 20


def test_the_proof_of_one_drift_is_complete() -> None:
    (command,) = [one for one in commands() if " --prove " in one]
    result = run(scripts(command))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "verdict: every observable drift is found and placed, and nothing else" in result.stdout


def test_the_planted_drift_is_found() -> None:
    command = next(one for one in commands() if "--plant" in one)
    result = run(scripts(command))
    assert result.returncode == 1, result.stdout + result.stderr
    assert "/data/name" in result.stdout


def test_a_finding_becomes_a_proposal_and_enters_the_history(tmp_path: Path) -> None:
    reports, past = tmp_path / "reports", tmp_path / "history.sqlite"
    planted = next(one for one in commands() if "--plant" in one)
    assert run([*scripts(planted), "--report-dir", str(reports), "--only", "retrieveMessagingProfile"]).returncode == 1
    assert drift.main(["merge", str(reports), "--report-dir", str(reports), "--history", str(past)]) == 1
    told = run([*scripts(f"{SCRIPTS} drift history"), "--history", str(past)])
    assert "drifts: 1, 1 of them open" in told.stdout, told.stderr
    # Proposals are written beside the description: into a folder of the test's own.
    (tmp_path / "generated").symlink_to(ROOT / "generated")
    assert drift.main(["propose", str(reports)], tmp_path) == 0
