"""A session whose network is a function, for everything that sits around sessions; the wheel, built once; the order in
which several processes begin files; that generated examples are the same in every run, however long they take; and how
seldom garbage is collected."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest

from contract_tests.description import Description
from contract_tests.drift.finding import Findings
from contract_tests.pytest_run import seldom_collected
from contract_tests.session import Session
from contract_tests.target import Target

ROOT = Path(__file__).resolve().parents[2]
# The same examples everywhere, no limit on the time of one, and none left over from another run: a test that fails
# fails again, and a machine that is busy is no reason to fail.
hypothesis.settings.load_profile("ci")
Answer = Callable[[httpx.Request], httpx.Response]
LIST = {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "object"}}}}
OK = {"200": {"description": "Fine.", "content": {"application/json": {"schema": LIST}}}}


def operation(name: str, action: str = "list", **more: Any) -> dict[str, Any]:
    """A read of a made-up collection."""
    resource = {"collection": "things", "action": action}
    return {"operationId": name, "x-effect": ["read"], "x-resource": resource, "responses": OK, **more}


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/sums": {"get": operation("computeSums", "compute")},
        "/things": {
            "get": operation("listThings"),
            "post": operation("createThing", "create", **{"x-effect": ["write"]}),
        },
        "/things/{id}": {"get": operation("retrieveThing", "retrieve")},
        "/found": {"get": operation("findThings", parameters=[{"name": "q", "in": "query", "required": True}])},
    }
}


def seconds(item: pytest.Item) -> float:
    """About how long the file of a test takes by itself, where it says so (``pytestmark = pytest.mark.takes(20)``)."""
    marker = item.get_closest_marker("takes")
    return float(marker.args[0]) if marker else 0.0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In several processes the longest files come first; one process keeps the order of the folders."""
    if hasattr(config, "workerinput"):
        items.sort(key=seconds, reverse=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Thousands of tests and all that they import are there for good: looking at them again and again takes time."""
    with seldom_collected():
        return (yield)


@pytest.fixture
def wired() -> Iterator[Callable[[Answer], Session]]:
    """Makes a session that is answered by a function; ``KEY_ours`` is its token."""
    made: list[Session] = []

    def make(answer: Answer) -> Session:
        base = "http://127.0.0.1:1/v2"
        session = Session(Description(DOCUMENT), Target("mock", None, "KEY_ours"), base, (), Findings())
        session._client = httpx.Client(transport=httpx.MockTransport(answer))
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the repository, built offline with the locked backend; the source distribution lies beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents, entry points included: all that an installation of it is."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder
