"""The workflows that regenerate and that report changes: their commands are run, with a stand-in for GitHub."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml

from contract_tests.unit.comparison.conftest import OVERLAY

pytestmark = pytest.mark.takes(30)

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
# Runs the commands that the workflows are about in this environment; of the long ones it only notes that they came.
PYTHON = """#!{python}
import os, sys
if sys.argv[1:3] == ["-m", "scripts"] and sys.argv[3] in ("regenerate", "changes"):
    sys.path.insert(0, os.getcwd())
    from scripts import __main__ as entry
    entry.bootstrap.ensure_environment = lambda arguments: None
    sys.exit(entry.main(sys.argv[3:]))
if sys.argv[1] == "-c":
    exec(sys.argv[2])
else:
    open(os.environ["NOTES"], "a").write(" ".join(sys.argv[1:]) + "\\n")
"""
GH = """#!/bin/sh
echo "gh $*" >> "$NOTES"
for last; do :; done
if [ "$last" = "-" ]; then cat >> "$NOTES"; elif [ -f "$last" ]; then cat "$last" >> "$NOTES"; fi
case "$2" in
  list) case "$*" in *"--state open"*) echo "$PULL_REQUEST" ;; *) echo 16 ;; esac ;; # 16 was merged long ago
  edit) [ "$3" = "$PULL_REQUEST" ] || exit 1 ;;
esac
"""


@attrs.frozen
class Runner:
    """A checkout with an origin, and the files and variables that a runner gives to steps."""

    checkout: Path
    home: Path
    variables: dict[str, str]

    def run(self, step: dict[str, Any], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step as the runner does (bash, ending at the first failure)."""
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        # Which interpreter these tests were asked to use is nothing that the runner knows.
        given = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        environment = {**given, **self.variables, **more}
        return subprocess.run(command, cwd=self.checkout, env=environment, capture_output=True, text=True, check=True)

    def read(self, name: str) -> str:
        """What steps wrote to one of the runner's files."""
        path = self.home / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.com")
    command = ["git", *settings, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working copy as a commit on main; then the description changes in a second one, and ``generated/`` does not.

    The workflow's first two steps have been taken: built, and told what it does to callers.
    """
    folder = tmp_path_factory.mktemp("workflows")
    made = runner_in(folder)
    for name in ("openapi", "overlays", "generated", "scripts", ".ci"):
        ignored = shutil.ignore_patterns("__pycache__", "proposed")
        shutil.copytree(ROOT / name, made.checkout / name, ignore=ignored)
    shutil.copy(ROOT / "CHANGELOG.md", made.checkout)
    made.home.mkdir()
    (folder / "bin").mkdir()
    for name, text in (("python3", PYTHON.replace("{python}", sys.executable)), ("gh", GH)):
        (folder / "bin" / name).write_text(text, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    (made.checkout / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    git(made.checkout, "init", "--quiet", "--initial-branch", "main")
    git(folder, "init", "--quiet", "--bare", "origin.git")
    git(made.checkout, "remote", "add", "origin", "../origin.git")
    made.run({"run": "python3 -m scripts regenerate"})
    git(made.checkout, "add", ".")
    git(made.checkout, "commit", "--quiet", "-m", "first")
    (made.checkout / "overlays" / "description" / "900-since.overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    git(made.checkout, "add", ".")
    git(made.checkout, "commit", "--quiet", "-m", "second")
    for step in steps("regenerate.yml", "regenerate")[:2]:
        made.run(step)
    return folder


@pytest.fixture
def runner(first: Path, tmp_path: Path) -> Runner:
    """A copy of it all."""
    shutil.copytree(first, tmp_path / "runner")
    return runner_in(tmp_path / "runner")


def runner_in(folder: Path) -> Runner:
    """The runner whose checkout, programs and files are in a folder."""
    variables = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "NOTES": str(folder / "home" / "notes"),
        "RUNNER_TEMP": str(folder / "home"),
        "GITHUB_OUTPUT": str(folder / "home" / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "home" / "summary"),
        "PULL_REQUEST": "",
    }
    return Runner(folder / "checkout", folder / "home", variables)


def steps(workflow: str, job: str) -> list[dict[str, Any]]:
    """The steps of a job that run commands."""
    found = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"][job]["steps"]
    return [step for step in found if "run" in step]


def test_a_changed_description_becomes_a_pull_request_whose_text_is_the_report(runner: Runner) -> None:
    build, *others = steps("regenerate.yml", "regenerate")
    assert "if" not in build
    assert {step["if"] for step in others} == {"steps.build.outputs.changed == 'yes'"}
    assert runner.read("output") == "changed=yes\n"
    for step in others[1:]:
        runner.run(step)
    notes = runner.read("notes")
    assert "-m scripts test\n-m scripts contract --budget standard\n" in notes
    assert "gh pr create --base main --head regenerated" in notes
    assert "## What this does to callers: minor" in notes
    assert "`MessagingProfile.colour`" in notes
    assert re.search(r"^wire: [1-9]\d+ calls, [1-9]\d+ requests compared: ", notes, flags=re.MULTILINE)
    changed = git(runner.checkout, "diff", "--name-only", "main", "origin/regenerated").split("\n")
    assert "generated/telnyx_bindings/models/messaging_profile.py" in changed
    assert "CHANGELOG.md" in changed
    assert all(name.startswith("generated/") or name == "CHANGELOG.md" for name in changed)
    assert "- **additive** `MessagingProfile.colour`" in git(runner.checkout, "show", "origin/regenerated:CHANGELOG.md")


def test_a_pull_request_that_is_open_gets_the_new_text(runner: Runner) -> None:
    runner.run(steps("regenerate.yml", "regenerate")[-1], PULL_REQUEST="17")
    notes = runner.read("notes")
    assert "gh pr edit 17 " in notes
    assert "gh pr create" not in notes


def test_a_text_that_can_not_be_put_in_place_is_no_success_and_opens_no_second_one(runner: Runner) -> None:
    script = runner.home.parent / "bin" / "gh"
    script.write_text(script.read_text(encoding="utf-8").replace('[ "$3" = "$PULL_REQUEST" ]', "false"))
    with pytest.raises(subprocess.CalledProcessError):
        runner.run(steps("regenerate.yml", "regenerate")[-1], PULL_REQUEST="17")
    assert "gh pr create" not in runner.read("notes")


def test_nothing_happens_when_the_package_is_up_to_date(runner: Runner) -> None:
    git(runner.checkout, "commit", "--quiet", "-m", "third")
    (runner.home / "output").unlink()
    runner.run(steps("regenerate.yml", "regenerate")[0])
    assert runner.read("output") == "changed=no\n"


def test_a_pull_request_gets_the_report_as_its_comment(runner: Runner) -> None:
    git(runner.checkout, "commit", "--quiet", "-m", "third")
    for name in ("output", "summary"):
        (runner.home / name).unlink()
    (report,) = steps("changes.yml", "report")
    runner.run(report, BASE=git(runner.checkout, "rev-parse", "HEAD~2"))
    name, _, rest = runner.read("output").partition("<<")
    end, _, value = rest.partition("\n")
    assert (name, value.endswith(f"\n{end}\n"), len(end)) == ("report", True, 32)
    text = value.removesuffix(f"{end}\n")
    assert text == runner.read("summary")
    assert "## What this does to callers: minor" in text
    (comment,) = steps("changes.yml", "comment")
    runner.run(comment, REPORT=text.rstrip("\n"), NUMBER="5")
    assert runner.read("notes") == f"gh pr comment 5 --edit-last --create-if-none --body-file -\n{text}"


def test_the_job_that_runs_a_strangers_code_may_not_write_and_the_one_that_writes_runs_none() -> None:
    jobs = yaml.safe_load((WORKFLOWS / "changes.yml").read_text(encoding="utf-8"))["jobs"]
    assert "permissions" not in jobs["report"]
    assert jobs["comment"]["permissions"] == {"pull-requests": "write"}
    assert not any("uses" in step or "python" in step["run"] for step in jobs["comment"]["steps"])
    # What strangers write reaches commands through variables, never as a part of the command.
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert not any("${{" in command for command in commands)
