"""The mock that a run starts for itself: a process of its own, so that it has the second core to itself.

Measured on two cores, a run against a mock in a thread of the same process takes about half as long again: both
compete for one interpreter lock.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

from contract_tests.description import ROOT
from scripts.errors import InputError

START_LIMIT = 20.0
STOP_LIMIT = 3.0
READY = "listening on "


@contextlib.contextmanager
def running(token: str, *, seed: int = 0, plant: Sequence[str] = (), rate_limit: int | None = None) -> Iterator[str]:
    """The base address of a fresh mock; its process ends with the block.

    ``InputError`` when the mock refuses its arguments or the description, with what it said.
    """
    process = subprocess.Popen(
        command(token, seed, plant, rate_limit),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def command(token: str, seed: int, plant: Sequence[str], rate_limit: int | None) -> list[str]:
    """How the mock is started."""
    arguments = ["--port", "0", "--api-key", token, "--seed", str(seed)]
    for fault in plant:
        arguments += ["--plant", fault]
    if rate_limit is not None:
        arguments += ["--rate-limit", str(rate_limit)]
    return [sys.executable, "-m", "contract_tests.mock", *arguments]


def _address(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where the mock listens."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    stdout = process.stdout
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=START_LIMIT)
    except queue.Empty:
        raise InputError(f"the mock did not start within {START_LIMIT:.0f} s") from None
    if not line.startswith(READY):
        assert process.stderr is not None
        said = process.stderr.read().strip().removeprefix("error: ")
        raise InputError(said or "the mock ended before it was ready")
    return line.removeprefix(READY).strip()
