"""The whole way in a copy of the repository: a drifted target, a run, proposals, accepting them, and a green run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import ROOT, load
from contract_tests.drift import known, reading
from contract_tests.drift.proposals.propose import FOLDER
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve

pytestmark = pytest.mark.takes(15)

KEY = "KEY_of_the_drifted_target"
COPIED = ("contract_tests", "generated", "openapi", "overlays", "scripts", "pyproject.toml", "README.md")
NUMBER, PROFILES, CREATE = "retrievePhoneNumberMessagingSettings", "listMessagingProfiles", "createMessagingProfile"
# What ``python3 -m scripts COMMAND`` does once its environment is there; the copy uses the one that runs this test.
PROGRAM = "import importlib, sys; sys.exit(importlib.import_module(f'scripts.{sys.argv[1]}').main(sys.argv[2:]))"
NUMBER, LIST, CREATE = "retrievePhoneNumberMessagingSettings", "listMessagingProfiles", "createMessagingProfile"
# Kinds that a description can absorb, each with a drift that is one, and the operation that shows it.
ABSORBED = (
    ("field-undocumented", "add-response-field:colour", NUMBER),
    ("response-type", "null-response-field:country_code", NUMBER),
    ("response-enum", "unknown-enum-member:type", NUMBER),
    ("response-format", "time-without-zone:created_at", NUMBER),
    ("header-missing", "drop-header:x-request-id", NUMBER),
    ("valid-request-refused", "smaller-pages", LIST),
    ("default-not-applied", "create-without-defaults", CREATE),
    ("undocumented-status", "status:createMessagingProfile:201", CREATE),
    ("response-type", "change-response-type:redaction_level", CREATE),
)
# How many of them are tried; all takes twice as long as those of one operation.
TRIED = ABSORBED[: int(os.environ.get("ABSORBED", "5"))]
KINDS, PLANTS, ONLY = (list(dict.fromkeys(column)) for column in zip(*TRIED, strict=True))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the commands need of the repository, without its tests and reports."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("unit", "golden", "reports", "__pycache__", "proposed")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    (folder / known.FILE.relative_to(ROOT)).write_text("known: []\n", encoding="utf-8")
    return folder


@pytest.fixture
def target() -> Iterator[str]:
    """The address of a mock of the description as it is now, with drifts: it stays so whatever the copy says."""
    with serve(create_app(load(), api_key=KEY, plants=PLANTS)) as address:
        yield address


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, (folder, folder / "generated")))
    environment = {**os.environ, "TELNYX_API_KEY": KEY, "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done


def report(folder: Path, address: str, name: str) -> dict[str, Any]:
    arguments = ["--target", address, "--budget", "quick", "--report-dir", str(folder.parent / name), "--only", *ONLY]
    done = command(folder, "contract", *arguments)
    made = reading.read(folder.parent / name)
    assert made["run"]["exit_code"] == done.returncode
    return made


def test_accepted_proposals_make_the_next_run_green(copy: Path, target: str) -> None:
    before = report(copy, target, "before")
    assert {one["kind"] for one in before["findings"]} == set(KINDS)
    proposed = json.loads(command(copy, "drift", "propose", str(copy.parent / "before"), "--json").stdout)
    assert proposed["behaviours"] == []
    ids = [one["id"] for one in proposed["proposals"]]
    assert set(ids) == {one["fingerprint"] for one in before["findings"]}
    said = command(copy, "drift", "accept", *ids)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("accepted: overlays/description/") == len(ids)
    assert "verdict: " in said.stdout
    assert "the description before" in said.stdout
    assert "before.json" not in said.stdout, "a place that is gone"
    assert list((copy / FOLDER).iterdir()) == []
    assert "- id: RUN-" in (copy / "openapi/evidence/documents.yaml").read_text(encoding="utf-8")
    after = report(copy, target, "after")
    assert [one["headline"] for one in after["findings"]] == []
    assert after["run"]["exit_code"] == 0, after["missing"]
