"""The command line is read strictly, and says what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests import options
from contract_tests.description import Description
from contract_tests.exit_codes import ExitCode
from contract_tests.unit.conftest import DOCUMENT
from scripts.errors import InputError

DESCRIPTION = Description(DOCUMENT)


def test_without_arguments_it_is_the_whole_standard_run_against_the_mock() -> None:
    parsed = options.parse([], DESCRIPTION)
    assert (parsed.target, parsed.budget.name, parsed.seed, parsed.only) == ("mock", "standard", 1, frozenset())
    assert parsed.report_dir == options.REPORTS


def test_lists_may_be_given_at_once_or_repeated() -> None:
    parsed = options.parse(["--only", "listThings", "createThing", "--plant", "a", "--plant", "b:c"], DESCRIPTION)
    assert parsed.only == {"listThings", "createThing"}
    assert parsed.plant == ("a", "b:c")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "listThing"], "no operation 'listThing'"),
        (["--budget", "huge"], "no budget 'huge'"),
        (["--target", "http://127.0.0.1:1/v2", "--plant", "forget-delete"], "own mock"),
        (["--target", "http://127.0.0.1:1/v2", "--rate-limit", "3"], "own mock"),
        (["--webhook-url", "http://a.example"], "belong together"),
        (["--webhook-port", "8099"], "belong together"),
        (["--webhook-url", "a.example", "--webhook-port", "8099"], "no http address"),
        (["--webhook-url", "http://a.example/?b", "--webhook-port", "8099"], "no http address"),
        (["--webhook-url", "http://a.example", "--webhook-port", "70000"], "no port"),
        (["--webhook-url", "http://a.example", "--webhook-port", "8099", "--workers", "2"], "one process"),
    ],
)
def test_values_that_mean_nothing_are_bad_input(arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        options.parse(arguments, DESCRIPTION)
    assert caught.value.fix


def test_a_file_is_no_report_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        options.parse(["--report-dir", str(file)], DESCRIPTION)


def test_a_report_folder_that_cannot_be_made_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file" / "below" / "it", tmp_path / ("x" * 300)):
        with pytest.raises(InputError, match="--report-dir"):
            options.parse(["--report-dir", str(folder)], DESCRIPTION)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_report_folder_is_tried_without_a_trace(tmp_path: Path) -> None:
    parsed = options.parse(["--report-dir", str(tmp_path / "new" / "one")], DESCRIPTION)
    assert parsed.report_dir == tmp_path / "new" / "one"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["--report-dir", ""], ["--seed", "x"], ["--seed", "-1"], ["--rate-limit", "0"], ["--nonsense"]]
)
def test_malformed_arguments_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        options.parse(arguments, DESCRIPTION)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_help_lists_every_exit_code_and_what_stdout_holds() -> None:
    text = options.parser().format_help()
    assert all(f"  {code.value}  {code.meaning}" in text for code in ExitCode)
    assert "findings: N" in " ".join(text.split())
