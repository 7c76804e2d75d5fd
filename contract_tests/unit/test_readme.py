"""Every command of the README is run, contract runs in ``test_readme_of_runs``; its examples print what it says."""

from __future__ import annotations

import base64
import os
import re
import shlex
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from telnyx_bindings import webhooks

from contract_tests.unit.readme_commands import README, ROOT, SCRIPTS, blocks, commands, mock, run, scripts

pytestmark = pytest.mark.takes(40)


def test_every_command_has_a_test() -> None:
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
