"""Several workers that share a list of trials; results come as they are done."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from contract_tests.description import ROOT
from contract_tests.prove.trials import Aim, Trial

# Seconds that one run may take: far more than the largest needs, and the end of one that hangs.
LIMIT = 600.0
# Seconds in which a worker that is told to end puts away what it made.
LAST_WORDS = 10.0
COMMAND = ("-m", "contract_tests.prove.worker")
# How often each rule is held in a run that is to see what comes and goes; 0 leaves it to the budget.
ROUNDS = 8
Result = dict[str, Any]


class Worker:
    """One process of ``contract_tests.prove.worker``; ``ask`` gives it a trial and waits for the result."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._complaints: IO[str] | None = None
        self._open = contextlib.ExitStack()

    def ask(self, trial: Trial, budget: str) -> Result:
        """What came of a trial; a worker that dies or hangs is replaced, and says so in the result."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        task = {
            "plant": trial.plant,
            "only": trial.only,
            "seed": trial.seed,
            "budget": budget,
            "rounds": ROUNDS if trial.aim is Aim.INTERMITTENT else 0,
        }
        killer = threading.Timer(LIMIT, process.kill)
        killer.start()
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            killer.cancel()
        if line:
            result: Result = json.loads(line)
            return result
        process.kill()
        process.wait()
        said = f"the process of the run ended or hung{self._last_complaint()}"
        self.close()
        return {"code": -1, "findings": [], "missing": [], "said": said}

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.terminate()
        try:
            process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # Only now: closing a stream from which another thread reads would wait for that thread.
        process.stdout.close()
        self._open.close()

    def _last_complaint(self) -> str:
        """The last line that the process wrote to standard error."""
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read().split("\n")
        return next((f": {line}" for line in reversed(lines) if line.strip()), "")

    def _start(self) -> subprocess.Popen[str]:
        # A file, not a pipe: nobody reads along, and a full pipe would stop the process. ``close`` closes it.
        file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._complaints = self._open.enter_context(file)
        return subprocess.Popen(
            [sys.executable, *COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            cwd=ROOT,
            # Ctrl-C is for the proof, which then ends its workers.
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])},
        )


def once(trial: Trial, result: Result) -> None:
    """No trial is tried again."""


def results(
    trials: Sequence[Trial], budget: str, workers: int, again: Callable[[Trial, Result], Trial | None] = once
) -> Iterator[tuple[Trial, Result]]:
    """Each trial with its result, in the order in which they are done.

    ``again`` may give another trial to try in the place of one; the last result counts.
    """
    waiting: queue.SimpleQueue[Trial] = queue.SimpleQueue()
    for trial in trials:
        waiting.put(trial)
    done: queue.SimpleQueue[tuple[Trial, Result]] = queue.SimpleQueue()
    stopping = threading.Event()
    crew = [Worker() for _ in range(min(workers, len(trials)))]

    def work(worker: Worker) -> None:
        while not stopping.is_set():
            try:
                trial = waiting.get_nowait()
            except queue.Empty:
                return
            result = worker.ask(trial, budget)
            while not stopping.is_set() and (other := again(trial, result)) is not None:
                trial, result = other, worker.ask(other, budget)
            done.put((trial, result))

    threads = [threading.Thread(target=work, args=[worker], daemon=True) for worker in crew]
    for thread in threads:
        thread.start()
    try:
        for _ in trials:
            yield done.get()
    finally:
        stopping.set()
        for worker in crew:
            worker.close()
