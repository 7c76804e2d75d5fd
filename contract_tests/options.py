"""The command line of ``python3 -m scripts contract``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests import sharding
from contract_tests.budget import BUDGETS, Budget, named
from contract_tests.description import ROOT, Description
from contract_tests.drift import history, known
from contract_tests.exit_codes import ExitCode
from contract_tests.live import arguments as live_arguments
from contract_tests.live.arguments import LiveOptions
from contract_tests.target import is_live
from scripts.errors import InputError

LARGEST_PORT = 65535
REPORTS = ROOT / "contract_tests" / "reports" / "latest"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for; ``plant`` and ``rate_limit`` concern the mock that the run starts itself.

    ``webhook_url`` leads from the target to ``webhook_port`` of this machine.
    """

    target: str
    budget: Budget
    seed: int
    report_dir: Path
    only: frozenset[str]
    plant: tuple[str, ...]
    rate_limit: int | None
    json: bool
    shard: tuple[int, int] | None = None
    workers: int = 1
    known: Path = known.FILE
    history: Path | None = None
    webhook_url: str | None = None
    webhook_port: int = 0
    live: LiveOptions = field(default_factory=LiveOptions)


def parser() -> argparse.ArgumentParser:
    """The arguments, and what the exit codes mean."""
    made = argparse.ArgumentParser(
        prog="python3 -m scripts contract",
        description="Hold a target to the description: its own mock, a server on this machine, or the real API. "
        "Progress goes to stderr; stdout has one line per operation, then one line 'findings: N' with each finding "
        "below it, one line on webhooks where there are any, and one line 'verdict: CODE …'.",
        epilog="exit codes:\n" + "\n".join(f"  {code.value}  {code.meaning}" for code in ExitCode),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # `--api-key KEY` must not be taken for `--api-key-file KEY` and be shown as a file that is missing.
        allow_abbrev=False,
    )
    made.add_argument(
        "--target",
        default="mock",
        metavar="mock|live|URL",
        help="mock (default): start one on a free port; live: the real API; or an address such as "
        "http://127.0.0.1:8080/v2; the token comes from TELNYX_API_KEY",
    )
    made.add_argument(
        "--budget", default="standard", metavar="|".join(BUDGETS), help="how much to send (default: standard)"
    )
    made.add_argument(
        "--seed", type=_seed, default=1, metavar="N", help="what every random choice derives from (default: 1)"
    )
    made.add_argument(
        "--report-dir",
        type=_folder,
        default=REPORTS,
        metavar="DIR",
        help=f"receives drift.html, drift.json, drift.md and junit.xml (default: {REPORTS.relative_to(ROOT)})",
    )
    made.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="OPERATION_ID", help="exercise these operations only"
    )
    made.add_argument(
        "--plant",
        nargs="+",
        action="extend",
        default=[],
        metavar="FAULT",
        help="plant faults in the own mock; `python3 -m scripts mock --help` lists them",
    )
    made.add_argument(
        "--rate-limit", type=_positive, metavar="N", help="requests per operation and minute of the own mock"
    )
    made.add_argument(
        "--known",
        type=_folder,
        default=known.FILE,
        metavar="FILE",
        help=f"known drift, which does not fail the run (default: {known.FILE.relative_to(ROOT)})",
    )
    made.add_argument(
        "--history",
        type=_folder,
        metavar="FILE",
        help=f"record the run in this SQLite file (default: {history.FILE.relative_to(ROOT)} for reports that lie "
        "beside it, else none)",
    )
    made.add_argument(
        "--shard",
        metavar="I/N",
        help="exercise the I-th of N shares of the operations; `python3 -m scripts drift merge` joins the reports",
    )
    made.add_argument(
        "--workers",
        type=_positive,
        default=1,
        metavar="N",
        help="processes, each with its share of the operations (default: 1)",
    )
    made.add_argument(
        "--prove",
        action="store_true",
        help="plant every drift of the mock and lay every trap instead, to see that the suite finds the former and "
        "nothing else (--prove --help shows its options)",
    )
    made.add_argument(
        "--webhook-url",
        metavar="URL",
        help="an address that the target can reach and that forwards to --webhook-port here, to judge the webhooks of "
        "a target without controls; TELNYX_PUBLIC_KEY checks their signatures",
    )
    made.add_argument(
        "--webhook-port", type=_positive, metavar="PORT", help="the port on loopback that --webhook-url forwards to"
    )
    made.add_argument("--json", action="store_true", help="print drift.json on stdout instead of the table")
    live_arguments.add(made)
    return made


def parse(arguments: Sequence[str], description: Description) -> Options:
    """The options in ``arguments``; ``InputError`` for values that mean nothing to ``description``."""
    raw = parser().parse_args(list(arguments))
    unknown = sorted(set(raw.only) - description.by_id.keys())
    if unknown:
        known = ", ".join(description.by_id)
        raise InputError(f"--only: there is no operation {unknown[0]!r}", fix=f"choose from {known}")
    if raw.target != "mock" and (raw.plant or raw.rate_limit):
        raise InputError("--plant and --rate-limit are for the run's own mock", fix="leave them out, or --target mock")
    if (raw.workers > 1 or raw.shard) and is_live(raw.target, treat_as_live=raw.treat_as_live):
        raise InputError(
            "a live run is not split: it has one budget and one ledger", fix="leave --workers and --shard out"
        )
    _check_webhooks(raw)
    _check_writable(raw.report_dir)
    return Options(
        target=raw.target,
        budget=named(raw.budget),
        seed=raw.seed,
        report_dir=raw.report_dir,
        only=frozenset(raw.only),
        plant=tuple(raw.plant),
        rate_limit=raw.rate_limit,
        json=raw.json,
        shard=_shard(raw, description),
        workers=raw.workers,
        known=raw.known,
        history=raw.history,
        webhook_url=raw.webhook_url,
        webhook_port=raw.webhook_port or 0,
        live=live_arguments.of(raw),
    )


def _check_webhooks(raw: argparse.Namespace) -> None:
    """``InputError`` for an address to which no webhook could be sent, or half of what is needed."""
    if raw.webhook_url is None and raw.webhook_port is None:
        return
    if raw.webhook_url is None or raw.webhook_port is None:
        raise InputError("--webhook-url and --webhook-port belong together", fix="give both, or none")
    if raw.webhook_port > LARGEST_PORT:
        raise InputError("--webhook-port is no port", fix=f"write a number from 1 to {LARGEST_PORT}")
    parts = urlsplit(raw.webhook_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise InputError("--webhook-url is no http address", fix="write scheme, host and path, nothing more")
    if raw.workers > 1:
        raise InputError("one port receives webhooks for one process", fix="leave --workers out")


def _shard(raw: argparse.Namespace, description: Description) -> tuple[int, int] | None:
    if raw.shard is None:
        return None
    if raw.workers > 1:
        raise InputError("--shard and --workers both split the run", fix="give one of them")
    number, of = sharding.parse(raw.shard)
    sharding.share(description, number, of, frozenset(raw.only))
    return number, of


def _check_writable(folder: Path) -> None:
    """``InputError`` when reports could not be put there; nothing is left behind, nor made already.

    Said before anything is sent: a run of minutes must not end in a report that cannot be written.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError("--report-dir is a file", file=folder, fix="name a folder")
        there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        with tempfile.TemporaryDirectory(prefix=".trying-", dir=there):
            pass
    except (OSError, ValueError) as problem:
        raise InputError(f"--report-dir cannot be written to: {problem}", fix="name another folder") from problem


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(text)


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: write a whole number from 0 to 999999999")
    return int(text)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is too few or no number: write 1 or more")
    return int(text)
