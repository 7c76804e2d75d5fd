"""A small but complete working copy to build from: two operations, two schemas."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2] / "golden" / "errors" / "base"

# Takes files as {path below the root: text}.
MakeTree = Callable[[dict[str, str]], Path]


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """A function that copies the base tree and writes the given files over it; returns the tree's root."""

    def make(files: dict[str, str]) -> Path:
        root = tmp_path / "tree"
        shutil.copytree(BASE, root)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return make
