"""Operations × checks: for each operation how each group of checks ended, from the findings of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Title of a column and the beginnings of the kinds that it stands for; the first column that fits takes a kind.
COLUMNS = (
    ("Status", ("undocumented-status", "server-error", "no-answer", "wrong-refusal", "valid-request-refused")),
    ("Body", ("response-", "content-type", "field-", "repeated-")),
    ("Errors", ("error-", "refusal-")),
    ("Headers", ("header-", "allow-header")),
    ("Credentials", ("wrong-token", "missing-token", "right-token")),
    (
        "Requests",
        ("invalid-", "wrong-request", "unknown-", "undocumented-method", "method-", "empty-update", "required-"),
    ),
    (
        "Writing",
        (
            "value-",
            "left-out-",
            "object-",
            "ignored-",
            "default-",
            "first-",
            "null-",
            "empty-string",
            "read-only",
            "unrelated-",
            "updated-",
            "time-",
            "new-",
        ),
    ),
    ("Lists", ("list", "filter-", "page", "pages", "child-", "no-list", "sort", "computed-")),
    (
        "Records",
        (
            "deleted-",
            "use-after",
            "created-",
            "deletion-",
            "reference-",
            "generated-",
            "read-changes",
            "no-record",
            "creation-",
        ),
    ),
    ("Package", ("package-",)),
    ("Webhooks", ("webhook-",)),
    ("Time", ("latency", "slow")),
)
OTHERS = "Others"
# What only good answers tell anything about.
OF_GOOD_ANSWERS = frozenset({"Body", "Writing", "Lists", "Records"})
SEVERITIES = ("breaking", "degraded", "additive", "unverified")


@dataclass(frozen=True, slots=True)
class Cell:
    """``severity`` of the gravest finding, or ``fine``, or ``unseen`` where no answer was judged."""

    severity: str
    findings: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the cell shows."""
        return {"fine": "✓", "unseen": "–"}.get(self.severity, str(len(self.findings)))


def columns(report: Mapping[str, Any]) -> list[str]:
    """The titles of the columns; the last one is only there when a finding needs it."""
    titles = [title for title, _ in COLUMNS]
    return [*titles, OTHERS] if any(column(one["kind"]) == OTHERS for one in report["findings"]) else titles


def column(kind: str) -> str:
    """The column of a kind."""
    return next((title for title, beginnings in COLUMNS if kind.startswith(beginnings)), OTHERS)


def rows(report: Mapping[str, Any]) -> list[tuple[str, list[Cell]]]:
    """Each operation with its cells, in the order of ``columns``."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for finding in report["findings"]:
        for operation in finding["operations"]:
            found.setdefault((operation, column(finding["kind"])), []).append(finding)
    titles = columns(report)
    return [
        (
            one["operation_id"],
            [_cell(found.get((one["operation_id"], title), []), _looked(one, title)) for title in titles],
        )
        for one in report["operations"]
    ]


def _looked(operation: Mapping[str, Any], title: str) -> bool:
    """Whether there were answers that a group of checks could judge."""
    judged = title not in OF_GOOD_ANSWERS or any(status.startswith("2") for status in operation["statuses"])
    return bool(operation["requests"]) and judged


def _cell(findings: list[Mapping[str, Any]], looked: bool) -> Cell:
    if not findings:
        return Cell("fine" if looked else "unseen", ())
    gravest = min((one["severity"] for one in findings), key=SEVERITIES.index)
    return Cell(gravest, tuple(one["fingerprint"] for one in findings))
