"""The proof runs what it says, tells what is not as it should be, and its exit code is its verdict."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import ROOT, load
from contract_tests.prove import command, crew
from contract_tests.prove.trials import PARTS, WAITING, Aim, Trial, dealt, drifts, peaceful
from contract_tests.prove.verdict import Outcome
from scripts import contract
from scripts.errors import InputError

pytestmark = pytest.mark.takes(15)

LAST_WORDS = 60.0  # seconds, far more than a worker needs to end
FIELD = "add-response-field:colour"
HOME = f"{FIELD} at retrieveMessagingProfile"


def prove(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return command.main(arguments, out, err), out.getvalue(), err.getvalue()


def test_a_planted_drift_is_proved_by_a_real_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deep" / "proof.json"
    arguments = ["--prove", "--aims", "drift", "--match", HOME, "--workers", "1", "--report", str(path)]
    assert contract.main(arguments) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split() == ["drift", "1", "of", "1", "100.0", "%"]
    assert "verdict: every observable drift is found and placed, and nothing else" in said.out
    assert "1 of 1 runs, 0 not as they should be" in said.err
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["proved"], document["scores"]["drift"]) == (True, {"proved": 1})


def faked(monkeypatch: pytest.MonkeyPatch, code: int, asked: list[Trial] | None = None) -> None:
    """Runs that all end with a code and find nothing."""

    def ask(worker: crew.Worker, trial: Trial, budget: str) -> dict[str, Any]:
        if asked is not None:
            asked.append(trial)
        return {"code": code, "findings": [], "missing": [], "said": "nothing"}

    monkeypatch.setattr(crew.Worker, "ask", ask)


def test_what_is_missed_is_named_and_fails_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    faked(monkeypatch, 0)
    code, out, err = prove("--aims", "drift", "--match", HOME)
    assert code == 1
    assert f"missed: {HOME} (drift): exit 0: nothing" in out
    assert "verdict: not proved" in out
    assert f"missed: drift {FIELD}" in err


def test_what_comes_and_goes_has_three_nights_and_everything_else_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Trial] = []
    faked(monkeypatch, 0, asked)
    prove("--match", FIELD, "--seed", "5", "--each", "1")
    seeds = {aim: [one.seed for one in asked if one.aim is aim] for aim in (Aim.DRIFT, Aim.INTERMITTENT)}
    assert seeds == {Aim.DRIFT: [5], Aim.INTERMITTENT: [5, 6, 7]}


def test_a_sound_mock_passes_and_as_many_clean_runs_are_made_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Trial] = []
    faked(monkeypatch, 0, asked)
    code, out, _ = prove("--aims", "clean", "--clean", "3", "--seed", "9", "--json")
    assert code == 0
    assert sorted(one.seed for one in asked) == [9, 10, 11]
    assert json.loads(out)["scores"]["clean"] == {"proved": 3}


def test_unobservable_drifts_are_listed_with_their_reasons_and_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Trial] = []
    faked(monkeypatch, 1, asked)
    hidden = [one for one in drifts(load(), seed=1) if one.unobservable]
    assert hidden, "nothing is shown: the catalogue has no such drift any more"
    code, out, _ = prove("--aims", "drift", "--match", hidden[0].name)
    assert (code, asked) == (0, [])
    assert f"{Outcome.UNOBSERVABLE}: {hidden[0].name} (drift): {hidden[0].unobservable}" in out


def test_the_catalogue_is_as_large_as_promised_and_each_drift_can_be_attributed() -> None:
    trials = list(drifts(load(), seed=1))
    observable = [one for one in trials if one.aim is Aim.DRIFT and not one.unobservable]
    assert len(observable) >= 60
    assert all(one.expected is not None and one.expected.drift.kinds for one in observable)
    assert all(one.only and set(one.only) <= load().by_id.keys() for one in observable)
    assert len(list(peaceful(load(), seed=1, clean=0))) >= 9


def test_peaceful_runs_are_dealt_so_that_together_they_meet_every_operation() -> None:
    description = load()
    every = {one.operation_id for one in description.operations}
    parts = dealt(description)
    assert set().union(*parts) == every
    assert max(map(len, parts)) <= len(every) / 2
    assert min(map(len, parts)) >= len(every) / 5
    by_name = {one.name: one.only for one in peaceful(description, seed=7, clean=6)}
    assert by_name["clean, seed 7"] == ()
    assert set().union(*(by_name[f"clean, seed {seed}"] for seed in range(8, 13))) == every
    nights = [{one.name: one.only for one in peaceful(description, seed=seed, clean=0)} for seed in range(PARTS)]
    for trap in set(nights[0]) - WAITING:
        assert set().union(*(night[trap] for night in nights)) == every, trap
    for trap in WAITING:
        assert len(nights[0][trap]) == 2


@pytest.mark.parametrize("arguments", [["--match", "no-such-thing"], ["--workers", "0"], ["--budget", "huge"]])
def test_wrong_usage_runs_nothing(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    asked: list[Trial] = []
    faked(monkeypatch, 0, asked)
    with pytest.raises(InputError):
        prove(*arguments)
    assert asked == []


def test_a_worker_that_dies_is_told_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "COMMAND", ("-c", "import sys; sys.stdin.readline(); sys.exit('out of luck')"))
    worker = crew.Worker()
    trial = Trial(Aim.CLEAN, "", 1)
    for _ in range(2):
        result = worker.ask(trial, "quick")
        assert (result["code"], result["said"]) == (-1, "the process of the run ended or hung: out of luck")
    worker.close()


def test_a_proof_that_is_told_to_end_takes_its_workers_with_it() -> None:
    # A worker gets more time than it usually has: a busy machine is no reason to kill it.
    program = (
        "import sys; from contract_tests.prove import command, crew; "
        f"crew.LAST_WORDS = {LAST_WORDS}; command.main(sys.argv[1:])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, "--aims", "clean", "--clean", "9", "--workers", "1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])},
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(3)
        process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        assert process.wait(LAST_WORDS + 30) != 0
        assert time.monotonic() - started < LAST_WORDS, "a worker had to be killed"
