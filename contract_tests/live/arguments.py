"""The part of the command line that is about live runs: what may be done, where it is written down, what it may cost.

Options only ever narrow what the committed policy allows.
"""

from __future__ import annotations

import argparse
import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from contract_tests.connections import CA_VARIABLE
from contract_tests.live import ledger, policy
from scripts.errors import InputError

KEY_VARIABLE = "TELNYX_API_KEY"
LONGEST_KEY = 4096
# What means something to a live run alone; the defaults stand in ``LiveOptions``.
ONLY_LIVE = (
    "writes",
    "negative_writes",
    "yes",
    "max_requests",
    "max_writes",
    "max_creations",
    "max_usd",
    "max_minutes",
)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What a live run was asked for; ceilings of None leave those of the policy and of the budget."""

    treat_as_live: bool = False
    writes: bool = False
    negative_writes: bool = False
    yes: bool = False
    policy: Path = policy.FILE
    ledger: Path = ledger.FOLDER
    api_key_file: Path | None = None
    ca_file: Path | None = None
    max_requests: int | None = None
    max_writes: int | None = None
    max_creations: int | None = None
    max_usd: Decimal | None = None
    max_minutes: float | None = None

    @property
    def ceilings(self) -> dict[str, Any]:
        """The ceilings by their names in the policy."""
        names = ("requests", "writes", "creations", "usd", "minutes")
        return {name: getattr(self, f"max_{name}") for name in names}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of a live run."""
    group = parser.add_argument_group("live runs (contract_tests/live/README.md)")
    add_target(group)
    group.add_argument("--writes", action="store_true", help="create, change and delete records of the run's own")
    group.add_argument(
        "--negative-writes", action="store_true", help="also send writes that break the schema; needs --writes"
    )
    for name, kind, text in (
        ("requests", _count, "requests"),
        ("writes", _count, "requests that write"),
        ("creations", _count, "records created"),
        ("usd", _money, "US dollars spent"),
        ("minutes", _minutes, "minutes"),
    ):
        group.add_argument(
            f"--max-{name}", type=kind, metavar="N", help=f"at most so many {text}; never above the policy"
        )


def add_target(group: Any) -> None:
    """Add what every command that talks to a live target takes."""
    group.add_argument(
        "--treat-as-live", action="store_true", help="guard a target on loopback as if it were the real API"
    )
    group.add_argument("--yes", action="store_true", help="do not ask before the run")
    group.add_argument("--policy", type=Path, default=policy.FILE, metavar="FILE", help="what a run may do")
    group.add_argument(
        "--ledger", type=Path, default=ledger.FOLDER, metavar="DIR", help="where runs keep their journals"
    )
    group.add_argument(
        "--api-key-file", type=Path, metavar="FILE", help=f"the key, instead of {KEY_VARIABLE}; readable by you alone"
    )
    group.add_argument("--ca-file", type=Path, metavar="FILE", help=f"certificates to trust, instead of {CA_VARIABLE}")


def of(raw: argparse.Namespace) -> LiveOptions:
    """The options as parsed; ``InputError`` for a combination that means nothing."""
    if getattr(raw, "negative_writes", False) and not raw.writes:
        raise InputError("--negative-writes without --writes", fix="add --writes")
    names = {name: getattr(raw, name) for name in LiveOptions.__slots__ if hasattr(raw, name)}
    return LiveOptions(**names)


def require_live(options: LiveOptions) -> None:
    """``InputError`` when an option is for live runs and this is none."""
    for name in ONLY_LIVE:
        if getattr(options, name) not in (None, False):
            flag = f"--{name.replace('_', '-')}"
            raise InputError(f"{flag} is for live runs", fix="leave it out, or add --treat-as-live")


def api_key(options: LiveOptions, environment: Mapping[str, str] = os.environ) -> str:
    """The key from the file or the environment, empty without one; ``InputError`` for a file that others can read."""
    file = options.api_key_file
    if file is None:
        return _checked(environment.get(KEY_VARIABLE, "").strip(), KEY_VARIABLE)
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise InputError("the key file is no regular file", file=file)
            if found.st_mode & 0o077:
                raise InputError("others can read the key file", file=file, fix=f"chmod 600 {file}")
            text = os.read(handle, LONGEST_KEY + 1).decode()
        finally:
            os.close(handle)
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"the key file cannot be read: {type(problem).__name__}", file=file) from problem
    key = _checked(text.strip(), str(file))
    if not key:
        raise InputError("the key file is empty", file=file)
    return key


def _checked(key: str, place: str) -> str:
    # The value is never shown, not even a wrong one.
    if len(key) > LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise InputError(f"{place} does not hold a key", fix="a key is one line of visible ASCII characters")
    return key


def trust(options: LiveOptions, environment: Mapping[str, str] = os.environ) -> tuple[ssl.SSLContext, str | None]:
    """The certificates to trust, and the file they come from if not the system's; ``InputError`` for a bad file."""
    named = str(options.ca_file) if options.ca_file else environment.get(CA_VARIABLE) or None
    try:
        return ssl.create_default_context(cafile=named), named
    except (OSError, ssl.SSLError) as problem:
        raise InputError(f"no certificates to trust: {problem}", file=named, fix="name a PEM file") from problem


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount")
    return amount


def _minutes(text: str) -> float:
    amount = float(_money(text))
    if not amount:
        raise argparse.ArgumentTypeError("a run needs some time")
    return amount
