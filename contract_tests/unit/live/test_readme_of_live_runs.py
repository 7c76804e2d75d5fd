"""The README of live runs: its commands are commands, its tables name what there is, its units are units."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest

from contract_tests import options
from contract_tests.description import load
from contract_tests.live import ledger, policy
from scripts import sweep

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "contract_tests" / "live" / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found


def commands() -> list[list[str]]:
    """Every command of ours: typed, in the crontab and in the units."""
    texts = [line[2:] for block in blocks("console") for line in block.splitlines()]
    (cron,) = blocks("crontab")
    texts += re.search(r"sh -c '(.*)'", cron)[1].split(" && ")  # type: ignore[index]
    texts += [line.partition("=")[2] for block in blocks("ini") for line in block.splitlines() if "Exec" in line]
    found = [shlex.split(text) for text in texts]
    assert len(found) == 10
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_understood(command: list[str], tmp_path: Path) -> None:
    assert Path(command[0]).name == "python3"
    assert command[1:3] == ["-m", "scripts"]
    name, given = command[3], command[4:]
    if name == "sweep":
        sweep.parser().parse_args(given)
    else:
        assert name == "contract"
        assert options.parse([*given, "--report-dir", str(tmp_path)], load())


def test_the_timer_and_the_cron_line_run_when_the_workflow_does() -> None:
    service, timer = (configparser.ConfigParser(interpolation=None) for _ in range(2))
    service.read_string(blocks("ini")[0])
    timer.read_string(blocks("ini")[1])
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:41:00"
    assert blocks("crontab")[0].startswith("41 2 * * * ")
    assert 'cron: "41 2 * * *"' in (ROOT / ".github" / "workflows" / "nightly.yml").read_text(encoding="utf-8")


def test_every_key_of_the_policy_is_told() -> None:
    keys = set(policy.SCHEMA["properties"]) - {"version"}
    table = TEXT[TEXT.index("## The policy") : TEXT.index("## The ledger")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == keys
    for limit in policy.SCHEMA["properties"]["limits"]["required"]:
        assert f"`{limit}`" in table


def test_every_event_of_the_ledger_is_told() -> None:
    table = TEXT[TEXT.index("## The ledger") : TEXT.index("## What a live run")]
    told = {
        word
        for line in re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
        for word in re.findall(r"`(\S+)`", line)
    }
    written = {
        name
        for path in (ROOT / "contract_tests" / "live").glob("*.py")
        for name in re.findall(
            r'(?:_journal|ledger\.write|self\.write)\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")
        )
    }
    assert told == written | {"swept"}
    assert set(ledger._TOLD) <= told


def test_every_file_that_it_links_is_there() -> None:
    for name in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (README.parent / name).is_file(), name
