"""Every night the suite is proved too: a job of its own, with every drift, every trap and all clean runs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from contract_tests.description import load
from contract_tests.prove import command
from contract_tests.prove.trials import Aim
from contract_tests.unit.nightly.test_workflow import workflow

# Stands in for Python: notes what it was asked, prints a table, and ends as told.
PYTHON = """#!{python}
import os, pathlib, sys
pathlib.Path("asked").write_text("\\n".join(sys.argv[1:]), encoding="utf-8")
print("verdict: not proved")
sys.exit(int(os.environ["ENDS"]))
"""


def job() -> dict[str, Any]:
    """The job of the proof."""
    found: dict[str, Any] = workflow()["jobs"]["prove"]
    return found


def done(folder: Path, ends: int) -> tuple[list[int], list[str]]:
    """The exit code of each step that is a command, run as a runner does, and what Python was asked."""
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").write_text(PYTHON.format(python=sys.executable), encoding="utf-8")
    (folder / "bin" / "python3").chmod(0o755)
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "ENDS": str(ends),
        "GITHUB_RUN_NUMBER": "7",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    codes = []
    for step in job()["steps"]:
        if "run" in step:
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            codes.append(subprocess.run(shell, cwd=folder, env=environment, check=False).returncode)
    return codes, (folder / "asked").read_text(encoding="utf-8").splitlines()


def test_the_whole_proof_is_asked_for_with_another_seed_each_night(tmp_path: Path) -> None:
    codes, asked = done(tmp_path, 0)
    assert codes == [0, 0]
    assert asked[:4] == ["-m", "scripts", "contract", "--prove"]
    options = command.parse(asked[4:])
    assert (options.seed, options.report) == (7, Path("proof.json"))
    assert (options.clean, options.aims, options.match) == (command.CLEAN_RUNS, tuple(aim.value for aim in Aim), ())
    assert {trial.aim for trial in command.chosen(load(), options)} == set(Aim)


def test_a_proof_that_fails_fails_the_job_and_is_told(tmp_path: Path) -> None:
    assert done(tmp_path, 1)[0] == [1, 0]
    assert "verdict: not proved" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert workflow()["defaults"]["run"]["shell"] == "bash"


def test_it_runs_every_night_whatever_the_api_does_and_holds_no_key() -> None:
    live = workflow()["jobs"]["live"]
    assert job()["if"] == live["if"]
    assert not {"needs", "environment", "permissions", "env"} & set(job())
    assert "secrets." not in shlex.join(step.get("run", "") for step in job()["steps"])
