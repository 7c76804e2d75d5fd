"""The plugin as a service meets it: the wheel alone, in a pytest of its own, without this repository."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from contract_tests.unit.mock.webhooks import receiver

pytestmark = pytest.mark.takes(15)

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "contract_tests" / "mock" / "README.md"
# Plugins that only our own environment has: they import much of what the mock needs.
PLUGINS = entry_points(group="pytest11").names
CONFTEST = """
import pytest
from receiver import listening

@pytest.fixture
def hooks():
    with listening() as hooks:
        yield hooks
"""


class Service:
    """A folder with tests of a service, and an environment in which only the wheel is installed."""

    def __init__(self, folder: Path, installed: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TELNYX"))},
            "PYTHONPATH": str(installed),
        }
        foreign = " ".join(f"-p no:{name}" for name in {"cacheprovider", *PLUGINS} - {"xdist", "xdist.looponfail"})
        self.write("pytest.ini", f"[pytest]\naddopts = --strict-markers {foreign}\nfilterwarnings = error\n")

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """``python …`` there."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def test(self, text: str, *options: str) -> dict[str, int]:
        """How many of these tests passed, failed and so on."""
        self.write("test_it.py", text)
        result = self.run("-m", "pytest", "-q", *options, "test_it.py")
        self.said = result.stdout + result.stderr
        found = re.findall(r"(\d+) (passed|failed|errors?)", result.stdout.splitlines()[-1])
        return {what.rstrip("s"): int(count) for count, what in found} or {"said": 0}


@pytest.fixture
def service(tmp_path: Path, installed: Path) -> Service:
    """A service of its own."""
    return Service(tmp_path, installed)


def test_the_examples_of_the_readme_pass(service: Service) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    examples = [block for block in blocks if "def test_" in block]
    assert len(examples) == 3
    shutil.copy(receiver.__file__, service.folder / "receiver.py")
    service.write("conftest.py", CONFTEST)
    for example in examples:
        assert service.test(example) == {"passed": example.count("def test_")}, service.said


def test_what_the_readme_installs_is_an_extra(service: Service) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    (named,) = re.findall(r"pip install 'telnyx-bindings\[(\w+)\]'", README.read_text(encoding="utf-8"))
    assert named in extras


SCOPES = """
import httpx
import pytest
from telnyx_bindings import Telnyx

def shops(mock):
    return [one["name"] for one in mock.records("messaging_profiles")].count("Shop")

def open_shop(options):
    with Telnyx(**options) as telnyx:
        telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])

@pytest.mark.parametrize("again", [1, 2])
def test_each_test_finds_it_new(telnyx_mock, telnyx_mock_server, again):
    assert (shops(telnyx_mock), len(telnyx_mock.requests)) == (0, 0)
    open_shop(telnyx_mock.options)
    open_shop(telnyx_mock_server.options)
    assert shops(telnyx_mock) == shops(telnyx_mock_server) == 2
    telnyx_mock.clock.freeze()
    telnyx_mock.fail_next("reset", count=9)

@pytest.mark.parametrize("times", [1, 2])
def test_that_of_the_session_remembers(telnyx_mock_session, telnyx_mock_server_session, telnyx_mock, times):
    open_shop(telnyx_mock_server_session.options)
    assert shops(telnyx_mock_session) == times and shops(telnyx_mock) == 0

class TestMarked:
    pytestmark = pytest.mark.telnyx_mock(seeds=False, api_key="KEY_class")

    def test_of_the_class(self, telnyx_mock):
        assert telnyx_mock.records("messaging_profiles") == [] and telnyx_mock.api_key == "KEY_class"

    @pytest.mark.telnyx_mock(api_key="KEY_test")
    def test_the_nearest_counts(self, telnyx_mock):
        assert telnyx_mock.records("messaging_profiles") == [] and telnyx_mock.api_key == "KEY_test"

LEFT = []

class TestTheEnd:
    def test_that_leaves_a_webhook_on_its_way(self, telnyx_mock):
        telnyx_mock.webhooks.through(httpx.MockTransport(lambda request: httpx.Response(500)))
        LEFT.append(telnyx_mock.receive_message("hello", to="+18005550001"))
        telnyx_mock.webhooks.settle()

    def test_after_it_nothing_is_on_its_way(self):
        assert LEFT[0].reason == "the mock was reset"

def test_without_a_marker(telnyx_mock):
    assert telnyx_mock.records("messaging_profiles") != []
"""


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadscope")], ids=["one process", "xdist"])
def test_fixtures_live_as_long_as_they_say(service: Service, options: tuple[str, ...]) -> None:
    assert service.test(SCOPES, *options) == {"passed": 9}, service.said


def test_settings_can_be_overridden(service: Service) -> None:
    service.write(
        "conftest.py",
        "import pytest\n\n@pytest.fixture(scope='session')\n"
        "def telnyx_mock_settings():\n    return {'api_key': 'KEY_mine'}\n",
    )
    text = (
        "def test_all(telnyx_mock, telnyx_mock_session, telnyx_mock_server_session):\n"
        "    for one in (telnyx_mock, telnyx_mock_session, telnyx_mock_server_session):\n"
        "        assert one.api_key == 'KEY_mine'\n"
    )
    assert service.test(text) == {"passed": 1}, service.said


def test_asynchronous_tests_need_no_plugin_of_theirs(service: Service) -> None:
    text = (
        "import asyncio\nfrom telnyx_bindings import AsyncTelnyx\n\n"
        "def test_it(telnyx_mock, telnyx_mock_server):\n"
        "    async def names(options):\n"
        "        async with AsyncTelnyx(**options) as telnyx:\n"
        "            return [one.name async for one in telnyx.messaging_profiles.list(page_size=2)]\n"
        "    assert asyncio.run(names(telnyx_mock.options)) == asyncio.run(names(telnyx_mock_server.options))\n"
    )
    assert service.test(text) == {"passed": 1}, service.said


def test_without_the_extra_only_tests_that_use_the_mock_fail_and_say_what_is_missing(service: Service) -> None:
    service.write("conftest.py", "import sys\nsys.modules['jsonschema_rs'] = None\n")
    text = "def test_plain(): pass\n\ndef test_mock(telnyx_mock): pass\n"
    assert service.test(text) == {"passed": 1, "error": 1}, service.said
    assert "the Telnyx mock needs jsonschema_rs: pip install 'telnyx-bindings[mock]'" in service.said
    assert "Traceback" not in service.said
    service.write("sitecustomize.py", "import sys\nsys.modules['jsonschema_rs'] = None\n")
    service.environment["PYTHONPATH"] += f"{os.pathsep}{service.folder}"
    command = service.run("-m", "telnyx_mock")
    assert (command.returncode, command.stderr) == (
        2,
        "error: the Telnyx mock needs jsonschema_rs: pip install 'telnyx-bindings[mock]'\n",
    )


def test_pytest_starts_without_importing_the_mock(service: Service) -> None:
    text = (
        "import sys\n\ndef test_it():\n"
        "    assert 'telnyx_mock.pytest_plugin' in sys.modules\n"
        "    assert not {'httpx', 'jsonschema_rs', 'yaml', 'orjson', 'telnyx_mock.app'} & set(sys.modules)\n"
    )
    assert service.test(text) == {"passed": 1}, service.said


TYPED = """
from telnyx_bindings import AsyncTelnyx, Telnyx
from telnyx_mock import Fault, TelnyxMock, TelnyxMockServer


def test_it(telnyx_mock: TelnyxMock, telnyx_mock_server: TelnyxMockServer) -> None:
    Telnyx(**telnyx_mock.options), AsyncTelnyx(**telnyx_mock.options), Telnyx(**telnyx_mock_server.options)
    telnyx_mock.fail_next(Fault.of("reset"))
    tried: int = len(telnyx_mock.webhooks.settle()[0].attempts)
    telnyx_mock.clock.advance(tried)
    telnyx_mock.webhooks.duplicates = "often"
"""


def test_a_type_checker_knows_the_mock(service: Service) -> None:
    service.write("typed.py", TYPED)
    service.environment["MYPYPATH"] = service.environment["PYTHONPATH"]
    result = service.run("-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", "cache", "typed.py")
    wrong = TYPED.splitlines().index('    telnyx_mock.webhooks.duplicates = "often"') + 1
    assert re.findall(r"^(.*?): error: (.*?)\s+\[", result.stdout, flags=re.MULTILINE) == [
        (f"typed.py:{wrong}", 'Incompatible types in assignment (expression has type "str", variable has type "int")')
    ], result.stdout


def test_the_command_serves_without_the_repository(service: Service) -> None:
    shown = service.run("-m", "telnyx_mock", "--help")
    assert shown.returncode == 0 and "usage: python3 -m telnyx_mock " in shown.stdout
    command = [sys.executable, "-m", "telnyx_mock", "--port", "0"]
    with subprocess.Popen(
        command, cwd=service.folder, env=service.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
