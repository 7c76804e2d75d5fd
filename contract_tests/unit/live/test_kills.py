"""Runs that are killed at random moments leave nothing behind after ``sweep``.

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

import pytest

from contract_tests.description import ROOT, load
from contract_tests.live.ledger import pasts, run_of
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.unit.live.stage import NUMBER, NUMBERS, PROFILES, rested
from scripts import sweep

RUNS = int(os.environ.get("KILLED_RUNS", "6"))
KEY = "KEY_of_killed_runs"
# A run as the command makes it, without the suites: create, lend, change, delete, over and over. Starting a whole run
# takes a second; this takes a tenth, so that most kills fall into the work.
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
        print("ready", flush=True)
        while True:
            body = {"name": outlet.prefix + "x", "whitelisted_destinations": ["US"]}
            made = client.post(base + "/messaging_profiles", json=body).json()["data"]["id"]
            number = base + "/phone_numbers/+18005550001/messaging"
            client.patch(number, json={"messaging_profile_id": made})
            client.patch(base + "/messaging_profiles/" + made, json={"enabled": False})
            client.patch(number, json={"messaging_profile_id": ""})
            client.delete(base + "/messaging_profiles/" + made)
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


def killed(arguments: list[str], seconds: float) -> None:
    """Start a run and kill it so long after it is ready."""
    process = subprocess.Popen([sys.executable, "-c", RUNNER, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
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
        for _ in range(RUNS):
            killed([base_url, str(folder), str(policy)], chance.uniform(0, 0.15))
            # The server may still be busy with what the run had sent.
            time.sleep(0.05)
            dirty += comparable(mock) != before
            assert sweep.main(command) == 0, capsys.readouterr().err
            assert comparable(mock) == before
            assert not any(past.leftovers for past in pasts(folder, base_url))
    # Kills that all fall between two records would prove nothing.
    assert dirty >= RUNS // 3
    assert not any(run_of(one["name"]) for one in mock.store.snapshot()[PROFILES])
