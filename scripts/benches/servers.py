"""The servers that are measured, each a process of its own: our mock, one that does nothing, and Prism."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import npm
from scripts.benches.load import drive, request
from scripts.bootstrap import ROOT

PRISM = Path(__file__).resolve().parent / "prism"  # its lock
INSTALLED = ROOT / ".bench" / "prism"
DOCUMENT = ROOT / "generated" / "openapi.effective.json"
START_LIMIT = 30.0  # seconds
SILENT = ("-v", "silent")

# The least that can be served: the same connection, and an answer that is always the same.
BARE = """
from contract_tests.mock.clock import Clock
from contract_tests.mock.server import listen, run_in_foreground
class Bare:
    base_path, network, clock = "/v2", None, Clock()
    def respond(self, request):
        return 200, [(b"content-length", b"11"), (b"content-type", b"application/json")], b'{{"data":{{}}}}'
    reject = respond
run_in_foreground(Bare(), listen(port={port}), lambda address: None)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: where, as which process, and the seconds of wall and CPU time it took to get there."""

    base_url: str
    pid: int
    wall: float
    cpu: float | None

    @property
    def used(self) -> float:
        """Seconds of CPU so far; Linux only."""
        return _cpu(self.pid)

    @property
    def memory(self) -> float:
        """Resident MiB at this moment; Linux only."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the process is gone")


def measurable() -> bool:
    """Whether CPU time and memory of another process can be read here."""
    return sys.platform == "linux"


def ours() -> contextlib.AbstractContextManager[Server]:
    """Our mock as ``python3 -m scripts mock`` starts it, any token passing."""
    return _running(lambda port: [sys.executable, "-m", "contract_tests.mock", "--port", str(port)], "/v2")


def bare() -> contextlib.AbstractContextManager[Server]:
    """The same server with nothing behind it."""
    return _running(lambda port: [sys.executable, "-c", BARE.format(port=port)], "/v2")


def prism(*options: str) -> contextlib.AbstractContextManager[Server]:
    """Prism with the same description, its log thrown away; ``InputError`` when it can't be installed."""
    npm.install(PRISM, INSTALLED, "the mocks to measure against")
    program = str(INSTALLED / "node_modules" / ".bin" / "prism")
    return _running(lambda port: [program, "mock", "-h", "127.0.0.1", "-p", str(port), *options, str(DOCUMENT)], "")


@contextlib.contextmanager
def _running(command: Callable[[int], list[str]], base_path: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}{base_path}"
    started = time.perf_counter()
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        _first_answer(base_url, process)
        wall = time.perf_counter() - started
        yield Server(base_url, process.pid, wall, _cpu(process.pid) if measurable() else None)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(base_url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + START_LIMIT
    while True:
        try:
            drive(base_url, iter([request(base_url, "GET", "/messaging_profiles")]), 1)
            return
        except OSError:
            if process.poll() is not None or time.perf_counter() > until:
                raise RuntimeError(f"{Path(str(process.args[0])).name} did not start") from None  # type: ignore[index]
            time.sleep(0.002)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
