"""The reports are written together, replace earlier ones, and hold no secret even where pytest wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import files, history
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


def test_a_run_beside_the_history_enters_it_and_a_share_or_an_experiment_does_not(
    tmp_path: Path, run: Run, report: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    past = tmp_path / "reports" / "history.sqlite"
    monkeypatch.setattr(history, "FILE", past)
    files.write(tmp_path / "elsewhere", report, "", run.session.redactor)
    share = {**report, "run": {**report["run"], "shard": "1/2"}}
    files.write(tmp_path / "reports" / "share", share, "", run.session.redactor)
    assert not past.exists()
    files.write(tmp_path / "reports" / "latest", report, "", run.session.redactor)
    with history.reading(past) as connection:
        assert connection.execute("SELECT COUNT(*) FROM runs").fetchone() == (1,)
    assert "1 runs since 2023-11-14" in (tmp_path / "reports" / "latest" / "drift.html").read_text(encoding="utf-8")


def test_a_broken_history_is_said_once_the_reports_are_written(
    tmp_path: Path, run: Run, report: dict[str, Any]
) -> None:
    past = tmp_path / "history.sqlite"
    past.write_text("no database, and long enough to be looked at" * 50, encoding="utf-8")
    with pytest.raises(InputError, match="history cannot be used"):
        files.write(tmp_path / "reports", report, "", run.session.redactor, recorded_in=past)
    assert len(list((tmp_path / "reports").iterdir())) == 4
