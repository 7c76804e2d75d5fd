"""A copy of the working copy, and a file as the vendor might publish it: OpenAPI 3.0, other paths, other contents."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
EFFECTIVE = Path("generated", "openapi.effective.json")
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The description, its overlays, and what was generated."""
    root = tmp_path / "copy"
    for name in ("openapi", "overlays", "generated"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "proposed"))
    (root / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "requirements.lock", root / "scripts")
    return root


@pytest.fixture
def publish(tmp_path: Path, root: Path) -> Callable[[Edit], Path]:
    """Write our own description as OpenAPI 3.0 with the version in its paths, after an edit."""

    def write(edit: Edit) -> Path:
        document = json.loads((root / EFFECTIVE).read_text(encoding="utf-8"))
        edit(document)
        older(document)
        document |= {"openapi": "3.0.3", "info": {"title": "The API", "version": "7.1"}}
        document["servers"] = [{"url": "https://api.telnyx.com/"}]
        document["paths"] = {f"/v2{path}": item for path, item in document["paths"].items()}
        path = tmp_path / "published.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def older(value: Any) -> None:
    """Say null, and limits that are out themselves, as OpenAPI 3.0 does."""
    if isinstance(value, list):
        for one in value:
            older(one)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("type"), list) and "null" in value["type"] and len(value["type"]) == 2:
        value["nullable"] = True
        value["type"] = next(one for one in value["type"] if one != "null")
    for one in value.values():
        older(one)


def schemas(document: dict[str, Any]) -> Any:
    """The component schemas of a document."""
    return document["components"]["schemas"]
