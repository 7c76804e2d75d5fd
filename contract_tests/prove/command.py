"""``python3 -m scripts contract --prove``: plant every drift, lay every trap, and say how well the suite did.

Exit code 0 when each observable drift was found and placed and nothing else was found; 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from contract_tests import pytest_run
from contract_tests.budget import BUDGETS, named
from contract_tests.description import Description, load
from contract_tests.prove import crew
from contract_tests.prove.trials import Aim, Trial, drifts, peaceful
from contract_tests.prove.verdict import Outcome, Verdict, judge
from scripts.errors import InputError

CLEAN_RUNS = 20
NIGHTS = 3
PLACES = 2  # at home, and at one of the other resources
FORMAT = 1
# Seconds between lines of progress.
OFTEN = 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a proof was asked for: ``match`` restricts it to trials whose name holds one of these texts."""

    budget: str
    seed: int
    workers: int
    clean: int
    each: int
    aims: tuple[str, ...]
    match: tuple[str, ...]
    report: Path | None
    json: bool


def main(arguments: Sequence[str], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run the proof and print its table, or the JSON document with ``--json``."""
    out, err = out or sys.stdout, err or sys.stderr
    options = parse(arguments)
    trials = chosen(load(), options)
    with pytest_run.terminable():
        verdicts = list(_verdicts(trials, options, err))
    document = summary(options, verdicts)
    if options.report is not None:
        _write(options.report, document)
    if options.json:
        print(json.dumps(document, indent=2), file=out)
    else:
        for line in table(verdicts):
            print(line, file=out)
    return 0 if all(one.outcome.good for one in verdicts) else 1


def parse(arguments: Sequence[str]) -> Options:
    """The options; ``InputError`` for values that mean nothing."""
    made = argparse.ArgumentParser(prog="python3 -m scripts contract --prove", description=__doc__.split("\n\n")[0])
    made.add_argument("--budget", default="quick", metavar="|".join(BUDGETS), help="of each run (default: quick)")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of the runs; clean runs count on from it")
    made.add_argument(
        "--workers", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="processes (default: 2)"
    )
    made.add_argument("--clean", type=int, default=CLEAN_RUNS, metavar="N", help="runs without drift (default: 20)")
    made.add_argument(
        "--each", type=int, default=PLACES, metavar="N", help="places at which each drift is planted (default: 2)"
    )
    made.add_argument(
        "--aims",
        nargs="+",
        choices=[aim.value for aim in Aim],
        default=[aim.value for aim in Aim],
        help="only these kinds of trials",
    )
    made.add_argument(
        "--match", nargs="+", default=[], metavar="TEXT", help="only trials with one of these in the name"
    )
    made.add_argument("--report", type=Path, metavar="FILE", help="receives the JSON document")
    made.add_argument("--json", action="store_true", help="print the JSON document instead of the table")
    raw = made.parse_args(list(arguments))
    if raw.workers < 1 or raw.clean < 0 or raw.each < 1 or raw.seed < 0:
        raise InputError("--workers and --each are 1 or more, --clean and --seed 0 or more")
    named(raw.budget)
    return Options(
        raw.budget, raw.seed, raw.workers, raw.clean, raw.each, tuple(raw.aims), tuple(raw.match), raw.report, raw.json
    )


def chosen(description: Description, options: Options) -> list[Trial]:
    """The trials of a proof, longest first so that no worker is left with one at the end; ``InputError`` for none."""
    calm = list(peaceful(description, seed=options.seed, clean=options.clean))
    found = [*calm, *drifts(description, seed=options.seed, each=options.each)]
    found = [one for one in found if one.aim in options.aims]
    kept = [one for one in found if not options.match or any(text in one.name for text in options.match)]
    if not kept:
        raise InputError(f"--match: no trial is called like {' or '.join(options.match)}")
    return kept


def _verdicts(trials: Sequence[Trial], options: Options, err: TextIO) -> Iterator[Verdict]:
    """Verdicts as they come, told on ``err`` now and then; what went wrong is told at once."""
    for one in trials:
        if one.unobservable:
            yield Verdict(one, Outcome.UNOBSERVABLE, one.unobservable)
    runs = [one for one in trials if not one.unobservable]
    started = last = time.monotonic()
    bad = 0
    for number, (trial, result) in enumerate(
        crew.results(runs, options.budget, options.workers, next_night(options.seed)), start=1
    ):
        verdict = judge(trial, result)
        yield verdict
        bad += not verdict.outcome.good
        now = time.monotonic()
        if not verdict.outcome.good:
            print(f"[prove] {verdict.outcome}: {trial.aim} {trial.name}: {verdict.why}", file=err, flush=True)
        if now - last > OFTEN or number == len(runs):
            left = (now - started) / number * (len(runs) - number)
            print(
                f"[prove] {now - started:5.1f} s  {number} of {len(runs)} runs, {bad} not as they should be, "
                f"about {left:.0f} s left",
                file=err,
                flush=True,
            )
            last = now


def next_night(seed: int) -> Callable[[Trial, crew.Result], Trial | None]:
    """A drift that comes and goes has ``NIGHTS`` runs to be seen, each with a seed of its own; others have one."""

    def again(trial: Trial, result: crew.Result) -> Trial | None:
        if trial.aim is not Aim.INTERMITTENT or judge(trial, result).outcome.good or trial.seed >= seed + NIGHTS - 1:
            return None
        return replace(trial, seed=trial.seed + 1)

    return again


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The scores by aim, then all that is not proved."""
    for aim in Aim:
        of_aim = [one for one in verdicts if one.trial.aim is aim]
        counts = Counter(one.outcome for one in of_aim)
        observable = len(of_aim) - counts[Outcome.UNOBSERVABLE]
        if of_aim:
            rest = ", ".join(f"{counts[one]} {one}" for one in Outcome if counts[one] and one is not Outcome.PROVED)
            share = f"{counts[Outcome.PROVED]} of {observable}"
            yield f"{aim:<13} {share:>10} {_percent(counts[Outcome.PROVED], observable):>7}  {rest}".rstrip()
    for outcome in Outcome:
        for verdict in verdicts:
            if verdict.outcome is outcome and outcome is not Outcome.PROVED:
                yield f"  {outcome}: {verdict.trial.name} ({verdict.trial.aim}): {verdict.why}"
    good = all(one.outcome.good for one in verdicts)
    yield f"verdict: {'every observable drift is found and placed, and nothing else' if good else 'not proved'}"


def summary(options: Options, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The JSON document of a proof."""
    return {
        "format": FORMAT,
        "budget": options.budget,
        "seed": options.seed,
        "proved": all(one.outcome.good for one in verdicts),
        "scores": {
            aim.value: dict(Counter(one.outcome.value for one in verdicts if one.trial.aim is aim)) for aim in Aim
        },
        "trials": [
            {
                "aim": one.trial.aim.value,
                "plant": one.trial.plant,
                "seed": one.trial.seed,
                "only": list(one.trial.only),
                "outcome": one.outcome.value,
                "why": one.why,
            }
            for one in verdicts
        ],
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _write(path: Path, document: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except OSError as problem:
        raise InputError(f"cannot write the proof: {problem.strerror}", file=path) from problem
