"""Signs of life come while something changes, and stop with the work."""

from __future__ import annotations

import threading

from contract_tests.heartbeat import beating


def test_changes_are_told_until_the_block_ends() -> None:
    counts = iter(range(1000))
    twice = threading.Event()
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if len(said) == 2:
            twice.set()

    with beating(say, lambda: f"{next(counts)} requests", interval=0.001):
        assert twice.wait(5)
    told = len(said)
    assert said[:2] == ["1 requests", "2 requests"]
    assert not threading.Event().wait(0.01)
    assert len(said) == told


def test_a_standstill_and_short_work_are_silent() -> None:
    said: list[str] = []
    with beating(said.append, lambda: "same", interval=0.001):
        threading.Event().wait(0.02)
    with beating(said.append, lambda: str(len(said)), interval=60):
        pass
    assert said == []
