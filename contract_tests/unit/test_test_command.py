"""The command that runs the tests: how many processes it starts, and that they can all collect the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contract_tests.unit import conftest
from scripts import test as command


def test_one_job_is_plain_pytest() -> None:
    assert command.pytest_command(1, []) == [sys.executable, "-m", "pytest", "--quiet"]


def test_a_file_is_never_spread_over_two_processes_and_the_users_arguments_win() -> None:
    spread = command.pytest_command(3, ["-n0", "-k", "name"])
    assert spread[4:] == ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "-n0", "-k", "name"]


def test_cores_are_counted() -> None:
    assert command.usable_cores() >= 1


class Alone:
    """The configuration of the only process."""


class Spread:
    """The configuration of one of several processes."""

    workerinput: object = None


def test_several_processes_begin_what_takes_long_first(request: pytest.FixtureRequest) -> None:
    def marked(name: str, *took: int) -> pytest.Item:
        item = pytest.Function.from_parent(request.node.parent, name=name, callobj=lambda: None)
        for seconds in took:
            item.add_marker(pytest.mark.takes(seconds))
        return item

    items = [marked("a"), marked("b", 20), marked("c", 90), marked("d"), marked("e", 20)]
    as_written = list(items)
    conftest.pytest_collection_modifyitems(Alone(), items)  # type: ignore[arg-type]
    assert items == as_written
    conftest.pytest_collection_modifyitems(Spread(), items)  # type: ignore[arg-type]
    assert [item.name for item in items] == ["c", "b", "e", "a", "d"]


def test_what_takes_long_is_said_of_whole_files() -> None:
    """Of a single test it would take it out of its file, whose fixtures it shares."""
    unit = Path(conftest.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in unit.rglob("test_*.py") if path != Path(__file__)]
    assert [text for text in texts if "pytest.mark.takes" in text]
    assert [line for text in texts for line in text.splitlines() if line.strip().startswith("@pytest.mark.takes")] == []


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
