"""The committed file that says what a live run may do: opt-ins by operation, owned records, recipients, ceilings.

``contract_tests/live/README.md`` documents the file. Everything in it is checked against the description, so that a
misspelt operation or collection is an error and not a permission that never applies.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.description import Description
from scripts.errors import InputError
from scripts.pipeline.load import Source, read

FILE = Path(__file__).with_name("policy.yaml")
READ = "read"
WRITE = "write"
# Each of these needs an opt-in of its own for each operation.
GRAVE = ("costs", "contacts-people", "irreversible")
_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
_MONEY = {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,6})?$"}
_COUNT = {"type": "integer", "minimum": 0}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "limits"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "allow": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["operation", "effects", "reason"],
                "additionalProperties": False,
                "properties": {
                    "operation": {"type": "string"},
                    "effects": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(GRAVE)}},
                    "usd_per_request": _MONEY,
                    "reason": {"type": "string", "minLength": 15},
                },
            },
        },
        "owned": {"type": "object", "additionalProperties": _TEXTS},
        "recipients": _TEXTS,
        "keep": _TEXTS,
        "absent": _TEXTS,
        "limits": {
            "type": "object",
            "additionalProperties": False,
            "required": ["requests", "writes", "creations", "usd", "people", "minutes"],
            "properties": {
                "requests": _COUNT,
                "writes": _COUNT,
                "creations": _COUNT,
                "usd": _MONEY,
                "people": _COUNT,
                "minutes": {"type": "number", "exclusiveMinimum": 0},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class OptIn:
    """What one operation may do beyond reading and free, reversible writing; ``usd`` is the most that a call costs."""

    effects: frozenset[str]
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard ceilings of one run; ``people`` counts requests that contact somebody, ``minutes`` is wall-clock time."""

    requests: int
    writes: int
    creations: int
    usd: Decimal
    people: int
    minutes: float

    def lowered(self, **wanted: Any) -> Limits:
        """The same with lower ceilings; None and what is higher than the policy's leave it as it is."""
        lower = {name: min(value, getattr(self, name)) for name, value in wanted.items() if value is not None}
        return replace(self, **lower)


@dataclass(frozen=True, slots=True)
class Policy:
    """The file as read; ``owned`` maps a collection to the addresses of its records that may be changed.

    ``absent`` names the collections, and the lists by operationId, of which the account has nothing to show.
    """

    file: Path
    opt_ins: Mapping[str, OptIn]
    owned: Mapping[str, frozenset[str]]
    recipients: frozenset[str]
    keep: frozenset[str]
    limits: Limits
    absent: frozenset[str] = frozenset()

    def opted_in(self, operation_id: str, effect: str) -> bool:
        """Whether an operation may have this effect."""
        return operation_id in self.opt_ins and effect in self.opt_ins[operation_id].effects

    def price(self, operation_id: str) -> Decimal:
        """The most that one call may cost, in US dollars."""
        return self.opt_ins[operation_id].usd if operation_id in self.opt_ins else Decimal(0)


def load(description: Description, file: Path = FILE) -> Policy:
    """The policy in ``file``; ``InputError`` with line and pointer for what is misspelt, unknown or out of place."""
    source = read(file)
    problem = next(iter(jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(source.contents)), None)
    if problem is not None:
        pointer = "".join(f"/{part}" for part in problem.instance_path)
        raise source.error(problem.message, pointer, fix="contract_tests/live/README.md lists the keys")
    for pointer, message, fix in _misfits(source, description):
        raise source.error(message, pointer, fix=fix)
    raw = source.contents
    allow = raw.get("allow", [])
    return Policy(
        file=file,
        opt_ins={
            one["operation"]: OptIn(frozenset(one["effects"]), Decimal(one.get("usd_per_request", "0")))
            for one in allow
        },
        owned={name: frozenset(keys) for name, keys in raw.get("owned", {}).items() if keys},
        recipients=frozenset(raw.get("recipients", ())),
        keep=frozenset(raw.get("keep", ())),
        limits=Limits(**{**raw["limits"], "usd": Decimal(raw["limits"]["usd"])}),
        absent=frozenset(raw.get("absent", ())),
    )


def _misfits(source: Source, description: Description) -> Iterator[tuple[str, str, str]]:
    """What the description does not know, as pointer, message and fix."""
    seen: set[str] = set()
    for number, one in enumerate(source.contents.get("allow", [])):
        place, name = f"/allow/{number}", one["operation"]
        if name not in description.by_id:
            yield f"{place}/operation", f"there is no operation {name!r}", "write an operationId of the description"
            continue
        if name in seen:
            yield f"{place}/operation", f"{name} stands twice", "join the two entries"
        seen.add(name)
        if "costs" in one["effects"] and "usd_per_request" not in one:
            yield place, "what costs money needs usd_per_request", "write the most that one call costs"
    for collection in source.contents.get("owned", {}):
        if collection not in description.collections:
            known = ", ".join(description.collections)
            yield f"/owned/{collection}", f"there is no collection {collection!r}", f"choose from {known}"
    for number, name in enumerate(source.contents.get("absent", ())):
        operation = description.by_id.get(name)
        listed = description.with_action(name, "list") if operation is None else (operation,)
        if operation is None and name not in description.collections:
            yield f"/absent/{number}", f"there is no collection or list {name!r}", "write a name of the description"
        elif not any(one.resource is not None and one.resource.action == "list" for one in listed):
            yield f"/absent/{number}", f"no list could confirm that there are no {name}", "leave it out"


def require_committed(file: Path) -> None:
    """``InputError`` unless ``file`` is in git as it stands: what a live run may do is decided in review.

    Asked for targets off loopback only; a stand-in on this machine harms nobody.
    """
    # The file that is read is the one that counts, whatever links lead to it; its contents are compared, since
    # `git status` can be told to say nothing about a file.
    real = file.resolve()
    folder = str(real.parent)
    committed = _git(folder, "rev-parse", "--verify", "--quiet", f"HEAD:./{real.name}")
    if committed is None or _git(folder, "hash-object", "--", real.name) != committed:
        raise InputError(
            "the policy is not committed as it stands, so nobody reviewed what the run may do",
            file=file,
            fix="commit it, or leave --policy out",
        )


def _git(folder: str, *arguments: str) -> str | None:
    """What git says; None when it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
