"""The suites, run by pytest inside this process, so that they share one session; our own output instead of pytest's."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from contract_tests.description import ROOT
from contract_tests.plugin import RunPlugin
from contract_tests.run import PLUGIN

SUITES = ROOT / "contract_tests" / "suites"
ARGUMENTS = (
    f"--rootdir={ROOT}",
    f"--config-file={ROOT / 'pyproject.toml'}",
    "--override-ini=addopts=",
    "--override-ini=junit_suite_name=contract",
    "--import-mode=importlib",
    # Plugins of other packages only cost time here, and none of them is needed.
    "--disable-plugin-autoload",
    "-pno:terminal",
    "-pno:cacheprovider",
    "-pno:logging",
    # A connection that an interrupted test left open is no reason to lose the report.
    "-pno:unraisableexception",
    "--capture=no",
)
# Where Hypothesis keeps its tables; without it in a folder of this name where the run was started.
STORAGE, STORED_IN = "HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis"
# New objects until the youngest are collected, and how often until the older ones are (700, 10, 10 without this).
RARELY = (10_000, 20, 40)


def run(plugin: RunPlugin) -> pytest.ExitCode:
    """Run the suites for ``plugin``, which receives what came of them, JUnit's XML included."""
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        junit = Path(folder) / "junit.xml"
        arguments = [*ARGUMENTS, f"--junit-xml={junit}", str(SUITES)]
        with seldom_collected(), storing(Path(folder) / STORED_IN):
            code = pytest.ExitCode(pytest.main(arguments, plugins=[_Named(plugin)]))
        if junit.exists():
            plugin.junit = junit.read_text(encoding="utf-8")
    if code in {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}:
        plugin.collection_problems.append(f"pytest ended with {code.name}, see above")
    return code


@contextlib.contextmanager
def storing(elsewhere: Path) -> Iterator[None]:
    """Within the block Hypothesis has a place for its tables: ``elsewhere`` where it may not write below this folder.

    It warns of that in the middle of a test, and a test that cannot finish is told as a finding.
    """
    usual = Path.cwd() / STORED_IN
    if STORAGE in os.environ or os.access(usual if usual.exists() else usual.parent, os.W_OK):
        yield
        return
    os.environ[STORAGE] = str(elsewhere)
    try:
        yield
    finally:
        del os.environ[STORAGE]


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Within the block the garbage collector leaves alone what was there before, and looks at the rest less often.

    A run keeps every exchange, none of them in a cycle: with the usual settings a twelfth of its time goes into looking
    at all of them, the description and every module again and again.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Within the block SIGTERM ends the run as Ctrl-C does: tests put back what they changed, and a report follows."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread receives signals; elsewhere there is nothing to arrange.
        yield
        return

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Named:
    """Registers the run's plugin under the name by which the suites look it up."""

    def __init__(self, plugin: RunPlugin) -> None:
        self._plugin = plugin

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Comes before the suites' conftest, which refuses to start without a run."""
        config.pluginmanager.register(self._plugin, PLUGIN)
