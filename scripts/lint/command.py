"""``python3 -m scripts lint [FILE] [--json] [--rule ID ...]``: our description, or any OpenAPI document.

Without FILE the sources of our description are linted with all rules. With FILE only the rules about validity and about
what the generator loses apply. Exit codes: 0 nothing found, 1 problems, 2 wrong usage or a file that can't be read.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scripts import printing
from scripts.bootstrap import environment_folder
from scripts.errors import InputError
from scripts.lint import consequences, report
from scripts.lint.check import check
from scripts.lint.rule import Rule, discover
from scripts.lint.subject import Subject

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command; ``InputError`` for what can't be read."""
    options = _options(arguments)
    if options.list:
        printing.lines([f"{rule.id:<28} {rule.scope.value:<28} {rule.demand}" for rule in discover().values()])
        return 0
    if options.standard:
        if options.file or options.rule:
            raise InputError("--standard lints our description with other tools", fix="leave FILE and --rule out")
        return _standard(root, as_json=options.json)
    rules = _chosen(options.rule)
    started = time.perf_counter()
    subject = _subject(options.file, root)
    if not any(rule.applies(subject) for rule in rules):
        raise InputError(
            f"nothing would be checked: {', '.join(rule.id for rule in rules)} is not for this kind of document",
            fix="python3 -m scripts lint --list names the documents that each rule is for",
        )
    problems = check(subject, rules)
    outcome = None
    if subject.house is None:
        outcome = consequences.foresee(subject.document, [problem.finding for problem in problems])
    seconds = time.perf_counter() - started
    applied = sum(rule.applies(subject) for rule in rules)
    if options.json:
        summary = {"status": "problems" if problems else "clean", "rules": applied, "seconds": round(seconds, 3)}
        printed = [report.as_json(problems, outcome, summary)]
    else:
        printed = report.lines(problems, outcome, everything=options.all, overlay=options.overlay)
        found = f"{len(problems)} problems" if problems else "no problems"
        name = report.escaped(options.file or "openapi/")
        printed.append(
            f"{name}: {found}, {len(subject.document.operations)} operations, {applied} rules ({seconds:.1f} s)"
        )
    printing.lines(printed)
    return 1 if problems else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts lint", description="Check our description, or say what a generator makes of any other."
    )
    parser.add_argument("file", nargs="?", help="an OpenAPI 3.0 or 3.1 document (YAML or JSON); default: our own")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.add_argument("--rule", action="append", metavar="ID", help="apply this rule only; may be repeated")
    parser.add_argument("--all", action="store_true", help=f"show more than {report.MOST_PER_RULE} problems a rule")
    parser.add_argument("--overlay", action="store_true", help="show the Overlay actions that mend each problem")
    parser.add_argument(
        "--standard", action="store_true", help="run Spectral and Redocly over our description instead (needs Node)"
    )
    parser.add_argument("--list", action="store_true", help="list the rules and stop")
    return parser.parse_args(arguments)


def _chosen(ids: list[str] | None) -> Sequence[Rule]:
    known = discover()
    for name in ids or ():
        if name not in known:
            raise InputError(f"there is no rule {name!r}", fix="python3 -m scripts lint --list names them")
    return [known[name] for name in dict.fromkeys(ids)] if ids else list(known.values())


def _standard(root: Path, *, as_json: bool) -> int:
    from scripts.lint import standard_linters

    folder = environment_folder(root) / "standard-linters"
    standard_linters.install(folder)
    verdicts = standard_linters.run(folder, [root / "generated" / name for name in standard_linters.DOCUMENTS], root)
    if as_json:
        print(json.dumps([asdict(verdict) for verdict in verdicts], indent=2))
    else:
        for verdict in verdicts:
            print(f"{verdict.linter:<10} {verdict.document}: {'clean' if verdict.clean else 'problems'}")
            if not verdict.clean:
                print(verdict.output)
    return 0 if all(verdict.clean for verdict in verdicts) else 1


def _subject(file: str | None, root: Path) -> Subject:
    if file is None:
        from scripts.lint import our_description

        return our_description.read(root.resolve())
    from scripts.lint import any_document

    path = Path(file)
    if path.exists() and path.stat().st_size > 5_000_000:
        print(f"reading {file} ...", file=sys.stderr, flush=True)
    return any_document.read(path)
