"""``python3 -m scripts test``: what CI runs, in the same order, on any machine.

Lint, format, types, the committed output against a rebuild, the description by our rules and by the standard linters
(where npm exists), then every test under ``contract_tests/unit``.
Steps after a failed one still run, so that one call shows everything. Exit code 0 when all pass, 1 when one
fails, 2 for wrong usage.
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
        print(f" left out: {result.stdout.strip().splitlines()[0]}", flush=True)
        return True
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f" {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if result.returncode:
        print(result.stdout.rstrip(), flush=True)
    return result.returncode == 0


def main(arguments: list[str]) -> int:
    """Run all steps; what stands after ``--`` goes to pytest."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts test", description=__doc__.split("\n\n")[0])
    parser.add_argument("--only-pytest", action="store_true", help="leave out lint, types and the rebuild")
    parser.add_argument("pytest", nargs="*", metavar="-- PYTEST_ARGUMENT", help="passed to pytest as they are")
    options = parser.parse_args(arguments)
    # Every step runs, also after one that failed.
    results = [] if options.only_pytest else [run(step) for step in STEPS]
    passed = all(results)
    code = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", *options.pytest], cwd=ROOT, check=False
    ).returncode
    if not passed:
        print("a step before the tests FAILED: see above")
    return 0 if passed and code == 0 else 1
