"""The first command on a fresh machine: what makes an environment ready, and what is said when it can't be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.__main__ import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def test_an_environment_is_ready_only_with_the_stamp_of_this_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("attrs==1 --hash=sha256:0\n")
    environment = tmp_path / "environment"
    environment.mkdir()
    assert not bootstrap.is_ready(environment, lock)
    (environment / bootstrap.STAMP).write_text(bootstrap.wanted_stamp(lock))
    assert bootstrap.is_ready(environment, lock)
    lock.write_text("attrs==2 --hash=sha256:0\n")
    assert not bootstrap.is_ready(environment, lock)


def test_an_environment_of_another_python_is_left_to_it(tmp_path: Path) -> None:
    assert bootstrap.environment_folder(tmp_path) == tmp_path / ".venv"
    stamp = tmp_path / ".venv" / bootstrap.STAMP
    stamp.parent.mkdir()
    stamp.write_text(bootstrap.wanted_stamp())
    assert bootstrap.environment_folder(tmp_path) == tmp_path / ".venv"
    series = ".".join(map(str, sys.version_info[:2]))
    stamp.write_text(f"python {series}.99\nlock 0\n")  # an older patch release: made anew in place
    assert bootstrap.environment_folder(tmp_path) == tmp_path / ".venv"
    stamp.write_text("python 3.99.1\nlock 0\n")
    assert bootstrap.environment_folder(tmp_path) == tmp_path / f".venv-{series}"


def test_a_linked_environment_is_never_emptied(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("kept")
    (tmp_path / ".venv").symlink_to(elsewhere)
    with pytest.raises(bootstrap.BootstrapError, match="is a link"):
        bootstrap._make(tmp_path / ".venv", bootstrap.LOCK)
    assert (elsewhere / "precious").read_text() == "kept"


def test_pip_is_run_without_what_would_send_packages_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX", "kept")
    found = bootstrap._pip_environment()
    assert not {"PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"} & set(found)
    assert (found["PIP_USER"], found["PIP_INDEX"]) == ("0", "kept")


def test_ctrl_c_during_the_set_up_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "ensure_environment", interrupted)
    assert main(["test"]) == 130
    assert capsys.readouterr().err == "interrupted: the next run sets .venv up anew\n"


def test_no_arguments_list_every_command_and_install_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ensure_environment", lambda arguments: pytest.fail("set up an environment"))
    assert main([]) == 0
    listed = capsys.readouterr().out
    for name, summary in COMMANDS.items():
        assert f"  {name}" in listed
        assert summary in listed


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["regenrate"]) == 2
    assert "there is no command 'regenrate'" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_listed_command_explains_itself(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "scripts", name, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert f"python3 -m scripts {name}" in result.stdout


def test_a_failed_installation_shows_what_pip_said(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("=no requirement=\n")  # refused before anything is looked up
    environment = Path(sys.prefix)
    with pytest.raises(bootstrap.BootstrapError, match="Invalid requirement"):
        bootstrap._install(environment, lock)


def test_the_entry_point_parses_on_pythons_that_are_too_old_to_run_it() -> None:
    import ast

    for name in ("__main__.py", "bootstrap.py"):
        ast.parse((ROOT / "scripts" / name).read_text(encoding="utf-8"), feature_version=(3, 8))
