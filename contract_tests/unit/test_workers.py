"""A run in two processes is one run: the same operations, one report, one exit code, and it ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import ROOT
from scripts import contract
from scripts.errors import InputError

pytestmark = pytest.mark.takes(30)

TWO = ["retrieveMessagingProfileMetrics", "retrievePhoneNumberMessagingSettings"]
# A shell that runs the tests in the background hands SIGINT on as ignored; the command is tested as a person starts it.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from scripts.contract import main
sys.exit(main(sys.argv[1:]))
"""


def report(folder: Path) -> dict[str, Any]:
    """The written report."""
    found: dict[str, Any] = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    return found


def test_two_workers_make_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--workers", "2", "--budget", "quick", "--report-dir", str(tmp_path), "--only", *TWO]
    code = contract.main([*arguments, "--plant", "drop-response-field:record_type"])
    found = report(tmp_path)
    assert code == found["run"]["exit_code"] == 1
    assert {one["operation_id"] for one in found["operations"]} == set(TWO)
    assert {name for one in found["findings"] for name in one["operations"]} >= {TWO[1]}
    # Profiles are made on the way, which no worker has to exercise.
    assert {"createMessagingProfile", "deleteMessagingProfile"} <= {one["operation_id"] for one in found["elsewhere"]}
    rows = [*found["operations"], *found["elsewhere"]]
    assert sum(one["requests"] for one in rows) == found["counts"]["requests"]
    suites = ElementTree.parse(tmp_path / "junit.xml").getroot().findall("testsuite")
    assert len(suites) == 2
    said = capsys.readouterr().err
    assert "1/2  test_conformance" in said
    assert "2/2  test_conformance" in said


def test_on_one_target_what_touches_stays_in_one_worker(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Nobody listens there: the point is how the work is parted.
    arguments = ["--workers", "2", "--target", "http://127.0.0.1:1/v2", "--budget", "quick"]
    only = ["retrieveMessagingProfile", "updatePhoneNumberMessagingSettings", "listMessagingProfileShortCodes"]
    assert contract.main([*arguments, "--report-dir", str(tmp_path), "--only", *only]) == 3
    assert "1 of 2 workers: on one target, operations that touch stay together" in capsys.readouterr().err
    assert len(report(tmp_path)["operations"]) == len(only)


def test_more_workers_than_work_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--workers", "99", "--budget", "quick", "--report-dir", str(tmp_path), "--only", TWO[0]]
    assert contract.main(arguments) == 0
    assert "2 of 99 workers: there is no more to share out" in capsys.readouterr().err


def test_a_worker_that_refuses_its_arguments_refuses_them_for_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no drift 'nonsense'"):
        contract.main(["--workers", "2", "--plant", "nonsense", "--report-dir", str(tmp_path / "reports")])
    assert not (tmp_path / "reports").exists()


def test_workers_and_a_shard_are_two_ways_to_split() -> None:
    with pytest.raises(InputError, match="both split the run"):
        contract.main(["--workers", "2", "--shard", "1/2"])


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGINT, 2)])
def test_an_interrupted_run_writes_what_it_has(tmp_path: Path, number: signal.Signals, workers: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--workers", str(workers), "--report-dir", str(tmp_path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])},
    )
    with process:
        assert process.stderr is not None
        begun: set[str] = set()
        for line in process.stderr:
            if "test_lifecycle_create: " in line and "tests" in line:
                begun.add(line.split("test_lifecycle_create")[0].split()[-1])
            if len(begun) == workers:
                break
        time.sleep(0.2)
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(30) == 5, said
    found = report(tmp_path)
    assert "interrupted" in found["run"]["verdict"]
    assert found["counts"]["requests"] > 0
    assert found["missing"]
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().tag == "testsuites"
