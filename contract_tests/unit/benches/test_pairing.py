"""Figures are ratios taken round by round, whoever goes first; a process is measured without this repository's help."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.benches import pairing
from scripts.benches.pairing import Lifetime


def test_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians() -> None:
    found = pairing.figure("a", "b", [1.0, 2.0, 9.0], [1.0, 4.0, 3.0])
    assert (found.ratio, found.least, found.greatest) == (1.0, 0.5, 3.0)
    assert (found.measured, found.against, found.unit) == (2000.0, 3000.0, "ms")


def test_other_units_are_shown_as_they_are() -> None:
    found = pairing.figure("memory", "b", [30.0], [20.0], unit="MiB")
    assert (found.measured, found.against) == (30.0, 20.0)
    assert found.line().split() == ["memory", "1.50", "x", "b", "(1.50-1.50;", "30", "MiB", "against", "20", "MiB)"]


def test_rounds_that_do_not_pair_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        pairing.figure("a", "b", [1.0, 2.0], [1.0])


def test_both_take_turns_after_a_warm_up_and_swap_who_goes_first() -> None:
    order: list[str] = []

    def run(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    found = pairing.pair("a", "b", lambda: run("a", 3.0), lambda: run("b", 2.0), 3)
    assert "".join(order) == "ab" + "ab" + "ba" + "ab"
    assert found.ratio == 1.5


def test_time_of_one_is_that_of_all_by_their_number() -> None:
    moments = iter([10.0, 16.0])
    done: list[int] = []
    assert pairing.timed(lambda: done.append(1), 3, clock=lambda: next(moments))() == 2.0
    assert len(done) == 3


def test_processes_are_paired_in_time_and_in_memory() -> None:
    seen: list[str] = []

    def life(name: str, seconds: float, peak: float) -> Lifetime:
        seen.append(name)
        return Lifetime(seconds, seconds / 8, peak)

    time, cpu, memory = pairing.lifetimes("p", lambda: life("a", 3.0, 30.0), lambda: life("b", 2.0, 20.0), 2)
    assert "".join(seen) == "ab" + "ba" + "ab"
    assert (time.ratio, time.measured, time.unit) == (1.5, 3000.0, "ms")
    assert (cpu.name, cpu.ratio, cpu.measured, cpu.unit) == ("p: CPU", 1.5, 375.0, "ms")
    assert (memory.name, memory.ratio, memory.measured, memory.unit) == ("p: peak memory", 1.5, 30.0, "MiB")


def test_a_process_has_its_paths_and_neither_settings_nor_the_command_line_of_httpx(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("value = 1\n")
    monkeypatch.setenv("TELNYX_API_KEY", "KEY_of_somebody")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    code = (
        "import os, only_here, sys\nassert only_here.value == 1\nassert sys.modules['httpx._main'] is None\n"
        "assert 'TELNYX_API_KEY' not in os.environ and 'SSL_CERT_FILE' not in os.environ\n"
    )
    found = pairing.lifetime(code, pairing.location(tmp_path))
    assert 0 < found.seconds < 60
    assert 0 < found.cpu < 60
    assert 1 < found.peak < 1000


@pytest.mark.skipif(sys.platform != "linux", reason="the high-water mark of one process is read from /proc")
def test_peak_is_what_the_process_held_at_most() -> None:
    little = pairing.lifetime("x = 0")
    much = pairing.lifetime("x = bytearray(50_000_000); x[::4096] = b'x' * len(x[::4096]); del x")
    assert much.peak - little.peak > 40


def test_a_process_that_waits_does_not_compute() -> None:
    found = pairing.lifetime("import time; time.sleep(0.5)")
    assert found.seconds > 0.5
    assert found.cpu < found.seconds - 0.4


def test_a_process_that_fails_is_no_figure() -> None:
    with pytest.raises(Exception, match="non-zero exit status"):
        pairing.lifetime("raise SystemExit(3)")
