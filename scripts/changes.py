"""``python3 -m scripts changes``: what changed between two versions, and what that does to callers.

Exit codes: 0 compared, and the verdict is below ``--fail-on``; 1 the verdict reaches it (default: major), or ``--wire``
found requests that differ although no change says so; 2 wrong usage, or something that can't be read or compared.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from pathlib import Path

from scripts import printing
from scripts.comparison import changelog, comparison, report, snapshot, wire
from scripts.comparison.change import Verdict
from scripts.comparison.comparison import Comparison
from scripts.comparison.snapshot import Snapshot
from scripts.errors import InputError
from scripts.lint.report import escaped

ROOT = Path(__file__).resolve().parent.parent
EPILOG = """\
BEFORE and AFTER are git revisions, working copies, packages (folders), wheels, or OpenAPI documents. AFTER is the
working copy unless it is given. BEFORE is --base, else the last tag, else where this branch left main, else HEAD.
"""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Compare, print, and say by the exit code whether callers break."""
    options = _options(arguments)
    if options.base and options.before:
        raise InputError("--base and BEFORE say the same", fix="give one of them")
    if "" in {options.base, options.before, options.after}:  # a variable that nobody set; it must not mean "as usual"
        raise InputError("an empty name is no version", fix="name one, or leave it out")
    progress = Progress()
    with contextlib.ExitStack() as stack:
        before = stack.enter_context(
            snapshot.opened(options.before or options.base or snapshot.default_base(root), root)
        )
        after = (
            stack.enter_context(snapshot.opened(options.after, root)) if options.after else snapshot.working_copy(root)
        )
        only = frozenset(options.only) if options.only else None
        found = comparison.compare(before, after, only, progress.say)
        sent = _wire(before, after, found, progress) if options.wire else None
    if options.changelog:
        changed = changelog.update(root / "CHANGELOG.md", found)
        progress.say(f"CHANGELOG.md {'has its entry' if changed else 'says so already'}", always=True)
    _print(found, sent, options)
    reached = options.fail_on != "never" and found.verdict.rank >= Verdict(options.fail_on).rank
    return 1 if reached or (sent is not None and sent.unexplained) else 0


def _wire(before: Snapshot, after: Snapshot, found: Comparison, progress: Progress) -> wire.WireReport:
    return wire.compare(before, after, found, progress.say)


def _print(found: Comparison, sent: wire.WireReport | None, options: argparse.Namespace) -> None:
    if options.json:
        document = report.as_json(found) | ({"wire": wire.as_json(sent)} if sent is not None else {})
        text = json.dumps(document, indent=2, ensure_ascii=False)
        # Half of a character can be written in a description, and in JSON as an escape alone.
        printing.lines([text.encode("utf-8", "backslashreplace").decode("utf-8")])
        return
    told = wire.lines(sent) if sent is not None else []
    if options.md:
        printing.lines(report.markdown(found, told).rstrip("\n").split("\n"))
    else:
        printing.lines(map(escaped, [*told, *report.lines(found, everything=options.all)]))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts changes",
        description="Say what changed between two versions, and what that does to callers.",
        epilog=EPILOG,
    )
    parser.add_argument("before", nargs="?", metavar="BEFORE", help="the older version")
    parser.add_argument("after", nargs="?", metavar="AFTER", help="the newer version (default: the working copy)")
    parser.add_argument("--base", metavar="REV", help="the git revision to compare the working copy with")
    parser.add_argument("--only", nargs="+", metavar="OPERATION", help="only what callers of these operations notice")
    parser.add_argument(
        "--wire", action="store_true", help="also make calls through both packages and compare requests"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    form.add_argument("--md", action="store_true", help="print Markdown for a pull request instead of lines")
    parser.add_argument("--all", action="store_true", help="list changes of mere words, too")
    parser.add_argument("--changelog", action="store_true", help="write the entry into CHANGELOG.md under Unreleased")
    parser.add_argument(
        "--fail-on",
        choices=["patch", "minor", "major", "never"],
        default="major",
        help="the least verdict that makes the exit code 1 (default: major)",
    )
    return parser.parse_args(arguments)


class Progress:
    """Lines on stderr once the work has gone on for two seconds; stdout holds the outcome alone."""

    def __init__(self, command: str = "changes", patience: float = 2.0) -> None:
        self._command = command
        self._started = time.monotonic()
        self._patience = patience

    def say(self, text: str, *, always: bool = False) -> None:
        """Tell where the work has come to, if anybody has been waiting."""
        elapsed = time.monotonic() - self._started
        if always or elapsed > self._patience:
            print(f"[{self._command}] {elapsed:5.1f} s  {text}", file=sys.stderr, flush=True)
