"""What lint foresees is what openapi-python-client does: both are run on the same documents."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import GeneratorData

from contract_tests.unit.lint.cases import Case, read
from scripts.lint import any_document, consequences, python_names
from scripts.lint.consequences import Outcome
from scripts.lint.rule import discover
from scripts.pipeline import load

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "lint"
DOCUMENTS = sorted(GOLDEN.glob("*.yaml"))


def foreseen(path: Path) -> Outcome:
    """What lint says of a document."""
    subject = any_document.read(path)
    rules = [rule for rule in discover().values() if rule.applies(subject)]
    return consequences.foresee(subject.document, [finding for rule in rules for finding in rule.check(subject)])


def generated(document: dict[str, Any], folder: Path) -> GeneratorData | None:
    """Run the generator; ``None`` when it refuses or crashes."""
    config = Config.from_sources(ConfigFile(post_hooks=[]), MetaType.NONE, Path("d.json"), "utf-8", True, folder)
    try:
        data = GeneratorData.from_dict(document, config=config)
        if isinstance(data, GeneratorError):
            return None
        Project(openapi=data, config=config).build()
    except ValueError:
        return None
    return data


def callable_operations(folder: Path) -> set[str]:
    """Method and path of every operation in a generated package, with the names of path parameters left out."""
    found = set()
    for module in folder.glob("api/*/*.py"):
        text = module.read_text(encoding="utf-8")
        method, url = re.search(r'"method": "(\w+)"', text), re.search(r'"url": "([^"]*)"', text)
        if method and url:
            found.add(f"{method[1].upper()} {bare(url[1])}")
    return found


def bare(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def described(document: dict[str, Any]) -> set[str]:
    found = set()
    for path, item in document["paths"].items():
        name = item.get("$ref", "").rpartition("/")[2]
        for method in document["components"]["pathItems"][name] if name else item:
            if method != "parameters":
                found.add(f"{method.upper()} {bare(path)}")
    return found


def test_there_are_documents_of_every_sort() -> None:
    assert len(DOCUMENTS) >= 7


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_exactly_the_operations_are_lost_that_lint_names(path: Path, tmp_path: Path) -> None:
    document = load.read(path).contents
    outcome = foreseen(path)
    data = generated(load.read(path).contents, tmp_path / "package")
    kept = callable_operations(tmp_path / "package") if data else set()
    lost = {f"{label.split(' ', 1)[0]} {bare(label.split(' ', 1)[1])}" for label in outcome.operations}
    assert lost == described(document) - kept
    assert outcome.kept == len(kept)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if "nothing" not in path.name], ids=lambda path: path.stem)
def test_exactly_the_responses_are_untyped_that_lint_names(path: Path, tmp_path: Path) -> None:
    data = generated(load.read(path).contents, tmp_path / "package")
    assert data is not None
    left_out: list[str] = []
    for collection in data.endpoint_collections_by_tag.values():
        for error in collection.parse_errors:
            if "will not be generated" not in error.header and "omitted" in (error.detail or ""):
                found = re.search(r"parsing (\S+ \S+) within", error.header)
                assert found
                left_out.append(found[1])
    assert sorted(name.rpartition(" ")[0] for name in foreseen(path).responses) == sorted(left_out)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if "nothing" not in path.name], ids=lambda path: path.stem)
def test_exactly_the_component_schemas_are_lost_that_lint_names(path: Path, tmp_path: Path) -> None:
    document = load.read(path).contents
    data = generated(load.read(path).contents, tmp_path / "package")
    assert data is not None
    removed = set()
    for error in data.errors:
        text = f"{error.header} {error.detail}"
        removed |= set(
            re.findall(r"/components/schemas/(\S+?):?(?=\s|$)", text.partition("removal of:")[2] or error.header)
        )
    assert set(foreseen(path).schemas) == removed & set(document["components"].get("schemas", ()))


def refused_by_the_type_checker(cases: dict[str, Case], folder: Path) -> set[tuple[str, str]]:
    """Package and module of each model in which mypy finds a fault; each case is a package. One run takes seconds."""
    for package, case in cases.items():
        complete = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, **case.document}
        assert generated(complete, folder / package) is not None
    models = [f"{package}/models" for package in cases]
    command = [sys.executable, "-m", "mypy", "--config-file=", "--no-error-summary", *models]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert found.returncode in (0, 1), found.stderr
    return set(re.findall(r"^(\w+)/models/(\w+)\.py:\d+: error", found.stdout, re.MULTILINE))


def test_a_type_checker_refuses_exactly_the_classes_that_lint_names(tmp_path: Path) -> None:
    every = [case for kind in ("pass", "fail") for case in read(kind) if case.rule.id == "property_called_like_class"]
    cases = {f"case_{number}": case for number, case in enumerate(every)}
    named = {
        (package, python_names.identifier(name))
        for package, case in cases.items()
        for finding in case.findings()
        for name in re.findall(r"its class (\w+)", finding.message)
    }
    assert len(named) > 5
    assert refused_by_the_type_checker(cases, tmp_path) == named
