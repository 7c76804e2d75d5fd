"""``python3 -m scripts upstream FILE``: our description beside the one that the vendor publishes.

Exit codes: 0 nothing to disagree about, 1 the two disagree, 2 wrong usage or a file that can't be read.
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path

import attrs

from contract_tests.drift import reading as drift_reading
from contract_tests.drift.proposals import propose
from scripts import printing
from scripts.changes import Progress
from scripts.comparison import comparison, snapshot
from scripts.errors import InputError
from scripts.lint.report import escaped
from scripts.pipeline.layout import EFFECTIVE, Layout
from scripts.published import backing, disagreements, proposals, reading, report
from scripts.published.disagreements import Disagreements

ROOT = Path(__file__).resolve().parent.parent
# A file of so many bytes takes a while to read, above all as YAML.
LARGE = 1_000_000


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Compare, print, and write proposals when they are wanted."""
    options = _options(arguments)
    progress = Progress("upstream")
    layout = Layout(root.resolve())
    path = Path(options.description) if options.description else layout.generated / EFFECTIVE
    ours = snapshot.document(path, layout.shown(path))
    file = Path(options.file)
    if file.is_file() and file.stat().st_size > LARGE:
        progress.say(f"reading {file.stat().st_size / 1e6:.0f} MB", always=True)
    theirs = reading.read(file, ours)
    run = drift_reading.read(Path(options.drift)) if options.drift else None
    only = frozenset(options.only) if options.only else None
    comparison.require_known(only or frozenset(), ours, theirs.document)
    found = disagreements.find(ours, theirs.document, only, progress.say)
    if not found.matched:
        raise InputError(
            "has no operation in common with our description", file=options.file, fix="is it the file of another API?"
        )
    rests_on = None if options.description else backing.read(layout, ours)
    points = backing.add(found.points, rests_on, run)
    if options.propose:
        points, made = proposals.make(points, ours, theirs, options.date)
        propose.write(root, propose.Proposals(made, ()))
        progress.say(f"{len(made)} proposals in {propose.FOLDER.as_posix()}", always=True)
    _print(attrs.evolve(found, points=points), theirs, options)
    return 1 if points else 0


def _print(found: Disagreements, theirs: reading.Published, options: argparse.Namespace) -> None:
    if options.json:
        printing.lines([json.dumps(report.as_json(found, theirs), indent=2, ensure_ascii=False)])
    elif options.md:
        printing.lines(report.markdown(found, theirs).rstrip("\n").split("\n"))
    else:
        printing.lines(map(escaped, report.lines(found, theirs, everything=options.all)))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts upstream",
        description="Say where our description and a published one disagree, and what speaks for ours.",
    )
    parser.add_argument("file", metavar="FILE", help="the published description (OpenAPI 3.0 or 3.1, YAML or JSON)")
    parser.add_argument("--only", nargs="+", metavar="OPERATION", help="only these operations")
    parser.add_argument("--drift", metavar="REPORT", help="drift.json of a run, as the third source")
    parser.add_argument(
        "--propose", action="store_true", help="write Overlays that adopt theirs into overlays/proposed"
    )
    parser.add_argument(
        "--date", default=datetime.date.today().isoformat(), metavar="DAY", help="date of the proposals"
    )
    parser.add_argument("--description", metavar="FILE", help="compare another description than ours; no evidence then")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    form.add_argument("--md", action="store_true", help="print Markdown instead of lines")
    parser.add_argument("--all", action="store_true", help="list every point")
    options = parser.parse_args(arguments)
    if options.propose and options.description:
        parser.error("--propose is for our own description")
    return options
