"""``python3 -m scripts test``: what CI runs, in the same order, on any machine.

Lint, format, types, the committed output against a rebuild, the description by our rules and by the standard linters
(where npm exists), then every test under ``contract_tests/unit``.
Steps after a failed one still run, so that one call shows everything. The tests are spread over several processes,
a file never over two, because fixtures of modules and fixed ports are shared within a file; ``--jobs 1`` runs them in
one process (a debugger needs that). The files that take long are begun first (`pytest.mark.takes`), for what is begun
last is what one waits for. Exit code 0 when all pass, 1 when one fails, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

from scripts.bootstrap import ROOT

HAND_WRITTEN = ("scripts", "contract_tests", "overlays/package")
# Each process imports and collects everything; beyond this the longest file is what one waits for.
MOST_JOBS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it is called, the arguments of ``python -m``, and a program without which it is left out."""

    name: str
    arguments: tuple[str, ...]
    needs: str | None = None


STEPS = (
    Step("lint", ("ruff", "check", "--quiet", *HAND_WRITTEN)),
    Step("format", ("ruff", "format", "--check", "--quiet", *HAND_WRITTEN)),
    Step("types", ("mypy", "scripts", "contract_tests", "generated/telnyx_bindings")),
    Step("generated", ("scripts", "regenerate", "--check", "--full")),
    Step("description", ("scripts", "lint")),
    Step("standard", ("scripts", "lint", "--standard"), "npm"),
)


def run(step: Step) -> bool:
    """Run a step; its output is shown only when it fails. A step whose program is missing is left out, and says so."""
    if step.needs and shutil.which(step.needs) is None:
        print(f"{step.name:<12} left out: this machine has no {step.needs}", flush=True)
        return True
    started = time.monotonic()
    print(f"{step.name:<12} …", end="", flush=True)
    result = subprocess.run(
        [sys.executable, "-m", *step.arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if step.needs and result.returncode == 2 and not os.environ.get("CI"):
        # It could not be set up, with no network say: that is a reason to leave it out, but not for CI.
        said = result.stdout.strip().splitlines()
        print(f" left out: {next((line for line in said if line.startswith('error: ')), said[0])}", flush=True)
        return True
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f" {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if result.returncode:
        print(result.stdout.rstrip(), flush=True)
    return result.returncode == 0


def usable_cores() -> int:
    """How many cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def job_count(text: str) -> int:
    """An argument that counts processes: 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: give 1 or more")
    return int(text)


def pytest_command(jobs: int, further: list[str]) -> list[str]:
    """The tests in ``jobs`` processes; ``further`` arguments come last, so that they win."""
    # Files in the order of contract_tests/unit/conftest.py, not by how many tests they hold.
    spread = ["-n", str(jobs), "--dist", "loadfile", "--no-loadscope-reorder"] if jobs > 1 else []
    return [sys.executable, "-m", "pytest", "--quiet", *spread, *further]


def main(arguments: list[str]) -> int:
    """Run all steps; what stands after ``--`` goes to pytest."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts test", description=__doc__.split("\n\n")[0])
    parser.add_argument("--only-pytest", action="store_true", help="leave out lint, types and the rebuild")
    parser.add_argument(
        "--jobs",
        type=job_count,
        default=min(usable_cores(), MOST_JOBS),
        metavar="N",
        help=f"processes for the tests: one for each core, {MOST_JOBS} at most (here %(default)s); 1 is serial",
    )
    parser.add_argument("pytest", nargs="*", metavar="-- PYTEST_ARGUMENT", help="passed to pytest as they are")
    options = parser.parse_args(arguments)
    # Every step runs, also after one that failed.
    results = [] if options.only_pytest else [run(step) for step in STEPS]
    passed = all(results)
    code = subprocess.run(pytest_command(options.jobs, options.pytest), cwd=ROOT, check=False).returncode
    if not passed:
        print("a step before the tests FAILED: see above")
    return 0 if passed and code == 0 else 1
