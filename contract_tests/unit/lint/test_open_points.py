"""No conflict and no assumption can be dropped from the evidence, or stand there unlisted, without being missed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from scripts.lint import evidence_files
from scripts.pipeline import load

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "openapi" / "evidence"
FILES = [path.name for path in sorted(FOLDER.glob("*.yaml")) if path.name != evidence_files.DOCUMENTS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the documents' list, beside which one file of evidence can be put."""
    shutil.copy(FOLDER / evidence_files.DOCUMENTS, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_each_conflict_and_each_assumption_is_missed(folder: Path, name: str) -> None:
    contents = load.read(FOLDER / name).contents
    tried = 0
    for section, key in (("conflicts", "id"), ("assumptions", "topic")):
        entries = contents.get(section, [])
        for index, entry in enumerate(entries):
            fewer = {**contents, section: entries[:index] + entries[index + 1 :]}
            (folder / name).write_text(json.dumps(fewer, indent=1), encoding="utf-8")  # which is YAML as well
            missed = evidence_files.read(folder, folder).unlisted
            assert len(missed) == 1, entry[key]
            assert repr(entry[key]) in missed[0]
            tried += 1
    assert tried == len(contents[evidence_files.INDEX])


def test_an_entry_that_the_index_does_not_list_is_told_with_its_file(folder: Path) -> None:
    point = {"topic": "A thing", "choice": "this", "why": "because"}
    (folder / "some.yaml").write_text(yaml.safe_dump({"assumptions": [point]}), encoding="utf-8")
    assert evidence_files.read(folder, folder).unlisted == (
        "some.yaml:1: open point 'A thing': open_points does not list it",
    )


def test_a_file_without_open_points_needs_no_index(folder: Path) -> None:
    (folder / "some.yaml").write_text("claims: []\n", encoding="utf-8")
    assert evidence_files.read(folder, folder).unlisted == ()
