"""Runs that are killed at random moments of any of their requests leave nothing behind after ``sweep``.

``KILLED_RUNS`` says how many are killed (6 unless told otherwise; the proof of the issue is 200).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.description import ROOT, load
from contract_tests.live.ledger import pasts, run_of
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.unit.live.stage import NUMBER, NUMBERS, PROFILES, rested
from scripts import sweep

RUNS = int(os.environ.get("KILLED_RUNS", "6"))
KEY = "KEY_of_killed_runs"
# A run as the command makes it, without the suites: create, lend, change, delete, over and over. It asks for leave
# before each request, so that it is known which one it is killed in, however long it took to come there.
STEPS = 5
RUNNER = """
import sys
from pathlib import Path
import httpx
from contract_tests.description import load
from contract_tests.live.arguments import LiveOptions
from contract_tests.live.supervision import opened
from contract_tests.target import Target
base, folder, policy = sys.argv[1:]
options = LiveOptions(treat_as_live=True, writes=True, yes=True, ledger=Path(folder), policy=Path(policy))
target = Target("x", base, "KEY_of_killed_runs", True)
with opened(options, target, base, load(), "nightly", lambda text: None) as outlet:
    with httpx.Client(transport=outlet.sync(), headers={"authorization": "Bearer KEY_of_killed_runs"}) as client:
        def ask(method, path, body=None):
            print("ready", flush=True)
            sys.stdin.readline() or sys.exit("nobody is there")
            return client.request(method, base + path, json=body)
        while True:
            body = {"name": outlet.prefix + "x", "whitelisted_destinations": ["US"]}
            made = ask("POST", "/messaging_profiles", body).json()["data"]["id"]
            number = "/phone_numbers/+18005550001/messaging"
            ask("PATCH", number, {"messaging_profile_id": made})
            ask("PATCH", "/messaging_profiles/" + made, {"enabled": False})
            ask("PATCH", number, {"messaging_profile_id": ""})
            ask("DELETE", "/messaging_profiles/" + made)
"""
POLICY = {
    "version": 1,
    "allow": [
        {"operation": "deleteMessagingProfile", "effects": ["irreversible"], "reason": "only what a run itself made"}
    ],
    "owned": {NUMBERS: [NUMBER]},
    "limits": {"requests": 100000, "writes": 100000, "creations": 100000, "usd": "0", "people": 0, "minutes": 60},
}


def comparable(mock: Mock) -> dict[str, Any]:
    """All records but for the time of their last change."""
    return {
        name: [{key: value for key, value in one.items() if key != "updated_at"} for one in records]
        for name, records in mock.store.snapshot().items()
    }


def killed(arguments: list[str], whole: int, seconds: float) -> None:
    """Start a run and kill it after so many whole requests and so long after it began another."""
    command = [sys.executable, "-c", RUNNER, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        for _ in range(whole + 1):
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go on\n")
            process.stdin.flush()
        time.sleep(seconds)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
        process.stdin.close()
        process.stdout.close()


def test_nothing_is_left_of_runs_that_were_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    policy, folder, chance = tmp_path / "policy.yaml", tmp_path / "ledger", random.Random(7)
    policy.write_text(json.dumps(POLICY), encoding="utf-8")
    mock = rested(create_app(load(), api_key=KEY))
    before, dirty = comparable(mock), 0
    with serve(mock) as base_url:
        command = ["--target", base_url, "--ledger", str(folder), "--policy", str(policy), "--yes"]
        for number in range(RUNS):
            killed([base_url, str(folder), str(policy)], number % (2 * STEPS), chance.uniform(0, 0.03))
            # What the run had sent is read and done before anything that comes after it.
            for _ in range(2):
                httpx.get(f"{base_url}/messaging_profiles")
            dirty += comparable(mock) != before
            assert sweep.main(command) == 0, capsys.readouterr().err
            assert comparable(mock) == before
            assert not any(past.leftovers for past in pasts(folder, base_url))
    # Kills that all fall between two records would prove nothing. Of the five requests only the first and the last may
    # leave everything as it was, each when it is killed at one end of it.
    assert dirty >= RUNS // 3
    assert not any(run_of(one["name"]) for one in mock.store.snapshot()[PROFILES])
