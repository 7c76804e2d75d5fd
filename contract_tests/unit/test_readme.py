"""Every command of the README is run; its examples print what it says they print."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from telnyx_bindings import webhooks

from scripts import drift

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SCRIPTS = "python3 -m scripts"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every line that the README tells to type, prompt removed."""
    found = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    assert len(found) > 5, "the README shows hardly any command"
    return found


def run(arguments: list[str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command as the README says it, with this environment's interpreter and no token about."""
    environment = {name: value for name, value in os.environ.items() if name != "TELNYX_API_KEY"}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def scripts(command: str) -> list[str]:
    """``python3 -m scripts …`` with this interpreter."""
    return [sys.executable, "-m", "scripts", *shlex.split(command.removeprefix(SCRIPTS))]


@contextmanager
def mock(port: int = 0) -> Iterator[str]:
    """The mock as the README starts it; gives its address."""
    command = [sys.executable, "-m", "scripts", "mock", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield line.removeprefix("listening on ")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


def test_every_command_has_a_test_here() -> None:
    known = (
        r"python3 -m scripts (contract|test|docs|mock --port 8080)",
        r"python3 -m scripts (lint|lint generated/openapi\.effective\.json|regenerate|regenerate --check)",
        r"python3 -m scripts changes( --base HEAD --wire)?",
        r"python3 -m scripts contract --target http://127\.0\.0\.1:8080/v2 --budget quick .*",
        r"python3 -m scripts contract --budget quick --(plant|workers) .*",
        r"python3 -m scripts contract --prove --match .*",
        r"python3 -m scripts contract --target mock --treat-as-live .*",
        r"python3 -m scripts drift (propose|history)",
        r"pip install \.",
        r"pip install '\.\[(webhooks|mock)\]'",
        r"python3 -m scripts vendor \S+ (--only .*|--check|--update)",
    )
    assert [command for command in commands() if not any(re.fullmatch(one, command) for one in known)] == []


def test_the_test_command_is_what_ci_runs() -> None:
    assert f"{SCRIPTS} test" in commands()
    assert "-m scripts test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert ".ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def test_the_contract_command_is_green_on_the_mock_and_prints_what_the_readme_shows() -> None:
    assert f"{SCRIPTS} contract" in commands()
    result = run(scripts(f"{SCRIPTS} contract --budget quick"))
    assert result.returncode == 0, result.stdout + result.stderr
    shown = next(block for block in blocks("text") if "listBrands" in block)
    for line in shown.splitlines():
        if words := re.findall(r"\b(?:list|create|retrieve|update|delete)[A-Z]\w+", line):
            assert words[0] in result.stdout


@pytest.mark.parametrize("flag", ["", " --check"])
def test_regenerate_finds_the_committed_output_up_to_date(flag: str) -> None:
    assert f"{SCRIPTS} regenerate{flag}" in commands()
    before = (ROOT / "generated" / "BUILD.lock").read_bytes()
    result = run(scripts(f"{SCRIPTS} regenerate{flag}"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert (ROOT / "generated" / "BUILD.lock").read_bytes() == before


def test_the_docs_command_writes_the_page_that_the_readme_names() -> None:
    assert f"{SCRIPTS} docs" in commands()
    (named,) = re.findall(r"^writes `(\S+)`", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    result = run(scripts(f"{SCRIPTS} docs"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1].endswith(str(ROOT / named))
    assert "listMessagingProfiles" in (ROOT / named).read_text(encoding="utf-8")


def test_our_description_lints_clean_and_a_plain_generator_would_lose_none_of_its_operations() -> None:
    ours, effective = [command for command in commands() if f"{SCRIPTS} lint" in command]
    result = run(scripts(ours))
    assert result.returncode == 0, result.stdout + result.stderr
    result = run(scripts(effective))
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.search(r"would generate (\d+) of \1 operations", result.stdout)


@pytest.mark.parametrize("flags", ["", " --base HEAD --wire"])
def test_the_changes_of_this_working_copy_are_told(flags: str) -> None:
    assert f"{SCRIPTS} changes{flags}" in commands()
    result = run(scripts(f"{SCRIPTS} changes{flags}"))
    last = result.stdout.splitlines()[-1]
    assert re.match(r"verdict: (nothing changed|patch: |minor: |major: )", last), result.stdout + result.stderr
    unexplained = re.search(r"differ, (\d+) of them unexplained", result.stdout)
    assert result.returncode == int("verdict: major" in last or (unexplained is not None and unexplained[1] != "0"))


@pytest.mark.parametrize(("number", "words"), [(0, "sends with"), (1, "is assigned")], ids=["methods", "functions"])
def test_each_example_prints_what_the_readme_shows(tmp_path: Path, number: int, words: str) -> None:
    example, expected = blocks("python")[number], next(block for block in blocks("text") if words in block)
    assert words in example
    with mock() as address:
        script = tmp_path / "example.py"
        script.write_text(example.replace("http://127.0.0.1:8080/v2", address), encoding="utf-8")
        result = run([sys.executable, "-W", "error", str(script)], tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout == expected


def test_the_nightly_command_is_green_on_a_running_mock_and_leaves_its_reports(tmp_path: Path) -> None:
    command = next(one for one in commands() if "--target" in one)
    with mock() as address:
        command = command.replace("http://127.0.0.1:8080/v2", address)
        command = re.sub(r"--report-dir \S+", f"--report-dir {tmp_path / 'night'}", command)
        result = run(scripts(command))
    assert result.returncode == 0, result.stdout + result.stderr
    written = sorted(path.name for path in (tmp_path / "night").iterdir())
    assert written == ["drift.html", "drift.json", "drift.md", "junit.xml"]


def test_the_live_run_against_the_mock_is_green_and_deletes_what_it_created(tmp_path: Path) -> None:
    command = next(one for one in commands() if "--treat-as-live" in one)
    result = run(scripts(f"{command} --report-dir {tmp_path / 'live'} --ledger {tmp_path / 'ledger'}"))
    assert result.returncode == 0, result.stdout + result.stderr
    said = json.loads((tmp_path / "live" / "live.json").read_text(encoding="utf-8"))
    assert said["created"] == said["deleted"] > 20


def test_two_workers_come_to_the_verdict_of_one() -> None:
    (command,) = [one for one in commands() if " --workers " in one]
    result = run(scripts(command))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "findings: 0" in result.stdout


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


def test_a_slice_is_vendored_checked_and_updated_as_the_readme_says(tmp_path: Path) -> None:
    found = [command for command in commands() if f"{SCRIPTS} vendor" in command]
    assert len(found) == 3
    place = shlex.split(found[0])[4]
    destination = tmp_path / Path(place).name
    for command, words in zip(found, ("laid: a slice of", "current: ", "up to date"), strict=True):
        result = run(scripts(command.replace(place, str(destination))))
        assert result.returncode == 0, result.stdout + result.stderr
        assert words in result.stdout
    code = f"from {destination.name}.api.messaging_profiles import list_messaging_profiles as one; print(one.__name__)"
    result = run([sys.executable, "-W", "error", "-c", code], tmp_path)
    assert result.stdout.strip() == f"{destination.name}.api.messaging_profiles.list_messaging_profiles", result.stderr


def test_the_webhook_example_takes_what_telnyx_signed_and_once() -> None:
    example = blocks("py")[0]
    body = b'{"data": {"event_type": "message.received", "id": "1", "payload": {"text": "Hello"}}}'
    key = Ed25519PrivateKey.generate()
    timestamp = str(int(time.time()))
    signature = base64.b64encode(key.sign(f"{timestamp}|".encode() + body)).decode()
    headers = {"Telnyx-Signature-Ed25519": signature, "Telnyx-Timestamp": timestamp}
    printed: list[object] = []
    names = {
        "request": SimpleNamespace(body=body, headers=headers),
        "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "seen": webhooks.ReplayGuard(),
        "print": printed.append,
    }
    for _ in range(2):
        exec(compile(example, "README.md", "exec"), names)
    assert printed == ["Hello"]


def test_the_webhooks_extra_is_what_the_readme_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "pip install '.[webhooks]'" in commands()
    assert [requirement.split(">")[0] for requirement in project["optional-dependencies"]["webhooks"]] == [
        "cryptography"
    ]


def test_pip_installs_the_package_and_the_mock(tmp_path: Path) -> None:
    assert "pip install ." in commands()
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    result = run([*command, "--no-index", "--target", str(tmp_path), "."])
    assert result.returncode == 0, result.stderr
    packages = {path.name for path in tmp_path.iterdir() if not path.name.endswith(".dist-info")}
    assert packages == {"telnyx_bindings", "telnyx_mock"}


def test_the_example_with_the_mock_passes_where_the_wheel_is_installed(tmp_path: Path, installed: Path) -> None:
    assert "pip install '.[mock]'" in commands()
    (example,) = [block for block in blocks("python") if "def test_" in block]
    (tmp_path / "test_service.py").write_text(example, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_service.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in result.stdout, result.stdout + result.stderr
