"""A small description with evidence, and a renderer that can be installed without a network."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import attrs
import pytest

from scripts.reference import renderer

SCRIPT = 'var Redoc = {init: function () { "https://cdn.redoc.ly/redoc/logo-mini.svg"; }};\n'
PACKAGE = "renderer-for-tests"
WHEEL = "renderer_for_tests-1.0-py3-none-any.whl"


@attrs.frozen
class Shelf:
    """A wheel that pip finds in ``folder``, and a lock that pins it."""

    folder: Path
    lock: Path
    wheel: Path


def make_wheel(path: Path, members: dict[str, str]) -> Path:
    """A wheel that pip accepts, with these members."""
    info = "renderer_for_tests-1.0.dist-info"
    metadata = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\nRequires-Dist: a-web-framework\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (members | metadata).items():
            archive.writestr(name, text)
    return path


def write_lock(path: Path, wheel: Path) -> Path:
    """A lock for one wheel."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path.write_text(f"{PACKAGE}==1.0 \\\n    --hash=sha256:{digest}\n    # via tests\n", encoding="utf-8")
    return path


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """pip looks nowhere but in the shelf's folder."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    members = {renderer.BUNDLE: SCRIPT} | {member: f"licence of {name}" for member, name in renderer.LICENCES.items()}
    wheel = make_wheel(folder / WHEEL, members)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return Shelf(folder, write_lock(tmp_path / "docs.lock", wheel), wheel)
