"""What a live run did to its target, for the report folder: ``live.json`` for programs, ``live.md`` for people.

Nothing secret is in it: no request or answer, only counts, addresses that were refused, and records of the run's own.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests.live.gate import Gate
from contract_tests.live.tidying import Tidied
from scripts.errors import InputError

FORMAT = 1
NAMES = ("live.json", "live.md")


def of(gate: Gate, tidied: Tidied, tried: list[str]) -> dict[str, Any]:
    """The statement of a run that has put everything back; ``tried`` are connections outside of the gate."""
    spent, limits = gate.allowance, gate.allowance.limits
    created = gate.estate.created.values()
    loans = gate.estate.changed
    return {
        "format": FORMAT,
        "run": gate.ledger.run_id,
        "target": gate.base_url,
        "writes": gate.terms.writes,
        "created": len(created),
        "deleted": sum(one.deleted for one in created),
        "changed": len(loans),
        "restored": sum(one.restored for one in loans),
        "left": list(tidied.left),
        "notes": list(tidied.notes),
        "refused": dict(sorted(gate.refusals.items())),
        "refusals": {_address(request): reason for request, reason in gate.refused.items()},
        "connections_outside": list(tried),
        "suspicions": list(gate.estate.suspicions),
        "account_limits": dict(gate.account_limits),
        "stopped": gate.exhausted or gate.writing_stopped,
        "not_sent": {
            one.operation_id: reason
            for one in gate.terms.description.operations
            if (reason := gate.terms.out_of_scope(one)) is not None
        },
        "spent": {
            "requests": [spent.requests, limits.requests],
            "writes": [spent.writes, limits.writes],
            "creations": [spent.creations, limits.creations],
            "usd": [str(spent.usd), str(limits.usd)],
            "people": [spent.people, limits.people],
            "minutes": [round(spent.minutes, 2), limits.minutes],
        },
        "waited_seconds": round(gate.pace.waited, 1),
    }


def _address(request: str) -> str:
    """A refused request without its query: generated values are nobody's business."""
    method, _, url = request.partition(" ")
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.hostname}{parts.path}"


def lines(statement: Mapping[str, Any]) -> Iterator[str]:
    """The statement for people, one line for each thing that happened."""
    yield f"created {statement['created']}, deleted {statement['deleted']}"
    yield f"changed {statement['changed']}, restored {statement['restored']}"
    spent = {name: f"{used} of {limit}" for name, (used, limit) in statement["spent"].items()}
    yield "spent: " + ", ".join(f"{text} {name}" for name, text in spent.items())
    refused = sum(statement["refused"].values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in statement["refused"].items())
    yield f"requests kept back: {refused}" + (f" ({kinds})" if kinds else "")
    for title, key in (
        ("LEFT BEHIND", "left"),
        ("left alone", "notes"),
        ("the target is not to be trusted", "suspicions"),
        ("a client outside of the gate tried to connect", "connections_outside"),
    ):
        yield from (f"{title}: {one}" for one in statement[key])
    for operation, reason in statement["account_limits"].items():
        yield f"limit of the account, not drift: {operation}: {reason}"
    if statement["stopped"]:
        yield f"stopped: {statement['stopped']}"


def write(folder: Path, statement: Mapping[str, Any], redact: Callable[[str], str] = str) -> None:
    """Put both files into ``folder``, or ``InputError``; earlier ones are replaced whole.

    ``redact`` takes the key out of what a target has said.
    """
    rows = [f"- {line}" for line in lines(statement)]
    markdown = "\n".join([f"## What the run did to {statement['target']}", "", *rows, ""])
    texts = (json.dumps(statement, ensure_ascii=False, indent=2) + "\n", markdown)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as place:
            for name, text in zip(NAMES, texts, strict=True):
                (Path(place) / name).write_text(redact(text), encoding="utf-8", errors="backslashreplace")
            for name in NAMES:
                (Path(place) / name).replace(folder / name)
    except OSError as problem:
        raise InputError(f"cannot write the reports: {problem}", file=folder) from problem
