"""The command as a person meets it: one line when ready, one line when something is wrong, a quiet end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from contract_tests.mock.command import main, run
from contract_tests.mock.drift_catalogue import BY_NAME
from contract_tests.mock.faults import Fault, Faults
from contract_tests.mock.server import is_loopback, listen

ROOT = Path(__file__).resolve().parents[3]
READY = re.compile(r"listening on (http://127\.0\.0\.1:\d+/v2)\n")


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it printed."""
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        found = READY.fullmatch(process.stdout.readline())
        assert found, process.communicate(timeout=30)
        yield process, found[1]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_listens_and_ends_quietly(number: signal.Signals) -> None:
    with started("--api-key", "KEYsecret", "--seed", "7") as (process, base_url):
        good = httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": "Bearer KEYsecret"})
        bad = httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": "Bearer other"})
        assert (good.status_code, bad.status_code) == (200, 401)
        process.send_signal(number)
        output, problems = process.communicate(timeout=30)
        assert (process.returncode, output, problems) == (0, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("options", [(), ("--controls",)])
def test_an_output_that_takes_nothing_is_one_line_and_exit_code_2(options: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0", *options]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, cwd=ROOT, text=True, stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert ended.returncode == 2
    first, *rest = ended.stderr.splitlines()
    assert first == "error: cannot write to standard output: No space left on device"
    assert "Traceback" not in ended.stderr and len(rest) <= 1


def test_an_output_that_nobody_reads_ends_it() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, text=True, stdout=writer, stderr=subprocess.PIPE, timeout=30)
    os.close(writer)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[0] == "error: cannot write to standard output: Broken pipe"


def test_its_options_reach_the_mock() -> None:
    with started("--no-seeds", "--rate-limit", "2", "--plant", "status:listMessagingProfiles:203") as (_, base_url):
        headers = {"authorization": "Bearer x"}
        replies = [httpx.get(f"{base_url}/messaging_profiles", headers=headers) for _ in range(2)]
        assert [reply.status_code for reply in replies] == [203, 203]
        assert replies[0].json()["meta"]["total_results"] == 0
        assert replies[0].headers["x-ratelimit-limit"] == "2, 2;w=60"


def test_a_file_of_faults_and_its_seed_reach_the_mock(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    text = "seed: 5\nfaults:\n  - {fault: error, status: 502, when: {probability: 0.5}}\n"
    file.write_text(text, encoding="utf-8")
    with started("--any-id", "--seed", "1", "--faults", str(file)) as (_, base_url):
        url = f"{base_url}/messaging_profiles/182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
        found = [httpx.get(url, headers={"authorization": "Bearer x"}).status_code for _ in range(20)]
    faults = Faults([Fault.of("error", probability=0.5)], seed=5)
    struck = [faults.strike("retrieveMessagingProfile", "GET", "/") is not None for _ in range(20)]
    assert found == [502 if one else 200 for one in struck]


def test_a_mistake_in_a_file_of_faults_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n  - fault: lateness\n", encoding="utf-8")
    assert run(["--faults", str(file)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {file}:2: /faults/0/fault: there is no fault 'lateness'")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "http"],
        ["--rate-limit", "0"],
        ["--seed", "x"],
        ["--api-key", ""],
        ["--api-key", "a b"],
        ["--api-key", "schlüssel"],
        ["--nonsense"],
        ["extra"],
    ],
)
def test_wrong_arguments_are_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    problems = capsys.readouterr().err
    assert "error:" in problems and "Traceback" not in problems
    assert "schlüssel" not in problems, "a key is never repeated"


def test_a_taken_port_and_an_unknown_drift_are_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with listen() as taken:
        port = taken.getsockname()[1]
        assert run(["--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"error: cannot listen on 127.0.0.1 port {port}: ")
    assert run(["--plant", "nonsense"]) == 2
    problems = capsys.readouterr().err
    assert problems.startswith("error: there is no drift 'nonsense'") and "forget-delete" in problems


def test_help_lists_every_drift(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in BY_NAME)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_which_addresses_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_an_address_that_others_reach_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contract_tests.mock.command.run_in_foreground", lambda mock, sock, ready: sock.close())
    assert run(["--port", "0", "--host", "0.0.0.0"]) == 0
    assert "warning: 0.0.0.0 can be reached from other machines" in capsys.readouterr().err
    assert run(["--port", "0"]) == 0
    assert capsys.readouterr().err == ""
