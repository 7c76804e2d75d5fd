"""Known drift in whole runs: excused while it is there, complained about once it is gone or its time is up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import known_edit
from scripts import contract
from scripts.errors import InputError

OPERATION, PLANT = "listMessagingProfileMetrics", "add-response-field:colour"


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a quick run over one operation, with the known drift of the folder."""
    fixed = ["--budget", "quick", "--report-dir", str(folder / "reports"), "--known", str(folder / "known.yaml")]
    code = contract.main([*fixed, "--only", OPERATION, *arguments])
    report: dict[str, Any] = json.loads((folder / "reports" / "drift.json").read_text(encoding="utf-8"))
    return code, report


def test_it_is_excused_while_it_lasts_and_stale_afterwards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "known.yaml"
    file.write_text("known: []\n", encoding="utf-8")
    code, report = run(tmp_path, "--plant", PLANT)
    assert (code, report["counts"]["new"]) == (1, len(report["findings"]))
    for finding in report["findings"]:
        known_edit.add(file, {**finding, "operations": [OPERATION]}, reason="ticket 7", expires="2999-01-01")
    code, report = run(tmp_path, "--plant", PLANT)
    assert (code, report["counts"]["new"]) == (0, 0)
    assert {one["known"]["reason"] for one in report["findings"]} == {"ticket 7"}
    capsys.readouterr()
    code, report = run(tmp_path)
    assert (code, report["findings"]) == (1, [])
    assert {one["why"] for one in report["stale_known"]} == {"no longer occurs"}
    assert "no longer occurs: ticket 7" in capsys.readouterr().out
    assert "no longer occurs" in (tmp_path / "reports" / "drift.html").read_text(encoding="utf-8")


def test_an_expired_entry_excuses_nothing(tmp_path: Path) -> None:
    entry = "  - {id: 0123456789ab, reason: r, date: 2020-01-01, expires: 2020-02-01}\n"
    (tmp_path / "known.yaml").write_text("known:\n" + entry, encoding="utf-8")
    code, report = run(tmp_path)
    assert (code, report["stale_known"][0]["why"]) == (1, "expired on 2020-02-01")


def test_a_faulty_file_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "known.yaml").write_text("known:\n  - {id: x}\n", encoding="utf-8")
    with pytest.raises(InputError, match="reason is missing"):
        run(tmp_path)
    assert not (tmp_path / "reports").exists()
