"""The run's own mock is a process that starts with its own key and ends with the run."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import httpx
import pytest

from contract_tests import own_mock
from contract_tests.description import ROOT
from contract_tests.mock.command import parser
from contract_tests.webhooks.stand_in import StandIn
from scripts.errors import InputError


def test_it_serves_with_its_own_key_and_is_gone_afterwards() -> None:
    with own_mock.running("KEY_right") as base_url:
        answers = [
            httpx.get(f"{base_url}/messaging_profiles", headers={"authorization": f"Bearer {token}"}, trust_env=False)
            for token in ("KEY_right", "KEY_wrong")
        ]
        assert [answer.status_code for answer in answers] == [200, 401]
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url, trust_env=False)


def test_what_it_refuses_is_bad_input_in_its_own_words() -> None:
    with pytest.raises(InputError, match="there is no drift 'nonsense'"), own_mock.running("KEY", plant=["nonsense"]):
        pass


def test_it_is_told_every_fault() -> None:
    told = own_mock.arguments("KEY", 3, ("a", "b:c"), 7)
    assert told[-10:] == ["--api-key", "KEY", "--seed", "3", "--plant", "a", "--plant", "b:c", "--rate-limit", "7"]


def test_it_ends_when_the_run_is_gone_without_a_word() -> None:
    command = [sys.executable, "-m", "contract_tests.leashed_mock"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        child.stdin.write(json.dumps(own_mock.arguments("KEY", 0, (), None)) + "\n")
        child.stdin.flush()
        assert child.stdout.readline().startswith("listening on http://127.0.0.1:")
        child.stdin.close()
        assert child.wait(timeout=30) == 0


def test_the_same_mock_can_be_started_again_by_hand() -> None:
    told = own_mock.command("http://127.0.0.1:4711/v2", seed=5, plant=["throttle", "a b"], rate_limit=3)
    assert told.startswith('python3 -m scripts mock --port 4711 --api-key "$TELNYX_API_KEY" --seed 5 ')
    parsed = parser().parse_args(shlex.split(told)[4:])
    assert (parsed.port, parsed.seed, parsed.plant, parsed.rate_limit) == (4711, 5, ["throttle", "a b"], 3)


def test_it_sends_webhooks_when_it_is_asked_to() -> None:
    assert "--controls" in own_mock.arguments("KEY", 0, (), None, controls=True)
    assert "--controls" in own_mock.command("http://127.0.0.1:4711/v2", controls=True)
    with own_mock.running("KEY", controls=True) as base_url:
        assert StandIn.at(base_url) is not None
    with own_mock.running("KEY") as base_url:
        assert StandIn.at(base_url) is None
