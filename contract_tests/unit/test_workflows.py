"""The workflows: whose code they run is fixed, they can do no harm, and what they call is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.unit.package import test_any_payload

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# workflow → job → what it may write; every other job reads only.
WRITING = {
    "changes.yml": {"comment": {"pull-requests": "write"}},
    "nightly.yml": {"live": {"contents": "read", "issues": "write"}},
    "regenerate.yml": {"regenerate": {"contents": "write", "pull-requests": "write"}},
}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def read(path: Path) -> dict[str, Any]:
    """A workflow."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    """All steps of a workflow."""
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_the_workflows_are_found() -> None:
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "nightly-payloads.yml"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_named_by_what_they_contain(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [one for one in used if not PINNED.fullmatch(one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_runs_for_ever_or_may_write_more_than_is_listed_here(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 120
    writing = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert writing == WRITING.get(path.name, {})


def test_the_nightly_payloads_are_those_of_the_test_that_counts_them() -> None:
    (step,) = [one for one in steps(ROOT / ".github" / "workflows" / "nightly-payloads.yml") if "run" in one]
    assert int(step["env"]["PAYLOADS"]) >= 100_000
    assert str(Path(test_any_payload.__file__).relative_to(ROOT)) in step["run"].split()
    chosen = step["run"].split()[step["run"].split().index("-k") + 1]
    assert [name for name in vars(test_any_payload) if chosen in name] == [
        test_any_payload.test_any_answer_becomes_a_model_and_loses_nothing.__name__
    ]
