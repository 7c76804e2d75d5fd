"""``python3 -m scripts sweep``: find what earlier live runs left behind, and delete it when told to."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from contract_tests import target as targets
from contract_tests.console import Console
from contract_tests.description import load
from contract_tests.live import arguments, sweep
from contract_tests.live.refusal import Refused
from contract_tests.live.supervision import Supervision, opened
from contract_tests.live.sweep import OLDEST_RUN, Search
from contract_tests.live.tidying import Tidied
from scripts.errors import InputError

CLEAN, LEFT, UNREACHABLE = 0, 1, 3


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog="python3 -m scripts sweep",
        description="Find what earlier live runs left behind: records that carry a run's mark in their names, and "
        "records of the policy that were changed and not put back. Without --yes it only shows them.",
        epilog="exit codes:\n  0  nothing is left\n  1  something is left\n  2  wrong usage or configuration\n"
        "  3  the target could not be asked",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # see contract_tests/options.py
    )
    made.add_argument("--target", default="live", metavar="live|URL", help="where to look (default: live)")
    made.add_argument(
        "--keep",
        nargs="+",
        action="extend",
        default=[],
        metavar="ID|NAME",
        help="leave these ids or beginnings of names",
    )
    made.add_argument(
        "--recent",
        action="store_true",
        help=f"also what runs younger than {OLDEST_RUN.seconds // 3600} h left whose ledger is not here; "
        "only when you know that none is going on",
    )
    made.add_argument("--json", action="store_true", help="print what was found as JSON on stdout")
    arguments.add_target(made)
    return made


def main(given: Sequence[str]) -> int:
    """Look, and with ``--yes`` delete; the exit codes are listed by ``--help``."""
    raw = parser().parse_args(list(given))
    options, description, console = replace(arguments.of(raw), writes=raw.yes), load(), Console()
    target = targets.parse(
        raw.target,
        live_url=str(description.document["servers"][0]["url"]),
        key=arguments.api_key(options),
        treat_as_live=True,
    )
    if target.base_url is None:
        raise InputError("a mock that a run starts is gone with its run", fix="name the address of a server")
    with opened(options, target, target.base_url, description, "nightly", console.progress) as made_ready:
        # Names come from the target: they may hold the key, or what moves a terminal's cursor.
        console.redact = lambda text: _printable(made_ready.redact(text))
        return _sweep(made_ready, raw, console)


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _sweep(outlet: Supervision, raw: argparse.Namespace, console: Console) -> int:
    gate, policy = outlet.gate, outlet.gate.terms.policy
    youngest = timedelta(0) if raw.recent else OLDEST_RUN
    done = Tidied()
    try:
        found = sweep.search(gate, raw.ledger, keep=[*raw.keep, *policy.keep], youngest=youngest)
        _show(found, console)
        if raw.yes and (found.leftovers or found.dead):
            done = sweep.sweep(gate, found)
        pruned = sweep.prune(gate, raw.ledger, found) if raw.yes and not done.left else 0
    except Refused as refusal:
        console.progress(f"could not look: {refusal.reason}")
        return UNREACHABLE
    for line in done.left:
        console.progress(f"still there: {line}")
    for line in done.notes:
        console.progress(line)
    if pruned:
        console.progress(f"removed {pruned} ledgers, {sweep.AGED.days} days old or older, of runs that left nothing")
    if raw.json:
        print(outlet.redact(json.dumps(_facts(found, done, pruned), indent=2)))
    elif raw.yes:
        print(f"deleted {done.deleted}, restored {done.restored}, still there {len(done.left)}")
    else:
        print(f"found {len(found.leftovers)}, kept {len(found.kept)}; nothing was changed (--yes deletes)")
    sys.stdout.flush()
    return LEFT if done.left or (found.leftovers and not raw.yes) else CLEAN


def _show(found: Search, console: Console) -> None:
    for one in found.leftovers:
        console.progress(f"left: {one.shown}")
    for one, reason in found.kept:
        console.progress(f"kept: {one.shown}: {reason}")


def _facts(found: Search, done: Tidied, pruned: int) -> dict[str, object]:
    return {
        "leftovers": [one.shown for one in found.leftovers],
        "kept": {one.shown: reason for one, reason in found.kept},
        "deleted": done.deleted,
        "restored": done.restored,
        "left": done.left,
        "ledgers_removed": pruned,
    }
