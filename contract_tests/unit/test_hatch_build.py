"""The build hook on small made-up repositories: what it takes along, what it renames, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.hatch_build import CannotShip, laid_out, shared, sources

FILES = {
    "generated/openapi.effective.json": "{}",
    "contract_tests/description.py": "from scripts.errors import InputError\n",
    "contract_tests/other.py": "X = 1\n",
    "contract_tests/mock/__init__.py": "",
    "contract_tests/mock/app.py": "from ..description import load\nfrom .parts import Part\n",
    "contract_tests/mock/parts.py": "class Part: ...\n",
    "contract_tests/mock/seeds/things.yaml": "[]\n",
    "contract_tests/mock/README.md": "# The mock\n",
    "contract_tests/mock/__pycache__/app.pyc": "",
    "contract_tests/mock/deep/inner.py": "def f():\n    from scripts.pipeline import pointers\n    return pointers\n",
    "scripts/errors.py": "class InputError(Exception): ...\n",
    "scripts/pipeline/pointers.py": "import json\n",
}


def repository(folder: Path, **changes: str) -> Path:
    """A made-up repository; ``changes`` replace or add modules of the mock by name."""
    files = {**FILES, **{f"contract_tests/mock/{name}.py": text for name, text in changes.items()}}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_mock_takes_along_what_it_imports_and_nothing_else(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert list(shared(root)) == ["contract_tests.description", "scripts.errors", "scripts.pipeline.pointers"]
    assert sorted(laid_out(root)) == [
        "telnyx_mock/__init__.py",
        "telnyx_mock/_shared/__init__.py",
        "telnyx_mock/_shared/description.py",
        "telnyx_mock/_shared/errors.py",
        "telnyx_mock/_shared/openapi.effective.json",
        "telnyx_mock/_shared/pointers.py",
        "telnyx_mock/app.py",
        "telnyx_mock/deep/inner.py",
        "telnyx_mock/parts.py",
        "telnyx_mock/seeds/things.yaml",
    ]


def test_imports_name_the_new_place_and_lines_stay_where_they_are(tmp_path: Path) -> None:
    made = laid_out(repository(tmp_path))
    assert made["telnyx_mock/app.py"] == b"from telnyx_mock._shared.description import load\nfrom .parts import Part\n"
    assert made["telnyx_mock/_shared/description.py"] == b"from telnyx_mock._shared.errors import InputError\n"
    assert made["telnyx_mock/deep/inner.py"].splitlines()[1] == b"    from telnyx_mock._shared import pointers"
    assert made["telnyx_mock/_shared/pointers.py"] == b"import json\n"


def test_an_import_over_several_lines_is_renamed_too(tmp_path: Path) -> None:
    root = repository(tmp_path, more="from ..description import (\n    load,\n    other,\n)\n")
    assert laid_out(root)["telnyx_mock/more.py"].startswith(b"from telnyx_mock._shared.description import (\n    load,")


def test_a_source_distribution_holds_every_file_that_is_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "whole")
    alone = tmp_path / "alone"
    for path in sources(root):
        (alone / path).parent.mkdir(parents=True, exist_ok=True)
        (alone / path).write_bytes((root / path).read_bytes())
    assert laid_out(alone) == laid_out(root)
    assert not (alone / "contract_tests" / "other.py").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import scripts.errors\n", "write 'from … import …'"),
        ("from scripts.pipeline import pointers, other\n", "one module of scripts.pipeline a line"),
        ("from scripts.nothing import x\n", "is no module of this repository"),
        ("from ..errors import x\n", "would both become telnyx_mock._shared.errors"),
    ],
    ids=["plain import", "two modules", "missing", "one name twice"],
)
def test_what_could_not_be_imported_from_the_wheel_is_refused(tmp_path: Path, text: str, said: str) -> None:
    root = repository(tmp_path, more=text)
    if "errors" in text:
        (root / "contract_tests" / "errors.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(CannotShip, match=said.replace(".", r"\.")):
        laid_out(root)
