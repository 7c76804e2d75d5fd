"""``python3 -m scripts drift``: what the contract suite found over time, and what to do about it.

Exit codes: 0 done, 1 `merge` joined reports that hold drift (or 3 to 6, as ``contract`` says them), 2 wrong usage or a
file that cannot be used.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract_tests.console import Console
from contract_tests.description import load
from contract_tests.drift import files, history, known, known_edit, merge, reading, story
from contract_tests.drift.proposals import accept, propose
from contract_tests.exchange import Redactor
from contract_tests.options import REPORTS
from scripts import printing
from scripts.errors import InputError
from scripts.lint.report import escaped
from scripts.pipeline.layout import EFFECTIVE, Layout

if TYPE_CHECKING:
    from scripts.comparison.snapshot import Snapshot

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run one of the subcommands."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Path], int] = options.run
    return run(options, root.resolve())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m scripts drift", description="What runs found, and what to do.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("history", help="when each drift began and ended, and when operations last worked")
    one.add_argument("--history", type=Path, default=history.FILE, metavar="FILE", help="the SQLite file of the runs")
    one.add_argument("--target", help="only runs against this target, written as --target of contract takes it")
    one.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    one.set_defaults(run=_history)
    one = commands.add_parser("propose", help="write an Overlay for each finding that the description can absorb")
    one.add_argument("report", nargs="?", type=Path, default=REPORTS, metavar="REPORT", help="drift.json or its folder")
    one.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    one.set_defaults(run=_propose)
    one = commands.add_parser("accept", help="make a proposal a correction, rebuild, and show what callers get")
    one.add_argument("id", nargs="+", metavar="ID", help="id of a finding, or its first four digits")
    one.set_defaults(run=_accept)
    one = commands.add_parser("known", help="let a finding be for a while, with a reason and a date to look again")
    one.add_argument("id", metavar="ID", help="id of a finding in the report, or its first four digits")
    one.add_argument("--reason", required=True, help="why it may stay as it is")
    one.add_argument("--expires", required=True, metavar="YYYY-MM-DD", help="the day to look at it again")
    one.add_argument("--target", default="", help="it is about this target only")
    one.add_argument("--report", type=Path, default=REPORTS, help="drift.json or its folder")
    one.set_defaults(run=_known)
    one = commands.add_parser("merge", help="join the reports of shards")
    one.add_argument("report", nargs="+", type=Path, metavar="REPORT", help="drift.json or its folder, one per shard")
    one.add_argument("--report-dir", type=Path, default=REPORTS, metavar="DIR", help="receives the joined reports")
    one.add_argument("--known", type=Path, default=known.FILE, metavar="FILE", help="known drift")
    one.add_argument("--history", type=Path, metavar="FILE", help="record the joined run in this history")
    one.add_argument("--json", action="store_true", help="print drift.json on stdout instead of the table")
    one.set_defaults(run=_merge)
    return parser


def _history(options: argparse.Namespace, root: Path) -> int:
    with history.reading(options.history) as connection:
        if options.json:
            return _print_json(story.as_json(connection, options.target))
        for line in story.lines(connection, options.target):
            print(escaped(line))
    return 0


def _propose(options: argparse.Namespace, root: Path) -> int:
    found = propose.propose(reading.read(options.report), root)
    written = propose.write(root, found)
    if options.json:
        made = [
            {"id": one.fingerprint, "file": (propose.FOLDER / one.name).as_posix(), "actions": list(one.actions)}
            for one in found.proposals
        ]
        behaviours = [{"id": one.fingerprint, "text": one.text} for one in found.behaviours]
        return _print_json({"proposals": made, "behaviours": behaviours})
    print(f"{len(written)} proposals, {len(found.behaviours)} findings that no description can absorb")
    for one in found.proposals:
        print(escaped(f"  {propose.FOLDER.as_posix()}/{one.name}"))
        for text in one.actions:
            print(escaped(f"      {text}"))
        print(f"      accept it: python3 -m scripts drift accept {one.fingerprint}")
    for behaviour in found.behaviours:
        first, *rest = behaviour.text.splitlines()
        print(escaped(f"  {behaviour.fingerprint}  {first}"))
        for line in rest:
            print(escaped(f"      {line}"))
    return 0


def _accept(options: argparse.Namespace, root: Path) -> int:
    before = _description(root, "the description before")
    for done in accept.accept(root, options.id, lambda: _regenerate(root)):
        print(f"accepted: {done.overlay.relative_to(root).as_posix()}")
        if done.listed:
            print(f"  its source is listed in {accept.DOCUMENTS.as_posix()}")
    sys.stdout.flush()
    _show_changes(before, _description(root, "the corrected one"))
    print("next: look at the examples of what changed, then python3 -m scripts lint, and commit generated/ with it")
    return 0


def _regenerate(root: Path) -> int:
    from scripts import regenerate

    return regenerate.main([], root)


def _description(root: Path, name: str) -> Snapshot:
    """The effective description as it is now, by a name for reports."""
    from scripts.comparison import snapshot

    layout = Layout(root)
    path = layout.generated / EFFECTIVE
    return snapshot.Snapshot(name, snapshot.document(path, layout.shown(path)))


def _show_changes(before: Snapshot, after: Snapshot) -> None:
    """What the corrections do to callers, as ``python3 -m scripts changes`` says it."""
    from scripts.changes import Progress
    from scripts.comparison import comparison, report

    found = comparison.compare(before, after, None, Progress("drift").say)
    printing.lines(map(escaped, report.lines(found)))


def _known(options: argparse.Namespace, root: Path) -> int:
    report = reading.read(options.report)
    if not re.fullmatch(r"[0-9a-f]{4,12}", options.id):
        raise InputError(f"{options.id!r} is no id of a finding", fix="write its twelve hex digits, or the first four")
    chosen = [one for one in report["findings"] if one["fingerprint"].startswith(options.id)]
    if len(chosen) != 1:
        raise InputError(f"{len(chosen)} findings of the report begin with {options.id}", file=options.report)
    file = root / known.FILE.relative_to(ROOT)
    known_edit.add(file, chosen[0], reason=options.reason, expires=options.expires, target=options.target)
    print(f"known until {options.expires}: {escaped(chosen[0]['headline'])}")
    return 0


def _merge(options: argparse.Namespace, root: Path) -> int:
    reports = [reading.read(path) for path in options.report]
    joined = merge.merge(reports, known.read(options.known))
    # The parts were redacted when they were written.
    redactor = Redactor(fields=load().sensitive_fields)
    files.write(options.report_dir, joined, reading.junit(options.report), redactor, recorded_in=options.history)
    console = Console()
    (console.json if options.json else console.result)(joined)
    code: int = joined["run"]["exit_code"]
    return code


def _print_json(value: Any) -> int:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0
