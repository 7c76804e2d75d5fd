"""A run in several processes: each exercises its share of the operations, and their reports become one.

Threads would not help (the generator of requests takes nearly all the time, under one interpreter lock). Every worker
has its own mock; on a target that they share, operations whose records touch one another stay in one worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract_tests import pytest_run, sharding, target
from contract_tests.console import Console
from contract_tests.description import ROOT, Description
from contract_tests.drift import files, known, merge, reading
from contract_tests.exchange import Redactor
from contract_tests.exit_codes import ExitCode
from contract_tests.options import Options
from contract_tests.sharding import Share
from scripts.errors import InputError

# Seconds that workers get to put back what they changed and to write their reports, once they are told to end.
LAST_WORDS = 60.0
PROGRAM = """
import sys
from scripts.contract import main
from scripts.errors import InputError
try:
    sys.exit(main(sys.argv[1:]))
except InputError as problem:
    print(problem.render())
    sys.exit(2)
"""


@dataclass(slots=True)
class _Worker:
    """One process, the folder of its report, and what it said on standard output."""

    share: Share
    folder: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def report(self) -> dict[str, Any] | None:
        """The report it wrote; None when it came to none."""
        path = self.folder / "drift.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def run(options: Options, description: Description, console: Console) -> ExitCode:
    """Split the run, wait for all its parts and write the joined reports; ``InputError`` as for a run in one piece."""
    entries = known.read(options.known)
    apart = options.target == target.MOCK
    shares = sharding.split(description, min(options.workers, sharding.MOST), options.only, apart=apart)
    # The workers split for themselves: they have to be told how many shares there really are.
    shares = sharding.split(description, len(shares), options.only, apart=apart)
    if len(shares) < options.workers:
        why = "there is no more to share out" if apart else "on one target, operations that touch stay together"
        console.progress(f"{len(shares)} of {options.workers} workers: {why}")
    with tempfile.TemporaryDirectory(prefix="contract-workers-") as folder:
        workers = [_start(options, share, Path(folder), apart=apart) for share in shares]
        _wait(workers, console)
        reports = [report for report in (worker.report for worker in workers) if report is not None]
        _complain(workers, reports)
        report = merge.merge(reports, entries)
        order = list(description.by_id)
        report["operations"].sort(key=lambda one: order.index(one["operation_id"]))
        for worker in workers:
            if worker.report is None:
                report["missing"].append(f"worker {worker.share.name} ended without a report")
        junit = reading.junit(worker.folder for worker in workers)
    # Each report is free of secrets already: this only knows the fields that must not be shown.
    redactor = Redactor(fields=description.sensitive_fields)
    files.write(options.report_dir, report, junit, redactor, recorded_in=options.history)
    show = console.json if options.json else console.result
    show(report)
    return ExitCode(report["run"]["exit_code"])


def _start(options: Options, share: Share, folder: Path, *, apart: bool) -> _Worker:
    own = folder / str(share.number)
    part = ["--shard", share.name] if apart else []
    only = options.only if apart else share.operations
    arguments = [
        *("--target", options.target, "--budget", options.budget.name, "--seed", str(options.seed)),
        *("--report-dir", str(own), "--known", str(options.known), "--json", *part),
        *(["--only", *sorted(only)] if only else []),
        *(["--plant", *options.plant] if options.plant else []),
        *(["--rate-limit", str(options.rate_limit)] if options.rate_limit else []),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])},
        # Ctrl-C is for the run, which then ends its workers one way, and once.
        start_new_session=True,
    )
    return _Worker(share, own, process)


def _wait(workers: Sequence[_Worker], console: Console) -> None:
    """Pass on what the workers say until all have ended; Ctrl-C and SIGTERM end them with partial reports."""
    listeners = [threading.Thread(target=_pass_on, args=[worker, console], daemon=True) for worker in workers]
    for listener in listeners:
        listener.start()
    try:
        with pytest_run.terminable():
            for worker in workers:
                worker.process.wait()
    except KeyboardInterrupt:
        console.progress("interrupted: the workers write down what they have")
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                worker.process.send_signal(signal.SIGTERM)
        for worker in workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(LAST_WORDS)
    finally:
        for worker in workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()
    for listener, worker in zip(listeners, workers, strict=True):
        listener.join(LAST_WORDS)
        for stream in (worker.process.stdout, worker.process.stderr):
            if stream is not None:
                stream.close()


def _pass_on(worker: _Worker, console: Console) -> None:
    """Progress of a worker under its name; its report on standard output is read from the folder instead."""
    assert worker.process.stdout is not None and worker.process.stderr is not None
    draining = threading.Thread(target=lambda: worker.said.extend(_lines(worker.process.stdout)), daemon=True)
    draining.start()
    for line in worker.process.stderr:
        text = line.rstrip("\n")
        _, stamped, rest = text.partition(" s  ")
        console.progress(f"{worker.share.name}  {rest if stamped and text.startswith('[contract]') else text}")
    draining.join()


def _lines(stream: Any) -> Iterator[str]:
    yield from (line.rstrip("\n") for line in stream)


def _complain(workers: Sequence[_Worker], reports: Sequence[dict[str, Any]]) -> None:
    """``InputError`` with what a worker said when the run was asked for in a way that cannot be, or none reported."""
    for worker in workers:
        if worker.process.returncode == ExitCode.USAGE:
            raise InputError("\n".join(worker.said).removeprefix("error: ") or "a worker refused its arguments")
    if not reports:
        raise InputError("no worker came to a report", fix="look at what they said, and try --workers 1")
