"""Every place in the suite that makes a client is known, and gets its way out from the run's outlet."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# What opens connections, by the last name of the call.
OPENERS = frozenset(
    {
        *("Client", "AsyncClient", "HTTPTransport", "AsyncHTTPTransport", "HTTPAdapter", "PoolManager", "Session"),
        *("HTTPConnection", "HTTPSConnection", "urlopen", "create_connection", "open_connection"),
        *("Connections", "from_schema", "Telnyx", "AsyncTelnyx"),
    }
)
# Modules whose request functions connect by themselves.
DIRECT = frozenset({"httpx", "requests", "urllib3"})
FOLDERS = ("contract_tests", "scripts/contract.py", "scripts/sweep.py")
# Where each is, and why it cannot pass by the gate. A new place has to be added here with its reason.
KNOWN = {
    ("contract_tests/connections.py", "HTTPTransport"): "the free outlet's network",
    ("contract_tests/outlet.py", "Connections"): "the free outlet, which a session for a live target refuses",
    ("contract_tests/outlet.py", "AsyncHTTPTransport"): "the free outlet",
    ("contract_tests/session.py", "Client"): "gets its transport from the outlet, or from a test",
    ("contract_tests/canary.py", "Session"): "answered from memory",
    ("contract_tests/runner.py", "Session"): "gets the run's outlet",
    (
        "contract_tests/generated_requests/drive.py",
        "from_schema",
    ): "sessions of requests, which the gate's adapter serves",
    ("contract_tests/webhooks/stand_in.py", "Client"): "never made for a live target, which has no controls",
    ("contract_tests/live/supervision.py", "Connections"): "over the gate's transports",
    ("contract_tests/live/transports.py", "HTTPTransport"): "behind the gate",
    ("contract_tests/live/transports.py", "AsyncHTTPTransport"): "behind the gate",
}
# Not part of a run against a target: the stand-in itself, tools that talk to stand-ins alone, and users' programs.
ASIDE = tuple(f"contract_tests/{folder}/" for folder in ("mock", "unit", "nightly", "prove", "examples"))


def openings(path: Path) -> set[str]:
    """The names of everything in a file that opens a connection or makes something that does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in OPENERS:
            found.add(name)
        if (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id in DIRECT
            and name in {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream"}
        ):
            found.add(f"{function.value.id}.{name}")
    return found


def files() -> list[Path]:
    """The code of a run."""
    found = [ROOT / name for name in FOLDERS if name.endswith(".py")]
    found += (path for name in FOLDERS if not name.endswith(".py") for path in sorted((ROOT / name).rglob("*.py")))
    return [path for path in found if not path.relative_to(ROOT).as_posix().startswith(ASIDE)]


def test_every_place_that_makes_a_client_is_known() -> None:
    seen = {(path.relative_to(ROOT).as_posix(), name) for path in files() for name in openings(path)}
    assert seen == set(KNOWN)


def test_the_package_is_called_with_a_transport_of_the_outlet() -> None:
    source = (ROOT / "contract_tests" / "rules" / "package.py").read_text(encoding="utf-8")
    assert source.count("self.outlet.sync()") == 1
    assert source.count("self.outlet.asynchronous()") == 1
    assert "transport=recorder" in source


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("httpx.Client()", {"Client"}),
        ("from httpx import AsyncClient as C\nAsyncClient()", {"AsyncClient"}),
        ("httpx.get('x')", {"httpx.get"}),
        ("requests.post('x')", {"requests.post"}),
        ("urllib.request.urlopen('x')", {"urlopen"}),
        ("record.get('x')", set()),
    ],
)
def test_openings_are_seen(tmp_path: Path, text: str, names: set[str]) -> None:
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    assert openings(tmp_path / "one.py") == names
