"""A process that does one contract run after another: imports are paid once, and a crash takes one run with it.

It reads trials as JSON lines on standard input and answers each with one line on standard output; it ends with its
input, so that it cannot outlive the proof.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from contract_tests import budget, runner
from contract_tests.console import Console
from contract_tests.description import load
from contract_tests.options import Options
from contract_tests.target import MOCK
from scripts.errors import InputError

NOTHING_KNOWN = "known: []\n"


def run(trial: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The exit code, findings and gaps of one run against a mock of its own, its reports thrown away."""
    known = folder / "known.yaml"
    known.write_text(NOTHING_KNOWN, encoding="utf-8")
    planned = budget.named(trial["budget"])
    options = Options(
        target=MOCK,
        budget=replace(planned, rounds=trial["rounds"] or planned.rounds),
        seed=trial["seed"],
        report_dir=folder / "report",
        only=frozenset(trial["only"]),
        plant=tuple(filter(None, [trial["plant"]])),
        rate_limit=None,
        json=False,
        known=known,
    )
    said = io.StringIO()
    try:
        code = runner.run(options, load(), Console(said, said)).value
    except InputError as problem:
        return {"code": 2, "findings": [], "missing": [], "said": problem.render()}
    report = json.loads((options.report_dir / "drift.json").read_text(encoding="utf-8"))
    return {
        "code": code,
        "findings": report["findings"],
        "missing": report["missing"],
        "said": report["run"]["verdict"],
    }


def main() -> int:
    """Serve trials until the input ends."""
    # Only answers belong on standard output: pytest and its kin may print there.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        with tempfile.TemporaryDirectory(prefix="prove-") as folder:
            result = run(json.loads(line), Path(folder))
        print(json.dumps(result), file=answers, flush=True)
        # Session, plugins and tests of a run hold each other, and all that it kept, until the collector comes by; it is
        # told to come seldom while runs last.
        gc.collect()
    return 0


if __name__ == "__main__":
    sys.exit(main())
