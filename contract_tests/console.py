"""What a run shows while it goes on and at its end: progress on stderr, the result on stdout; plain when no terminal.

Colours are used on a terminal only, and never when ``NO_COLOR`` is set (https://no-color.org).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

from contract_tests.exercised import SHOWN_ERRORS

COLOURS = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}
SHOWN_MISSING = 5
# A summary fits one screen: so many operations and findings, and only commands that a person would type.
SHOWN_FINDINGS = 5
SHOWN_OPERATIONS = 20
SHOWN_COMMAND = 300
SEVERITY_COLOUR = {"breaking": "red", "degraded": "yellow", "additive": "yellow", "unverified": "dim"}


class Console:
    """Writes lines; ``elapsed`` is counted from its making, in seconds."""

    def __init__(
        self,
        out: TextIO | None = None,
        err: TextIO | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._environment = environment
        self._started = time.monotonic()
        # Takes secrets out of progress lines; a run sets it as soon as it knows its secrets.
        self.redact: Callable[[str], str] = str

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started

    def progress(self, text: str) -> None:
        """One line on stderr, with the time so far."""
        stamp = self._paint(f"{self.elapsed:5.1f} s", "dim", self._err)
        print(f"[contract] {stamp}  {self.redact(text)}", file=self._err, flush=True)

    def result(self, report: Mapping[str, Any]) -> None:
        """The table, the findings and the verdict, from the report as it was written."""
        operations = report["operations"]
        shown = _told(operations)
        sums = [] if len(shown) == len(operations) else [_sum(f"all {len(operations)}, see drift.md", operations)]
        for line in table([*shown, *sums]):
            self._print(line)
        self._print("")
        self._findings(report)
        if report.get("webhooks"):
            self._print(webhooks(report["webhooks"]))
        for reason in report["missing"][:SHOWN_MISSING]:
            self._print(f"not exercised: {reason}")
        if len(report["missing"]) > SHOWN_MISSING:
            self._print(f"not exercised: {len(report['missing']) - SHOWN_MISSING} more, see drift.md")
        run = report["run"]
        for reason in run["not_checked"]:
            self._print(f"not checked: {reason}")
        colour = "green" if run["exit_code"] == 0 else "red"
        self._print(self._paint(f"verdict: {run['exit_code']} {run['verdict']}", colour, self._out))

    def json(self, report: Mapping[str, Any]) -> None:
        """The report itself, on stdout."""
        self._print(json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False))

    def _findings(self, report: Mapping[str, Any]) -> None:
        """New ones first, as many as fit on a screen; known ones only as a number."""
        new = [one for one in report["findings"] if not one["known"]]
        known = f" ({len(report['findings']) - len(new)} known)" if len(new) < len(report["findings"]) else ""
        self._print(f"findings: {len(report['findings'])}{known}")
        for finding in new[:SHOWN_FINDINGS]:
            self._finding(finding)
        if len(new) > SHOWN_FINDINGS:
            self._print(f"  … and {len(new) - SHOWN_FINDINGS} more in drift.md")
        for entry in report["stale_known"]:
            self._print(f"known drift {entry['id']} {entry['why']}: {entry['reason']} ({entry['place']})")

    def _finding(self, finding: Mapping[str, Any]) -> None:
        colour = SEVERITY_COLOUR[finding["severity"]]
        self._print(f"  {self._paint(finding['severity'], colour, self._out)}  {finding['headline']}")
        times = f" (seen {finding['occurrences']} times)" if finding["occurrences"] > 1 else ""
        self._print(f"      fix: {finding['advice']}{times}")
        command = finding["curl"].rpartition("\n")[2]
        if command and len(command) <= SHOWN_COMMAND and command == finding["curl"]:
            self._print(f"      {command}")
        elif command:
            self._print(f"      to see it again: drift.md, id {finding['fingerprint']}")

    def _print(self, text: str) -> None:
        # A terminal that cannot show a character gets a replacement: a report must not end in a UnicodeEncodeError.
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=self._out, flush=True)

    def _paint(self, text: str, colour: str, stream: TextIO) -> str:
        if self._environment.get("NO_COLOR") or not stream.isatty():
            return text
        return f"\033[{COLOURS[colour]}m{text}\033[0m"


def _told(operations: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The operations that a summary shows: of too many those first that have findings or no 2xx."""
    if len(operations) <= SHOWN_OPERATIONS:
        return list(operations)
    return sorted(operations, key=lambda one: (-one["findings"], _accepted(one) > 0))[:SHOWN_OPERATIONS]


def _sum(name: str, operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A row of what all operations come to; a finding counts in each operation that shows it."""
    verified = Counter[str]()
    for operation in operations:
        verified.update(operation["verified"])
    counts = {key: sum(one[key] for one in operations) for key in ("requests", "findings")}
    return {"operation_id": name, "verified": verified, **counts}


def _accepted(operation: Mapping[str, Any]) -> int:
    return sum(count for status, count in operation["verified"].items() if status.startswith("2"))


def webhooks(told: Sequence[Mapping[str, Any]]) -> str:
    """How many of the described webhooks were seen, and which were not."""
    unseen = [one["name"] for one in told if not one["events"]]
    line = f"webhooks: {len(told)} described, {len(told) - len(unseen)} seen"
    return f"{line}; not {', '.join(unseen)}" if 0 < len(unseen) < len(told) else line


def table(operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line per operation: requests, checked 2xx, checked refusals by status, findings."""
    heads = ["operation", "requests", "2xx", *map(str, SHOWN_ERRORS), "other 4xx", "findings"]
    rows = [heads]
    for operation in operations:
        verified = {int(status): count for status, count in operation["verified"].items()}
        accepted = sum(count for status, count in verified.items() if 200 <= status < 300)
        others = sum(n for status, n in verified.items() if 400 <= status < 500 and status not in SHOWN_ERRORS)
        cells = [operation["requests"], accepted, *(verified.get(status, 0) for status in SHOWN_ERRORS), others]
        rows.append([operation["operation_id"], *map(str, cells), str(operation["findings"])])
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
