"""The suite against the tool that it drives: generated requests per second of CPU, ours and plain ``schemathesis run``.

Both are whole processes against the same mock (a process of its own), with the same description, phases, number of
examples and seed. What differs is what we add: a record to work on for each operation, and our checks and observers on
every exchange.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.benches.pairing import Figure, figure
from scripts.bootstrap import ROOT

TOKEN = "KEY_of_the_bench"
EXAMPLES = 60
# Its own settings, but for what would make it repeat requests or read what an earlier run left.
PLAIN = "[cache]\nenabled = false\n\n[generation]\ndatabase = 'none'\nno-shrink = true\n"
SEED = 11
PROGRAM = """
import json, os, sys
from contract_tests import checks
from contract_tests.decoded import Decoded
from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.drift.trail import Trail
from contract_tests.exercised import Exercise
from contract_tests.generated_requests import drive
from contract_tests.generated_requests.addresses import addresses
from contract_tests.generated_requests.settings import Aim, Phase
from contract_tests.latency import Latency
from contract_tests.rules.bench import Bench
from contract_tests.session import Session
from contract_tests.target import Target
base_url, examples, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
token, findings, sent = os.environ["TELNYX_API_KEY"], Findings(), 0
session = Session(load(), Target("bench", base_url, token), base_url, checks.every(token), findings)
session.observers += [
    Exercise(session), Observer(load(), findings), Trail(load()), Latency(), Decoded(session)
]
for phase in (Phase.EXAMPLES, Phase.COVERAGE, Phase.FUZZING):
    for operation in load().operations:
        bench = Bench(session, "bench", seed=seed)
        aim = Aim(phase, seed, examples, addresses=addresses(bench, operation))
        sent += drive.run(bench, aim, (operation,)).sent
        bench.close()
print(json.dumps({"sent": sent, "findings": len(findings.all())}))
"""


def bench_suite(rounds: int) -> Iterator[Figure]:
    """Requests per second of CPU, ours as a multiple of the plain tool's; and the time that two workers save."""
    from contract_tests import own_mock

    with tempfile.TemporaryDirectory(prefix="bench-suite-") as folder, own_mock.running(TOKEN) as base_url:
        plain = _plain(Path(folder) / "plain", base_url, tuned=False)
        tuned = _plain(Path(folder) / "tuned", base_url, tuned=True)
        rates: dict[Callable[[str], float], list[float]] = {_ours: [], plain: [], tuned: []}
        for number in range(min(rounds, 5)):
            for turn in list(rates)[:: -1 if number % 2 else 1]:
                rates[turn].append(turn(base_url))
    for name, other in (("schemathesis run", plain), ("... our settings", tuned)):
        yield figure("generated requests per CPU second", name, rates[_ours], rates[other], unit="1/s")
    alone, together = [], []
    for number in range(min(rounds, 3)):
        order = (1, 2) if number % 2 else (2, 1)
        times = {workers: _standard(workers) for workers in order}
        alone.append(times[1])
        together.append(times[2])
    yield figure("standard budget, one process", "two workers", alone, together, unit="s")


def _cpu() -> float:
    """Seconds of CPU of the processes that have ended; the mock has not, and neither side should pay for it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ours(base_url: str) -> float:
    started = _cpu()
    result = _finished([sys.executable, "-c", PROGRAM, base_url, str(EXAMPLES), str(SEED)])
    said = json.loads(result.splitlines()[-1])
    if said["findings"]:
        raise RuntimeError(f"the suite found {said['findings']} deviations in a sound mock: no figure to take")
    return float(said["sent"] / (_cpu() - started))


def _plain(folder: Path, base_url: str, *, tuned: bool) -> Callable[[str], float]:
    """``schemathesis run`` as it comes, or with the settings that the suite uses; but for the addresses of records."""
    folder.mkdir()
    settings = (ROOT / "contract_tests" / "schemathesis.toml").read_text(encoding="utf-8")
    # Switched on here: the suite runs one phase at a time.
    settings = settings.replace("[phases]\nenabled = false", "[phases]\nenabled = true")
    (folder / "schemathesis.toml").write_text(settings if tuned else PLAIN, encoding="utf-8")
    tool = Path(sys.executable).with_name("schemathesis")
    command = [
        *(str(tool), "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(ROOT / "generated" / "openapi.effective.json"), "--url", base_url),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        *("--header", f"Authorization: Bearer {TOKEN}", "--no-color"),
    ]

    def run(_: str) -> float:
        started = _cpu()
        said = _finished(command, folder, {0, 1})
        cases = re.search(r"([\d,]+) generated", said)
        if cases is None:
            raise RuntimeError(f"schemathesis does not say how many cases it made:\n{said[-2000:]}")
        return int(cases[1].replace(",", "")) / (_cpu() - started)

    return run


def _standard(workers: int) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-suite-") as folder:
        started = time.perf_counter()
        program = "import sys; from scripts.contract import main; sys.exit(main(sys.argv[1:]))"
        _finished([sys.executable, "-c", program, "--workers", str(workers), "--report-dir", folder])
        return time.perf_counter() - started


def _finished(command: list[str], folder: Path = ROOT, good: frozenset[int] | set[int] = frozenset({0})) -> str:
    """The standard output of a process; ``RuntimeError`` with what it said when it failed."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    environment = {**os.environ, "PYTHONPATH": paths, "TELNYX_API_KEY": TOKEN}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if result.returncode not in good:
        raise RuntimeError(f"{command[0]} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}"[-3000:])
    return result.stdout
