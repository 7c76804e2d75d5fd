"""A copy of what ``new`` reads and writes, so that no test touches the repository."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import new

ROOT = Path(__file__).resolve().parents[3]
READ = ("openapi", "overlays", "contract_tests/mock/seeds")


def lay(folder: Path) -> Path:
    """Copy the description, its overlays and the seeds as they are now into a folder."""
    for name in READ:
        shutil.copytree(ROOT / name, folder / name)
    documents = folder / "openapi/evidence/documents.yaml"
    text = documents.read_text(encoding="utf-8")
    # Somebody may be at work on a scaffold; these tests begin without one.
    documents.write_text(re.sub(r"^  - id: SCAFFOLD\n(?:    .*\n)*", "", text, flags=re.MULTILINE), encoding="utf-8")
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The description, its overlays and the seeds as they are now."""
    return lay(tmp_path)


@pytest.fixture(scope="session")
def widgets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the resource ``widgets`` added, for tests that only look at it."""
    folder = lay(tmp_path_factory.mktemp("widgets"))
    assert new.main(["widgets"], folder) == 0
    return folder


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Every file below a folder with its bytes; folders end with a slash."""

    def read(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b""
            if path.is_dir()
            else path.read_bytes()
            for path in folder.rglob("*")
        }

    return read
