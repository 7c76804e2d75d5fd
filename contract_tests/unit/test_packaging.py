"""What ``pip install .`` gives: the package with two requirements, and the mock, whose requirements are an extra."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOCK = ROOT / "contract_tests" / "mock"


def names_in(wheel: Path) -> set[str]:
    """The files of a wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def run(code: str, folder: Path, working: Path) -> subprocess.CompletedProcess[str]:
    """Code run by this interpreter with the contents of a wheel, and without the repository."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=working, env=environment, capture_output=True, text=True, check=False)


def requirements(wheel: Path) -> list[str]:
    """What the wheel says it requires."""
    archive = zipfile.ZipFile(wheel)
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_string(archive.read(metadata).decode()).get_all("Requires-Dist") or []


def test_the_wheel_contains_just_the_package_and_the_mock(wheel: Path) -> None:
    names = names_in(wheel)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"telnyx_bindings", "telnyx_mock"}
    committed = {
        path.relative_to(ROOT / "generated").as_posix()
        for path in (ROOT / "generated" / "telnyx_bindings").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("telnyx_bindings/")} == committed
    assert {"telnyx_bindings/py.typed", "telnyx_bindings/MANIFEST.json", "telnyx_mock/py.typed"} <= names


def test_the_wheel_contains_every_module_and_seed_of_the_mock(wheel: Path) -> None:
    mine = {
        f"telnyx_mock/{path.relative_to(MOCK).as_posix()}"
        for path in MOCK.rglob("*")
        if path.suffix in {".py", ".yaml", ".typed"} and "__pycache__" not in path.parts
    }
    assert "telnyx_mock/seeds/short_codes.yaml" in mine
    shared = {name for name in names_in(wheel) if name.startswith("telnyx_mock/_shared/")}
    # Of the rest of the repository it takes as little as possible along; whatever joins this list is shipped.
    assert {Path(name).stem for name in shared} == {
        *("__init__", "openapi.effective"),
        *("description", "envelope", "errors", "events", "load", "operation_rules", "pointers"),
    }
    assert {name for name in names_in(wheel) if name.startswith("telnyx_mock/")} - shared == mine


def test_the_wheel_requires_attrs_and_httpx_alone(wheel: Path) -> None:
    always = [one for one in requirements(wheel) if "extra ==" not in one]
    assert sorted(re.split(r"[^a-z]", one)[0] for one in always) == ["attrs", "httpx"]


def test_the_mock_imports_nothing_but_what_its_extra_names(installed: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["mock"]]
    may = {re.split(r"[^A-Za-z0-9_-]", one)[0].lower().replace("_", "-") for one in declared} | {"pytest", "anyio"}
    owners = packages_distributions()
    used: set[str] = set()
    for path in (installed / "telnyx_mock").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                named = [node.module or ""]
            used |= {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names) - {"telnyx_mock"}
    assert {"jsonschema_rs", "httpx"} <= used, "the rule would check nothing"
    found = {owners[name][0].lower().replace("_", "-") for name in used}
    assert found <= may, "what the mock needs beyond its extra"
    assert may - found == set(), "what the extra names and the mock does not use"


@pytest.mark.parametrize("package", ["telnyx_bindings", "telnyx_mock"])
def test_the_installed_wheel_imports_without_the_repository(installed: Path, tmp_path: Path, package: str) -> None:
    code = (
        f"import importlib, pkgutil, sys; import {package} as package;"
        f"assert package.__file__.startswith({str(installed)!r}), package.__file__;"
        f"names = [m.name for m in pkgutil.walk_packages(package.__path__, '{package}.')"
        " if not m.name.endswith('__main__')];"
        "[importlib.import_module(n) for n in names]; print(len(names));"
        "assert not {'contract_tests', 'scripts'} & set(sys.modules)"
    )
    result = run(code, installed, tmp_path)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 12


def test_the_bindings_never_import_the_mock(installed: Path, tmp_path: Path) -> None:
    code = "import sys; from telnyx_bindings import Telnyx, webhooks; print('telnyx_mock' in sys.modules)"
    assert run(code, installed, tmp_path).stdout.strip() == "False"


def test_the_mock_of_the_wheel_serves_the_description_that_is_committed(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json; from telnyx_mock import TelnyxMock; mock = TelnyxMock();"
        "print(json.dumps([list(mock.app.operation_ids), mock.description.document]))"
    )
    result = run(code, installed, tmp_path)
    assert result.returncode == 0, result.stderr
    operations, document = json.loads(result.stdout)
    assert document == json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    assert len(operations) == sum(
        len([key for key in item if key != "parameters"]) for item in document["paths"].values()
    )


def test_a_wheel_built_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    (archive,) = wheel.parent.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(tmp_path)], check=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    source = tmp_path / archive.name.removesuffix(".tar.gz")
    result = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == wheel.read_bytes()


def test_an_editable_installation_has_the_mock_too(tmp_path: Path) -> None:
    code = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (made,) = tmp_path.glob("*.whl")
    # The bindings are linked, the mock is copied: it has another name and other imports in the repository.
    assert {"telnyx_mock/__init__.py", "telnyx_mock/_shared/openapi.effective.json"} <= names_in(made)
    assert not any(name.startswith("telnyx_bindings/") for name in names_in(made))
