"""Measurements in pairs: the thing measured and its yardstick take turns, and the ratio is taken round by round.

Absolute figures are those of this machine at this moment; the ratios travel.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bootstrap import ROOT

Run = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One paired measurement: medians in ``unit``, and the median, least and greatest of measured ÷ yardstick."""

    name: str
    yardstick: str
    measured: float
    against: float
    ratio: float
    least: float
    greatest: float
    unit: str = "ms"

    def line(self) -> str:
        """The figure as the command prints it."""
        medians = f"{self.measured:.3g} {self.unit} against {self.against:.3g} {self.unit}"
        spread = f"{self.least:.2f}-{self.greatest:.2f}; {medians}"
        return f"{self.name:<40} {self.ratio:7.2f} x {self.yardstick:<18} ({spread})"


def figure(name: str, yardstick: str, ours: list[float], theirs: list[float], *, unit: str = "ms") -> Figure:
    """The figure of paired measurements; times come in seconds and are shown in milliseconds."""
    scale = 1000 if unit == "ms" else 1
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Figure(
        name=name,
        yardstick=yardstick,
        measured=statistics.median(ours) * scale,
        against=statistics.median(theirs) * scale,
        ratio=statistics.median(ratios),
        least=min(ratios),
        greatest=max(ratios),
        unit=unit,
    )


def pair(name: str, yardstick: str, measured: Run, against: Run, rounds: int) -> Figure:
    """Take turns, the order swapped every round; both callables return seconds."""
    measured(), against()  # warm up: byte code, caches, connections
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        if number % 2:
            theirs.append(against())
            ours.append(measured())
        else:
            ours.append(measured())
            theirs.append(against())
    return figure(name, yardstick, ours, theirs)


def timed(work: Callable[[], Any], times: int = 1, *, clock: Callable[[], float] = time.perf_counter) -> Run:
    """A run that does ``work`` ``times`` times and returns the seconds of one, by the wall or by the CPU's clock."""

    def run() -> float:
        started = clock()
        for _ in range(times):
            work()
        return (clock() - started) / times

    return run


def process(code: str) -> Run:
    """A run of a whole interpreter; ``-I`` keeps this repository's modules and settings out of the yardstick."""
    return timed(lambda: subprocess.run([sys.executable, "-I", "-c", code], check=True, cwd=ROOT))


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A whole process: seconds from start to end, those of them that it computed, its largest resident size in MiB."""

    seconds: float
    cpu: float
    peak: float


# httpx imports its command line when click and rich happen to be installed, as they are here and in no service.
_BEFORE = "import sys\nsys.modules['httpx._main'] = None\nsys.path[:0] = {paths!r}\n"
# The high-water mark of this program alone: getrusage would count what its parent held when it forked.
_AFTER = """
import pathlib
print(next(line.split()[1] for line in pathlib.Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""
_AFTER_ELSEWHERE = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def lifetime(code: str, paths: tuple[str, ...] = (), python: str = sys.executable) -> Lifetime:
    """Run ``code`` in a process of its own, with byte code cached and the usual authorities to trust."""
    after = _AFTER if sys.platform == "linux" else _AFTER_ELSEWHERE
    program = _BEFORE.format(paths=list(paths)) + code + after
    started, before = time.perf_counter(), _of_children()
    result = subprocess.run(
        [python, "-I", "-c", program], check=True, cwd=ROOT, env=clean_environment(), capture_output=True, text=True
    )
    seconds, cpu = time.perf_counter() - started, _of_children() - before
    return Lifetime(seconds, cpu, int(result.stdout.split()[-1]) / 1024)


def _of_children() -> float:
    """Seconds of CPU time that the processes which this one started, and which have ended, took in all."""
    import resource  # not on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def clean_environment() -> Mapping[str, str]:
    """This environment without what would change what one side reads or compiles."""
    skipped = {
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
        "TELNYX_API_KEY",
        "TELNYX_BASE_URL",
    }
    return {name: value for name, value in os.environ.items() if name not in skipped}


def lifetimes(
    name: str,
    measured: Callable[[], Lifetime],
    against: Callable[[], Lifetime],
    rounds: int,
    yardstick: str = "raw httpx",
) -> list[Figure]:
    """Three figures: how long the processes take, how long they compute (which a busy machine blurs less), how much
    memory they take."""
    measured(), against()
    pairs = [(measured(), against()) if number % 2 else (against(), measured())[::-1] for number in range(rounds)]
    seconds = figure(name, yardstick, [one.seconds for one, _ in pairs], [other.seconds for _, other in pairs])
    cpus = [one.cpu for one, _ in pairs], [other.cpu for _, other in pairs]
    peaks = [one.peak for one, _ in pairs], [other.peak for _, other in pairs]
    computing = figure(f"{name}: CPU", yardstick, *cpus)
    return [seconds, computing, figure(f"{name}: peak memory", yardstick, *peaks, unit="MiB")]


def location(path: Path) -> tuple[str, ...]:
    """A folder as ``lifetime`` takes it."""
    return (str(path),)
