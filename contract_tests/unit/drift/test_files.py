"""The reports are written together, replace earlier ones, and hold no secret even where pytest wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import files
from contract_tests.run import Run
from contract_tests.unit.drift.conftest import SECRET, TOKEN
from scripts.errors import InputError


def test_four_files_are_written_and_nothing_else(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    folder = tmp_path / "new" / "reports"
    for _ in range(2):
        files.write(folder, report, "<testsuites/>", run.session.redactor)
    assert sorted(path.name for path in folder.iterdir()) == ["drift.html", "drift.json", "drift.md", "junit.xml"]
    assert json.loads((folder / "drift.json").read_text(encoding="utf-8")) == report


def test_no_file_holds_a_token_or_a_secret(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    files.write(tmp_path, report, f'<testsuites name="{TOKEN} {SECRET}" hostname="machine"/>', run.session.redactor)
    assert "machine" not in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert TOKEN not in text, path.name
        assert SECRET not in text, path.name


def test_a_run_without_tests_still_has_a_junit_file(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    files.write(tmp_path, report, "", run.session.redactor)
    assert "<testsuites" in (tmp_path / "junit.xml").read_text(encoding="utf-8")


def test_characters_that_no_file_can_hold_are_escaped(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    files.write(tmp_path, {**report, "missing": ["lone \ud800 surrogate"]}, "", run.session.redactor)
    assert "lone \\ud800 surrogate" in (tmp_path / "drift.json").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made_is_bad_input(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    (tmp_path / "file").write_text("here", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write the reports"):
        files.write(tmp_path / "file" / "below", report, "", run.session.redactor)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "here"


def test_a_number_that_json_lacks_is_never_written(tmp_path: Path, run: Run, report: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        files.write(tmp_path, {**report, "missing": [float("nan")]}, "", run.session.redactor)
    assert list(tmp_path.iterdir()) == []
