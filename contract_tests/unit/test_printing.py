"""What a command prints reaches who reads, and who reads no more changes nothing of what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import printing
from scripts.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
# Prints more than a pipe or a buffer holds, then works on, then ends as it wants to.
COMMAND = """
import sys
from scripts import printing
printing.steady()
printing.lines(f"line {number}" for number in range(50_000))
print("still here")
print("done", file=sys.stderr)
sys.exit(3)
"""
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def start(*options: str, stdout: int) -> subprocess.Popen[str]:
    """The command, with the working folder that it needs."""
    call = [sys.executable, *options, "-c", COMMAND]
    return subprocess.Popen(call, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("options", [(), ("-u",)])
def test_a_reader_that_stops_changes_nothing_of_what_a_command_does(options: tuple[str, ...]) -> None:
    running = start(*options, stdout=subprocess.PIPE)
    assert running.stdout is not None and running.stderr is not None
    with running.stdout, running.stderr:
        assert running.stdout.readline() == "line 0\n"
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == ("done\n", 3)


@pytest.mark.parametrize("options", [(), ("-u",)])
def test_who_reads_on_gets_everything(options: tuple[str, ...]) -> None:
    running = start(*options, stdout=subprocess.PIPE)
    said, errors = running.communicate()
    assert said.splitlines() == [*(f"line {number}" for number in range(50_000)), "still here"]
    assert (errors, running.returncode) == ("done\n", 3)


@needs_full
@pytest.mark.parametrize("command", [["regenerate", "--check"], ["lint", "--list"], ["vendor", "--help"]])
def test_output_that_has_no_room_is_an_error_with_its_reason(command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        call = [sys.executable, "-m", "scripts", *command]
        ended = subprocess.run(call, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.stderr == (
        "error: cannot write to standard output: No space left on device\n  fix: let it lead where there is room\n"
    )
    assert ended.returncode == 2


def test_a_command_whose_output_is_closed_does_its_work() -> None:
    call = ["sh", "-c", 'exec "$0" "$@" >&-', sys.executable, "-m", "scripts", "lint", "--list"]
    ended = subprocess.run(call, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_lost_output_is_told_once() -> None:
    output = printing._Output(os.open(os.devnull, os.O_RDONLY))
    try:
        with pytest.raises(InputError, match="cannot write to standard output: Bad file descriptor"):
            output.write(b"a")
        assert output.write(b"a") == 1
    finally:
        os.close(output.fileno())


def test_what_stands_in_for_stdout_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    printing.lines(["one", "two"])
    assert capsys.readouterr().out == "one\ntwo\n"
