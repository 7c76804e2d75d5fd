"""The README's commands and examples as they are typed there, and what runs them, for the tests that do."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SCRIPTS = "python3 -m scripts"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every line that the README tells to type, prompt removed."""
    found = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    assert len(found) > 5, "the README shows hardly any command"
    return found


def run(arguments: list[str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command as the README says it, with this environment's interpreter and no token about."""
    environment = {name: value for name, value in os.environ.items() if name != "TELNYX_API_KEY"}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def scripts(command: str) -> list[str]:
    """``python3 -m scripts …`` with this interpreter."""
    return [sys.executable, "-m", "scripts", *shlex.split(command.removeprefix(SCRIPTS))]


@contextmanager
def mock(port: int = 0) -> Iterator[str]:
    """The mock as the README starts it; gives its address."""
    command = [sys.executable, "-m", "scripts", "mock", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield line.removeprefix("listening on ")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()
