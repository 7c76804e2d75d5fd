"""Conversations of Telnyx's own libraries with mocks: what is needed to hold one.

Each library says everything in one process (``python_*.py``, ``node_*.mjs``), which prints what it saw; the tests look
at that. The libraries are fetched once, against locks with hashes; where the registry is out of reach the tests are
left out with the reason, except in CI.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import npm
from scripts.bootstrap import environment_folder
from scripts.lock import VENDOR_CLIENT
from scripts.locked_environment import obtain
from scripts.registries import RegistryUnreachable

HERE = Path(__file__).resolve().parent
NODE = environment_folder() / "vendor-client-node"
PATIENCE = 60  # seconds for a whole conversation
Converse = Callable[..., dict[str, Any]]


def python(topic: str, kind: str) -> list[str]:
    """The command line of the Python library, ``sync`` or ``async``."""
    return [str(obtain(VENDOR_CLIENT, "Telnyx's Python library")), str(HERE / f"python_{topic}.py"), kind]


def node(topic: str) -> list[str]:
    """The command line of the Node library; ``NODE_PATH`` leads to it."""
    if not npm.available():
        pytest.skip("this machine has no Node with npm")
    npm.install(HERE / "node", NODE, "Telnyx's Node library")
    return ["node", str(HERE / f"node_{topic}.mjs")]


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "python": lambda topic: python(topic, "sync"),
    "python-async": lambda topic: python(topic, "async"),
    "node": node,
}


@contextlib.contextmanager
def fetched() -> Iterator[None]:
    """Leave a test out when a library that it needs can't be fetched; in CI that is an error."""
    try:
        yield
    except RegistryUnreachable as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(problem.message)


@pytest.fixture(scope="module", params=COMMANDS)
def converse(request: pytest.FixtureRequest) -> Converse:
    """Holds the conversation about a topic with the mocks at some addresses: what the library saw."""

    def hold(topic: str, *addresses: str) -> dict[str, Any]:
        with fetched():
            command = COMMANDS[request.param](topic)
        hidden = {"TELNYX_API_KEY", "TELNYX_BASE_URL", "PYTHONPATH"}
        inherited = {name: value for name, value in os.environ.items() if name not in hidden}
        result = subprocess.run(
            [*command, *addresses],
            env={**inherited, "NODE_PATH": str(NODE)},
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert result.returncode == 0, result.stderr[-4000:]
        seen: dict[str, Any] = json.loads(result.stdout)
        return seen

    return hold


def refusal(kind: str, status: int, *codes: str) -> dict[str, Any]:
    """An error as the conversations report it."""
    return {"class": kind, "status": status, "codes": list(codes)}
