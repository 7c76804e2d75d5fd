"""The second type checker's command: what it finds, it says; what it can't check, it does not call good."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import pyright
from scripts.bootstrap import ROOT
from scripts.errors import InputError

# Stands in for pyright, which is too large to be there for every test: finds "wrong" in what it is given.
STAND_IN = """
import json, pathlib, sys
if "--verifytypes" in sys.argv:
    package = sys.argv[sys.argv.index("--verifytypes") + 1]
    print("it is open" if package == "open" else "Type completeness score: 100%")
    sys.exit(package == "failing")
settings = json.loads(pathlib.Path(sys.argv[sys.argv.index("-p") + 1]).read_text())
text = pathlib.Path(settings["include"][0]).read_text()
if "silent" in text:
    sys.exit(0)
bad = "wrong" in text and settings["typeCheckingMode"] == "strict"
print("it is wrong\\n1 error, 0 warnings" if bad else "0 errors, 0 warnings")
sys.exit(1 if bad else 0)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    package = tmp_path / "store" / "basedpyright"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    return package.parent


@pytest.mark.parametrize(
    ("text", "mode", "found"),
    [("right", "strict", False), ("wrong", "strict", True), ("wrong", "standard", False), ("silent", "strict", True)],
)
def test_verdict_is_the_checkers_and_none_is_no_good_one(
    text: str, mode: str, found: bool, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code.py").write_text(text)
    assert pyright.check(("code.py",), mode, tmp_path, store) is found
    shown = capsys.readouterr().out
    assert f"code.py ({mode}): {'FAILED' if found else 'ok'}" in shown
    assert ("it is wrong" in shown) == (text == "wrong" and found)


@pytest.mark.parametrize(("package", "found"), [("complete", False), ("open", True), ("failing", True)])
def test_a_symbol_without_a_type_is_found(
    package: str, found: bool, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pyright.check_surface(package, tmp_path, store) is found
    shown = capsys.readouterr().out
    assert f"{package} (types of all that can be reached): {'FAILED' if found else 'ok'}" in shown
    assert ("it is open" in shown) == (package == "open")


def test_file_that_is_not_there_is_an_error(tmp_path: Path, store: Path) -> None:
    with pytest.raises(InputError, match="nothing to check"):
        pyright.check(("missing.py",), "strict", tmp_path, store)


def test_everything_that_is_checked_is_there_and_the_surface_is_checked_strictly() -> None:
    assert {mode for _, mode in pyright.CHECKED} == {"standard", "strict"}
    for names, _ in pyright.CHECKED:
        assert names
        assert all((ROOT / name).exists() for name in names)


def test_what_is_installed_already_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("# empty\n")
    pyright.obtain(lock, tmp_path / "store")
    monkeypatch.setattr(sys, "executable", "/nowhere")
    pyright.obtain(lock, tmp_path / "store")


def test_what_can_not_be_installed_is_said(tmp_path: Path) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("==no requirement==\n")
    with pytest.raises(InputError, match="pip could not install pyright"):
        pyright.obtain(lock, tmp_path / "store")
    assert not (tmp_path / "store" / "stamp").exists()


def test_ci_runs_it() -> None:
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    assert "python3 -m scripts pyright" in workflow.read_text(encoding="utf-8")
