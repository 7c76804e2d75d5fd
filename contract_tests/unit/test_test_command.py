"""The command that runs the tests: how many processes it starts, and that they can all collect the same."""

from __future__ import annotations

import sys

import pytest

from scripts import test as command


def test_one_job_is_plain_pytest() -> None:
    assert command.pytest_command(1, []) == [sys.executable, "-m", "pytest", "--quiet"]


def test_a_file_is_never_spread_over_two_processes_and_the_users_arguments_win() -> None:
    spread = command.pytest_command(3, ["-n0", "-k", "name"])
    assert spread[4:] == ["-n", "3", "--dist", "loadfile", "-n0", "-k", "name"]


def test_cores_are_counted() -> None:
    assert command.usable_cores() >= 1


@pytest.mark.parametrize("text", ["0", "-1", "two", "", "1.5"])
def test_number_of_processes_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--only-pytest", "--jobs", text])
    assert ended.value.code == 2
    assert "give 1 or more" in capsys.readouterr().err


def test_no_name_of_a_test_holds_a_memory_address(request: pytest.FixtureRequest) -> None:
    """It differs from process to process, and pytest-xdist stops when processes collect different tests."""
    names = [item.nodeid for item in request.session.items]
    assert names
    assert [name for name in names if " at 0x" in name] == []
