"""What ``pip install .`` gives: the package, nothing else, and two requirements."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the repository, built offline with the locked backend."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_contains_just_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"telnyx_bindings"}
    committed = {
        path.relative_to(ROOT / "generated").as_posix()
        for path in (ROOT / "generated" / "telnyx_bindings").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("telnyx_bindings/")} == committed
    assert "telnyx_bindings/py.typed" in committed
    assert "telnyx_bindings/MANIFEST.json" in committed


def test_the_wheel_requires_attrs_and_httpx_alone(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    required = message_from_string(archive.read(metadata).decode()).get_all("Requires-Dist") or []
    always = [one for one in required if "extra ==" not in one]
    assert sorted(re.split(r"[^a-z]", one)[0] for one in always) == ["attrs", "httpx"]


def test_the_installed_wheel_imports_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys, importlib, pkgutil; sys.path[:] = [p for p in sys.path if 'generated' not in p];"
        f"sys.path.insert(0, {str(tmp_path)!r}); import telnyx_bindings as package;"
        f"assert package.__file__.startswith({str(tmp_path)!r}), package.__file__;"
        "names = [m.name for m in pkgutil.walk_packages(package.__path__, 'telnyx_bindings.')];"
        "[importlib.import_module(n) for n in names]; print(len(names))"
    )
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 12
