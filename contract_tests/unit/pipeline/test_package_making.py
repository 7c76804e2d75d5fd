"""Making a package leaves the process as it was, and the shortcuts on the way change no byte of it."""

from __future__ import annotations

import copy
import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.pipeline.test_facade import document, operation
from scripts.errors import InputError
from scripts.pipeline import generate, manifest, package
from scripts.pipeline.layout import Layout

ROOT = Path(__file__).resolve().parents[3]


def described() -> dict[str, Any]:
    """Operations with parameters of their own and of their path, with answers of several statuses."""
    page = {"name": "page[number]", "in": "query", "schema": {"type": "integer"}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    found = document(
        things={"get": operation("listThings", "things.list", page)},
        things__id={"parameters": [key], "get": operation("getThing", "things.get", page)},
    )
    found["paths"]["/things/{id}"]["get"]["responses"]["404"] = {"description": "None."}
    return found


def made(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    package.make(folder, described(), described(), Layout(ROOT))
    return {name: path.read_bytes() for name, path in manifest.files(folder).items()}


def test_the_generators_own_copies_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = made(tmp_path / "quick")
    assert "api/things/get_thing.py" in quick
    monkeypatch.setattr(generate, "_copied", copy.deepcopy)
    assert made(tmp_path / "slow") == quick


def test_what_was_set_aside_is_back_afterwards(tmp_path: Path) -> None:
    from openapi_python_client.parser import openapi

    module: Any = openapi
    assert gc.isenabled()
    made(tmp_path / "one")
    assert (module.deepcopy, gc.isenabled()) == (copy.deepcopy, True)
    broken = described()
    broken["components"]["schemas"]["Thing"]["properties"]["id"] = {"type": "array"}
    with pytest.raises(InputError):
        package.make(tmp_path, broken, broken, Layout(ROOT))
    assert (module.deepcopy, gc.isenabled()) == (copy.deepcopy, True)


def test_httpx_is_whole_where_it_was_there_and_loads_no_command_line_where_it_was_not(tmp_path: Path) -> None:
    code = (
        "import json, sys\nfrom pathlib import Path\n"
        "from scripts.pipeline import package\nfrom scripts.pipeline.layout import Layout\n"
        "document = json.load(sys.stdin)\n"
        "package.make(Path(sys.argv[1]), document, document, Layout(Path.cwd()))\n"
        "import httpx\n"
        "print('httpx._main' in sys.modules, httpx.Client.__name__)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        input=json.dumps(described()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "False Client\n"
