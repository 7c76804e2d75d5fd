"""``python3 -m scripts issues``: keep one issue on GitHub for each root finding of a drift report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from contract_tests.drift import reading
from contract_tests.nightly.issues import steps
from contract_tests.nightly.tracker import API, Tracker, TrackerError

DONE, UNREACHABLE = 0, 3


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog="python3 -m scripts issues",
        description="Open, update and close one issue for each root finding of a drift report. Only drift makes "
        "issues: after a run that came to no verdict nothing is changed. The token comes from GITHUB_TOKEN.",
        epilog="exit codes:\n  0  the issues are as the report says\n  2  wrong usage or configuration\n"
        "  3  GitHub did not answer, or refused",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("report", type=Path, metavar="DRIFT.JSON", help="the report of the run")
    made.add_argument("--repository", default=os.environ.get("GITHUB_REPOSITORY", ""), metavar="OWNER/NAME")
    made.add_argument("--api", default=os.environ.get("GITHUB_API_URL") or API, metavar="URL", help="of GitHub")
    made.add_argument("--dry-run", action="store_true", help="say what would be changed, and change nothing")
    return made


def main(given: Sequence[str]) -> int:
    """Compare the report with the issues and make the changes; the exit codes are listed by ``--help``."""
    options = parser().parse_args(list(given))
    report = reading.read(options.report)
    tracker = Tracker(options.repository, os.environ.get("GITHUB_TOKEN", "").strip(), options.api)
    try:
        wanted = steps(report, tracker.issues())
        for step in wanted:
            print(step.shown, flush=True)
            if not options.dry_run:
                tracker.take(step)
    except TrackerError as problem:
        print(f"stopped: {problem}", file=sys.stderr)
        return UNREACHABLE
    finally:
        tracker.close()
    print(f"{len(wanted)} issues {'would be ' if options.dry_run else ''}changed")
    return DONE
