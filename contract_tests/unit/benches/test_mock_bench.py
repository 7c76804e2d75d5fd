"""``bench mock``: the generator measures what it says, and every figure comes out, with Prism or without."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from contract_tests.description import load as description
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve
from scripts import npm
from scripts.benches import mock, servers
from scripts.benches.load import Load, drive, for_a_while, request
from scripts.errors import InputError


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """A mock on loopback."""
    with serve(create_app(description())) as address:
        yield address


def test_every_request_is_answered_once(base_url: str) -> None:
    content = request(base_url, "GET", "/messaging_profiles?page[size]=250")
    for connections in (1, 7, 60):
        found = drive(base_url, itertools.repeat(content, 50), connections)
        assert len(found.latencies) == 50
        assert 0 < max(found.latencies) <= found.seconds < 50 * max(found.latencies) + 1


def test_an_answer_that_is_no_success_ends_the_measurement(base_url: str) -> None:
    with pytest.raises(RuntimeError, match=r"HTTP/1\.1 404"):
        drive(base_url, itertools.repeat(request(base_url, "GET", "/nowhere"), 5), 2)


def test_a_slot_ends_in_time(base_url: str) -> None:
    found = drive(base_url, for_a_while(request(base_url, "GET", "/messaging_profiles"), 0.1), 4)
    assert 0.05 < found.seconds < 1


def test_quantiles_and_rate() -> None:
    found = Load(2.0, [number / 100 for number in range(100, 0, -1)])
    assert (found.rate, found.quantile(0.5), found.quantile(0.99), found.quantile(1.0)) == (50.0, 0.51, 1.0, 1.0)


def test_without_node_prism_is_left_out_with_the_reason_and_the_rest_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(npm, "available", lambda: False)
    monkeypatch.setattr(mock, "SLOT", 0.02)
    monkeypatch.setattr(mock, "RECORDS", 50)
    monkeypatch.setattr(mock, "MANY", 100)
    figures = {(one.name, one.yardstick): one for one in mock.bench_mock(1)}
    assert capsys.readouterr().err.startswith("Prism is left out: this machine has no Node with npm\n")
    wanted = {
        ("mock: GET requests a second", "bare answer"),
        ("mock: PATCH, p99", "its p50"),
        ("mock: 50: list, p50", "list of few"),
    }
    if servers.measurable():
        wanted |= {("mock: CPU until the first answer", "bare answer"), ("mock: memory after 100 more", "after 5,000")}
    assert wanted <= figures.keys()
    assert all(one.ratio > 0 and one.measured > 0 for one in figures.values())


def test_a_server_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "BARE", "raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="did not start"), servers.bare():
        pass


def test_a_prism_that_can_not_be_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(servers, "INSTALLED", servers.INSTALLED / "not there")
    with pytest.raises(InputError, match="need Node"), servers.prism():
        pass
