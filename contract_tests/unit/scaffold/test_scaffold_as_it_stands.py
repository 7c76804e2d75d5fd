"""What ``new`` writes works as it stands: it lints clean, generates, is served, and the suite is green.

The commands run as ``openapi/README.md`` says, in a copy of the repository: its own pipeline, mock and suite.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import new, regenerate
from scripts.__main__ import COMMANDS
from scripts.lint import command as lint
from scripts.pipeline.names import flat
from scripts.scaffold import naming
from scripts.scaffold.naming import Names
from scripts.scaffold.shape import Shape

pytestmark = pytest.mark.takes(40)

ROOT = Path(__file__).resolve().parents[3]
COPIED = ("openapi", "overlays", "scripts", "contract_tests", "generated", "pyproject.toml")
# Plain, of two words, with digits, and two irregular plurals; some have paths of their own, two are of other shapes.
# Names that no API has.
RESOURCES = (
    ["widgets"],
    ["widget_pools"],
    ["widget_10dlc_brands", "--path", "/10dlc/widget_brand"],
    ["widget_addresses"],
    ["widget_policies", "--path", "/security/widget_policies", "--put"],
    ["widget_notes", "--bare", "--camel-case", "--put", "--below", "messaging_profiles"],
)
REPLACED = {"widget_policies", "widget_notes"}


def named(resource: str) -> Names:
    """The names of one of them."""
    return naming.derive(resource, shape=Shape(put=resource in REPLACED))


OPERATIONS = tuple(one for resource, *_ in RESOURCES for one in named(resource).operations)
# The suite takes about half a second an operation: the two that differ most from a plain word stand for all.
EXERCISED = (*named("widget_10dlc_brands").operations, *named("widget_notes").operations)


def run(copy: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python code in the copy, which comes before the repository on the import path."""
    environment = {name: value for name, value in os.environ.items() if name != "TELNYX_API_KEY"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (copy, copy / "generated")))
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def scripts(copy: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python3 -m scripts NAME …`` in the copy, without setting up an environment of its own."""
    code = "import importlib, sys; sys.exit(importlib.import_module(f'scripts.{sys.argv[1]}').main(sys.argv[2:]))"
    return run(copy, code, name, *arguments)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the scaffolds in it, regenerated."""
    folder = tmp_path_factory.mktemp("repository")
    ignored = shutil.ignore_patterns("__pycache__", "unit", "golden", "reports")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    for arguments in RESOURCES:
        assert new.main(arguments, folder) == 0
    assert regenerate.main([], folder) == 0
    return folder


def lint_problems(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What lint says about a working copy; empty when it is clean."""
    capsys.readouterr()
    code = lint.main([], root)
    said = capsys.readouterr().out
    assert (code == 0) == (": no problems" in said), said
    return "" if code == 0 else said


def test_it_lints_clean(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_problems(copy, capsys) == ""


def test_every_operation_is_generated_and_nothing_else_changes(copy: Path) -> None:
    lock: dict[str, Any] = json.loads((copy / "generated" / "BUILD.lock").read_bytes())
    before: dict[str, Any] = json.loads((ROOT / "generated" / "BUILD.lock").read_bytes())
    for stage, counted in lock["counts"].items():
        assert counted["operations"] == before["counts"][stage]["operations"] + len(OPERATIONS), stage
    touched = {name for name, digest in before["outputs"].items() if lock["outputs"][name] != digest}
    # The models' index and the three that tell of the whole package.
    assert {Path(name).name for name in touched} <= {
        "openapi.bundled.json",
        "openapi.effective.json",
        "MANIFEST.json",
        "__init__.py",
    }


def test_the_generated_functions_are_those_of_the_names(copy: Path) -> None:
    for resource, *_ in RESOURCES:
        names = named(resource)
        # The generator parts words at digits: widget_10_dlc_brands.
        modules = {flat(path.stem) for path in (copy / "generated/telnyx_bindings/api" / resource).glob("*.py")}
        assert modules - {flat("__init__")} == {
            flat(f"list_{resource}"),
            *(flat(f"{verb}_{names.record}") for verb in ("create", "retrieve", names.change, "delete")),
        }
        models = {flat(path.stem) for path in (copy / "generated/telnyx_bindings/models").glob("*.py")}
        assert flat(f"{names.record}_create") in models


def test_the_package_passes_the_type_checker(copy: Path) -> None:
    result = run(
        copy,
        "import sys; from mypy.__main__ import console_entry; sys.argv[0] = 'mypy'; console_entry()",
        *("--strict", "--cache-dir", str(copy / "types"), "--config-file", "", "generated/telnyx_bindings"),
    )
    assert result.returncode == 0, result.stdout


def test_the_mock_serves_it_without_code_and_the_suite_finds_no_drift(copy: Path) -> None:
    result = scripts(copy, "contract", "--budget", "quick", "--only", *EXERCISED)
    assert result.returncode == 0, result.stdout + result.stderr
    lines = {line.split()[0]: line.split() for line in result.stdout.splitlines() if line[:1].isalpha()}
    for operation in EXERCISED:
        assert int(lines[operation][2]) > 0, f"{operation} never gave a 2xx"
    assert "verdict: 0" in result.stdout


def finish(copy: Path, target: Path) -> Path:
    """A copy of what lint reads in which every claim rests on a document, as step 8 says."""
    for name in ("openapi", "overlays", "contract_tests/mock/seeds"):
        shutil.copytree(copy / name, target / name)
    for file in (target / "openapi/evidence").glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("[SCAFFOLD]", "[O26]")
        file.write_text(text.replace("scaffold: replace by the document. ", ""), encoding="utf-8")
    return target


def test_lint_asks_to_remove_the_scaffold_s_document_when_its_last_claim_is_replaced(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = finish(copy, tmp_path)
    assert "document 'SCAFFOLD' is cited by nothing" in lint_problems(finished, capsys)
    documents = finished / "openapi/evidence/documents.yaml"
    text = documents.read_text(encoding="utf-8")
    documents.write_text(text[: text.index("  - id: SCAFFOLD\n")], encoding="utf-8")
    assert lint_problems(finished, capsys) == ""


def test_lint_notices_what_is_left_of_an_operation_that_is_taken_out(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("openapi", "overlays", "contract_tests/mock/seeds"):
        shutil.copytree(copy / name, tmp_path / name)
    resource = tmp_path / "openapi/resources/widgets"
    path = resource / "paths/widgets.{id}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("\ndelete:") + 1], encoding="utf-8")
    said = lint_problems(tmp_path, capsys)
    for leftover in ("responses/WidgetDeleted", "parameters/DeletableWidgetId", "examples/delete_widget.unused"):
        assert leftover in said
    assert "link" in said and "is nowhere in the description" in said


def steps() -> list[str]:
    """The ten steps of openapi/README.md, one text each."""
    text = (ROOT / "openapi" / "README.md").read_text(encoding="utf-8")
    section = text.split("## Add a resource in ten steps\n")[1].split("\n## ")[0]
    return [step.strip() for step in re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]]


def test_the_guide_has_ten_steps_whose_commands_and_files_exist(copy: Path) -> None:
    assert len(steps()) == 10
    guide = "\n".join(steps()).replace("number_pools", "widget_pools")
    commands = re.findall(r"python3 -m scripts (\w+)", guide)
    assert set(commands) <= set(COMMANDS) and {"new", "regenerate", "lint", "contract", "test"} <= set(commands)
    folders = {path.name for path in (copy / "openapi/resources/widget_pools").iterdir()}
    assert folders <= {name.rstrip("/") for name in re.findall(r"`(\w+/)`", guide)}
    files = [name for name in re.findall(r"`((?:openapi|contract_tests|evidence)/[\w/.]+)`", guide) if "<" not in name]
    assert len(files) > 3
    for name in files:
        assert (copy / name).exists() or (copy / "openapi" / name).exists(), name


def test_the_guide_s_search_finds_every_mark_of_the_scaffold(copy: Path) -> None:
    search = next(line.strip() for line in "\n".join(steps()).splitlines() if line.strip().startswith("grep "))
    found = subprocess.run(search.split(), cwd=copy, capture_output=True, text=True, check=False)
    named = {line.split(":")[0] for line in found.stdout.splitlines()}
    for resource, *_ in RESOURCES:
        assert {f"openapi/evidence/{resource}.yaml", f"contract_tests/mock/seeds/{resource}.yaml"} <= named
        assert any(name.startswith(f"openapi/resources/{resource}/paths/") for name in named)
    assert "openapi/evidence/documents.yaml" in named
