"""Reports are read back whole or refused with what is wrong with them; JUnit files of several runs become one."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import reading
from scripts.errors import InputError


@pytest.mark.parametrize("named", [".", reading.NAME])
def test_a_report_is_read_from_its_file_or_its_folder(report: dict[str, Any], tmp_path: Path, named: str) -> None:
    (tmp_path / reading.NAME).write_text(json.dumps(report), encoding="utf-8")
    assert reading.read(tmp_path / named) == json.loads(json.dumps(report))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the report cannot be read: "),
        ("{", "the report is not JSON: "),
        ("[]", "this is no drift report: "),
        ('{"format": 1}', "the report has format 1, and 2 is understood"),
        ('{"format": 2}', "this is no drift report: "),
    ],
)
def test_what_is_no_report_is_refused_with_its_file(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / reading.NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as problem:
        reading.read(tmp_path)
    assert str(problem.value.file).endswith(reading.NAME)


def test_a_report_with_a_wrong_member_is_refused_where_it_is(report: dict[str, Any], tmp_path: Path) -> None:
    report["run"]["target"] = 5
    (tmp_path / reading.NAME).write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(InputError) as problem:
        reading.read(tmp_path)
    assert problem.value.pointer == "/run/target"


def test_the_junit_files_beside_reports_become_one(tmp_path: Path) -> None:
    texts = ["<testsuites><testsuite name='a'/><testsuite name='b'/></testsuites>", "<testsuite name='c'/>", None]
    for number, text in enumerate(texts):
        (tmp_path / str(number)).mkdir()
        if text is not None:
            (tmp_path / str(number) / "junit.xml").write_text(text, encoding="utf-8")
    # One is named by its report, the others by their folders.
    (tmp_path / "0" / reading.NAME).write_text("{}", encoding="utf-8")
    joined = ET.fromstring(reading.junit([tmp_path / "0" / reading.NAME, tmp_path / "1", tmp_path / "2"]))
    assert [one.get("name") for one in joined] == ["a", "b", "c"]


def test_a_broken_junit_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text("<testsuite", encoding="utf-8")
    with pytest.raises(InputError, match="is no JUnit report"):
        reading.junit([tmp_path])
