"""Programs from npm: installed from a lock, once, and never half."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import npm
from scripts.errors import InputError
from scripts.registries import RegistryUnreachable

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(
    path
    for top in ("scripts", "contract_tests")
    for path in (ROOT / top).rglob("package-lock.json")
    if "node_modules" not in path.parts
)


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A folder with a lock."""
    folder = tmp_path / "locked"
    folder.mkdir()
    for name in npm.LOCKED:
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


class Npm:
    """Stands in for npm; counts how often it is called."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.calls = 0

    def __call__(self, command: list[str], *, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """Act as ``npm ci``."""
        assert command[1:4] == ["ci", "--ignore-scripts", "--no-progress"]
        assert all((cwd / name).is_file() for name in npm.LOCKED)
        self.calls += 1
        return subprocess.CompletedProcess(command, self.code, "", "E503 the registry is away")


@pytest.fixture
def npm_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if npm were installed."""
    monkeypatch.setattr("shutil.which", lambda name: name)


@pytest.mark.usefixtures("npm_is_there")
def test_what_a_lock_pins_is_installed_once_and_again_when_the_lock_changes(
    locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Npm(0)
    monkeypatch.setattr("subprocess.run", run)
    for _ in range(2):
        npm.install(locked, tmp_path / "there", "things")
    assert run.calls == 1
    (locked / "package-lock.json").write_text('{"other": 1}', encoding="utf-8")
    npm.install(locked, tmp_path / "there", "things")
    assert run.calls == 2


@pytest.mark.usefixtures("npm_is_there")
def test_a_failure_is_told_and_tried_again_next_time(
    locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", Npm(1))
    with pytest.raises(InputError, match="things could not be installed:\nE503"):
        npm.install(locked, tmp_path / "there", "things")
    again = Npm(0)
    monkeypatch.setattr("subprocess.run", again)
    npm.install(locked, tmp_path / "there", "things")
    assert again.calls == 1


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_locks_hold_hashes_and_no_addresses_to_download_from(lock: Path) -> None:
    packages = {name: one for name, one in json.loads(lock.read_text(encoding="utf-8"))["packages"].items() if name}
    assert packages
    assert [name for name, one in packages.items() if "resolved" in one or "integrity" not in one] == []
    settings = (lock.parent / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(settings)
    assert all("registry=" not in line for line in settings)


def test_locks_are_there() -> None:
    assert len(LOCKS) >= 2


@pytest.mark.skipif(not npm.available(), reason="this machine has no Node with npm")
def test_npm_without_a_way_to_the_registry_is_recognized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setattr(npm, "PATIENCE", ("--fetch-retries", "0"))
    with pytest.raises(RegistryUnreachable):
        npm.install(ROOT / "contract_tests" / "unit" / "vendor_clients" / "node", tmp_path / "there", "things")
    assert not (tmp_path / "there" / npm.STAMP).exists()
