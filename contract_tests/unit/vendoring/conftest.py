"""A project with two versions, and copies of the first: laid once, and handed out as copies of copies."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from contract_tests.unit.comparison.conftest import OVERLAY as COLOUR
from contract_tests.unit.comparison.conftest import edit, git, rebuild
from scripts import vendor
from scripts.pipeline.layout import Layout
from scripts.vendoring import history, making
from scripts.vendoring.account import Account
from scripts.vendoring.form import USUAL, Form
from scripts.vendoring.selection import Selection

ROOT = Path(__file__).resolve().parents[3]
THREE = ("messaging_profiles.create", "messaging_profiles.retrieve", "phone_numbers.messaging.update")
OVERLAY = (
    COLOUR
    + """\
  - target: $.paths['/messaging_profiles/{id}'].delete
    description: Deleting tells more.
    x-date: 2026-09-01
    x-reason: It appeared in the documents.
    x-cause: api-changed
    x-evidence: [{document: L1, note: seen}]
    update: {x-noted: true}
"""
)


@attrs.frozen
class Answer:
    """What the command said: its exit code, its lines, and the object that ``--json`` printed, if it did."""

    code: int
    text: str

    @property
    def told(self) -> dict[str, Any]:
        """The JSON object."""
        found: dict[str, Any] = json.loads(self.text)
        return found


def run(root: Path, *arguments: str | Path) -> Answer:
    """``python3 -m scripts vendor`` in the working copy at ``root``."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = vendor.main([str(one) for one in arguments], root)
    return Answer(code, out.getvalue())


@attrs.frozen
class Versions:
    """Two working copies of one repository: ``first`` is committed, ``second`` goes on from it, not committed.

    ``laid`` holds copies of the first: ``three`` (a slice of three operations), ``number`` (a slice that nothing
    changed in) and ``whole``.
    """

    first: Path
    second: Path
    laid: Path


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """The first version is the working copy; in the second a record has a new field and an update one field less."""
    folder = tmp_path_factory.mktemp("versions")
    first = folder / "first"
    for name in ("openapi", "overlays", "generated"):
        shutil.copytree(ROOT / name, first / name, ignore=shutil.ignore_patterns("__pycache__"))
    (first / "scripts").mkdir()
    for name in ("LICENSE", "pyproject.toml", "scripts/requirements.lock"):
        shutil.copy(ROOT / name, first / name)
    rebuild(first)
    git(first, "init", "--quiet", "--initial-branch", "main")
    git(first, "add", ".")
    git(first, "commit", "--quiet", "-m", "first")
    laid = folder / "laid"
    laid.mkdir()
    for name, only in (("three", THREE), ("number", ("phone_numbers.messaging.update",)), ("whole", ())):
        assert run(first, laid / name, *(("--only", *only) if only else ())).code == 0
    second = folder / "second"
    shutil.copytree(first, second)
    edit(
        second / "openapi/resources/messaging_profiles/schemas/MessagingProfileCreate.yaml",
        "  mms_transcoding:",
        "  transcoding:",
    )
    (second / "overlays/description/900-since.overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    rebuild(second)
    return Versions(first, second, laid)


@pytest.fixture(scope="session")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Account]:
    """``making.make``, which makes the same from the same just once and lays copies of that from then on."""
    folder, real = tmp_path_factory.mktemp("made"), making.make
    made: dict[str, tuple[Path, Account]] = {}

    def make(layout: Layout, target: Path, name: str, selection: Selection | None, form: Form = USUAL) -> Account:
        commit = history.commit(layout.root, making.MADE_FROM)
        asked = repr((layout.root, making.expected_inputs(layout), name, selection and selection.names, form, commit))
        if asked not in made:
            place = folder / str(len(made))
            place.mkdir()
            made[asked] = place, real(layout, place, name, selection, form)
        place, account = made[asked]
        shutil.copytree(place, target, dirs_exist_ok=True)
        return account

    return make


Copy = Callable[[str], Path]


@pytest.fixture
def copied(versions: Versions, tmp_path: Path) -> Copy:
    """A function that gives a fresh copy of a copy of the first version, by its name, in a service's repository."""

    def copy(name: str) -> Path:
        target = tmp_path / "service" / name
        shutil.copytree(versions.laid / name, target)
        return target

    return copy
