"""The command line of live runs: keys from files that nobody else reads, certificates, amounts."""

from __future__ import annotations

import argparse
import os
import ssl
from decimal import Decimal
from pathlib import Path

import pytest

from contract_tests import options
from contract_tests.description import load
from contract_tests.live import arguments
from contract_tests.live.arguments import LiveOptions
from contract_tests.options import Options
from scripts.errors import InputError

KEY = "KEY_in_a_file_marker"


def parse(folder: Path, *given: str) -> Options:
    return options.parse(["--report-dir", str(folder), *given], load())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "key"
    made.write_text(f"{KEY}\n", encoding="utf-8")
    made.chmod(0o600)
    return made


def test_the_key_comes_from_a_file_or_the_environment(file: Path) -> None:
    assert arguments.api_key(LiveOptions(api_key_file=file), {"TELNYX_API_KEY": "KEY_other"}) == KEY
    assert arguments.api_key(LiveOptions(), {"TELNYX_API_KEY": " KEY_other "}) == "KEY_other"
    assert arguments.api_key(LiveOptions(), {}) == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666])
def test_a_key_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(InputError, match="others can read") as caught:
        arguments.api_key(LiveOptions(api_key_file=file))
    assert KEY not in caught.value.render()


@pytest.mark.parametrize("text", ["", "\n", "two\nlines", "with space", "k\x00y", "schlüssel", "k" * 5000])
def test_what_is_no_key_is_refused_and_not_shown(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        arguments.api_key(LiveOptions(api_key_file=file))
    assert text.strip() == "" or text not in caught.value.render()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "none", tmp_path / "pipe"):
        with pytest.raises(InputError):
            arguments.api_key(LiveOptions(api_key_file=path))


def test_no_option_takes_a_key(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        parse(tmp_path, "--api-key", KEY)
    with pytest.raises(SystemExit):
        parse(tmp_path, "--token", KEY)


def test_certificates_come_from_a_file_or_from_the_system(tmp_path: Path) -> None:
    context, named = arguments.trust(LiveOptions(), {})
    assert (context.verify_mode, context.check_hostname, named) == (ssl.CERT_REQUIRED, True, None)
    (tmp_path / "bad.pem").write_text("no certificate")
    for live, environment in (
        (LiveOptions(ca_file=tmp_path / "none"), {}),
        (LiveOptions(ca_file=tmp_path / "bad.pem"), {}),
        (LiveOptions(), {"SSL_CERT_FILE": str(tmp_path / "none")}),
    ):
        with pytest.raises(InputError, match="certificates"):
            arguments.trust(live, environment)


def test_amounts_are_read_as_written(tmp_path: Path) -> None:
    given = ["--treat-as-live", "--writes", "--max-requests", "240", "--max-usd", "1.50", "--max-minutes", "0.5"]
    live = parse(tmp_path, *given).live
    assert live.ceilings == {"requests": 240, "writes": None, "creations": None, "usd": Decimal("1.50"), "minutes": 0.5}


@pytest.mark.parametrize(
    "given",
    [
        ["--max-requests", "-1"],
        ["--max-requests", "1.5"],
        ["--max-usd", "much"],
        ["--max-usd", "-1"],
        ["--max-usd", "NaN"],
        ["--max-minutes", "0"],
        ["--max-minutes", "inf"],
    ],
)
def test_what_is_no_amount_is_wrong_usage(tmp_path: Path, given: list[str]) -> None:
    with pytest.raises(SystemExit):
        parse(tmp_path, *given)


def test_negative_writes_are_writes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without --writes"):
        parse(tmp_path, "--treat-as-live", "--negative-writes")


@pytest.mark.parametrize("given", [["--workers", "2"], ["--shard", "1/2"]])
def test_a_live_run_is_not_split(tmp_path: Path, given: list[str]) -> None:
    for target in (["--treat-as-live"], ["--target", "live"], ["--target", "https://api.example.com/v2"]):
        with pytest.raises(InputError, match="not split"):
            parse(tmp_path, *given, *target)


def test_the_help_of_live_runs_names_no_default_that_spends() -> None:
    parser = argparse.ArgumentParser()
    arguments.add(parser)
    defaults = arguments.of(parser.parse_args([]))
    assert (defaults.writes, defaults.negative_writes, defaults.yes, defaults.treat_as_live) == (False,) * 4
