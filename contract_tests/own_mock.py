"""The mock that a run starts for itself: a process of its own, so that it has a core to itself and fails alone.

It gets a fresh key, holds nothing from earlier runs, and cannot outlive the run (``contract_tests.leashed_mock``).
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from contract_tests.description import ROOT
from scripts.errors import InputError

START_LIMIT = 20.0
STOP_LIMIT = 3.0
READY = "listening on "


@contextlib.contextmanager
def running(
    token: str, *, seed: int = 0, plant: Sequence[str] = (), rate_limit: int | None = None, controls: bool = False
) -> Iterator[str]:
    """The base address of a fresh mock; its process ends with the block. With ``controls`` it sends webhooks.

    ``InputError`` when the mock refuses its arguments or the description, with what it said.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "contract_tests.leashed_mock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # Ctrl-C is for the run, which then ends the mock: not for both at once.
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(arguments(token, seed, plant, rate_limit, controls)) + "\n")
        process.stdin.flush()
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def command(
    base_url: str, *, seed: int = 0, plant: Sequence[str] = (), rate_limit: int | None = None, controls: bool = False
) -> str:
    """The command line that starts the same mock at the same address, its key being any text in ``TELNYX_API_KEY``."""
    told = arguments("", seed, plant, rate_limit, controls)[4:]
    port = str(urlsplit(base_url).port)
    return f'python3 -m scripts mock --port {port} --api-key "$TELNYX_API_KEY" {shlex.join(told)}'


def arguments(token: str, seed: int, plant: Sequence[str], rate_limit: int | None, controls: bool = False) -> list[str]:
    """What the mock is told, as ``python3 -m scripts mock`` takes it."""
    told = ["--port", "0", "--api-key", token, "--seed", str(seed)]
    for fault in plant:
        told += ["--plant", fault]
    if controls:
        told.append("--controls")
    if rate_limit is not None:
        told += ["--rate-limit", str(rate_limit)]
    return told


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
