"""Environments beside the main one: made from a lock, once, and a registry out of reach is told from a real failure."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import locked_environment
from scripts.errors import InputError
from scripts.lock import LOCKS
from scripts.registries import RegistryUnreachable, failure


class Pip:
    """Stands in for pip: ends with a code and says something; keeps the commands."""

    def __init__(self, code: int = 0, said: str = "") -> None:
        self.code = code
        self.said = said
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        """Act as ``subprocess.run``."""
        self.commands.append(command)
        return subprocess.CompletedProcess(command, self.code, self.said)


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock; what it pins would be installed below the test's own folder."""
    monkeypatch.setattr(locked_environment, "environment_folder", lambda: tmp_path / "main")
    file = tmp_path / "thing.lock"
    file.write_text("thing==1 --hash=sha256:00\n", encoding="utf-8")
    return file


def installing(monkeypatch: pytest.MonkeyPatch, pip: Pip) -> Pip:
    """Let ``pip`` do the installing."""
    monkeypatch.setattr("subprocess.run", pip)
    return pip


def test_an_environment_is_made_once_and_again_when_its_lock_changes(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pip = installing(monkeypatch, Pip())
    python = locked_environment.obtain(lock, "the thing")
    assert python.is_relative_to(tmp_path / "main" / "thing") and python.exists()
    assert locked_environment.obtain(lock, "the thing") == python
    assert capsys.readouterr().err == "[setup] installing the thing from thing.lock (once)\n"
    (command,) = pip.commands
    assert {"--require-hashes", "--only-binary=:all:", str(python), str(lock)} <= set(command)
    lock.write_text("thing==2 --hash=sha256:00\n", encoding="utf-8")
    locked_environment.obtain(lock, "the thing")
    assert len(pip.commands) == 2


def test_a_failure_leaves_nothing_that_passes_for_an_environment(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch, Pip(1, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"))
    with pytest.raises(InputError, match="the thing could not be installed") as refused:
        locked_environment.obtain(lock, "the thing")
    assert not isinstance(refused.value, RegistryUnreachable)
    assert len(installing(monkeypatch, Pip()).commands) == 0
    again = installing(monkeypatch, Pip())
    locked_environment.obtain(lock, "the thing")
    assert len(again.commands) == 1


@pytest.mark.parametrize(
    "said",
    [
        "WARNING: Retrying: NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused')",
        "NameResolutionError: Temporary failure in name resolution",
        "ProxyError('Cannot connect to proxy.')",
        "npm error code ENOTFOUND",
        "npm error network request failed, reason: connect ECONNREFUSED 127.0.0.1:9",
        "npm error code EAI_AGAIN",
    ],
)
def test_a_registry_out_of_reach_is_told_from_other_failures(said: str) -> None:
    assert isinstance(failure("things", f"first\n{said}\nlast", "x.lock"), RegistryUnreachable)


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: No matching distribution found for thing==1",
        "npm error code EINTEGRITY",
        "npm error 404 Not Found - GET thing",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
        "",
    ],
)
def test_a_registry_that_refuses_is_a_failure(said: str) -> None:
    assert not isinstance(failure("things", said, "x.lock"), RegistryUnreachable)


def test_pip_without_a_way_to_the_index_is_recognized(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setattr(locked_environment, "PATIENCE", ("--timeout", "1", "--retries", "1"))
    with pytest.raises(RegistryUnreachable):
        locked_environment.obtain(lock, "the thing")


@pytest.mark.parametrize("file", LOCKS, ids=lambda path: path.name)
def test_every_lock_pins_with_hashes_and_names_no_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert pins
    assert [line for line in pins if "==" not in line or not line.endswith("\\")] == []
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
