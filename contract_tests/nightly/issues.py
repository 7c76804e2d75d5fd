"""Which issues a drift report opens, updates, closes and opens again; nothing here talks to anybody.

An issue belongs to a finding by a mark in its text, so that its title may be edited. Only drift makes issues: a run
that was stopped, or had nothing to say, changes none; an issue is closed only when its operations were exercised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.drift import markdown

LABEL = "contract-drift"
# Runs that came to a verdict on the target: no drift, or drift. All others say nothing about what is open.
CONCLUSIVE = frozenset({0, 1})
# A fault of the suite is for its makers, not drift of the target.
NOT_DRIFT = frozenset({"unverified"})
LONGEST_TITLE = 120
LONGEST_BODY = 60_000
# More new ones in one night are one thing gone wrong, not many.
MOST_NEW = 20
MARK = re.compile(r"<!-- contract-finding ([0-9a-f]{12}) in ([\w ]*) -->")


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as the tracker has it; ``number`` is its name there."""

    number: int
    title: str
    body: str
    open: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One change: ``open``, ``update``, ``reopen`` or ``close``; ``comment`` is said with it, where not empty."""

    action: str
    fingerprint: str
    number: int | None
    title: str
    body: str
    comment: str = ""

    @property
    def shown(self) -> str:
        """A line for people."""
        where = f" #{self.number}" if self.number is not None else ""
        return f"{self.action}{where}: {self.title}"


def steps(report: Mapping[str, Any], issues: Iterable[Issue]) -> list[Step]:
    """What to do with the issues of a tracker after a run; nothing when the run came to no verdict."""
    if report["run"]["exit_code"] not in CONCLUSIVE:
        return []
    known = {mark[1]: (issue, mark[2].split()) for issue in issues if (mark := MARK.search(issue.body))}
    drift = {one["fingerprint"]: one for one in report["findings"] if one["severity"] not in NOT_DRIFT}
    found: list[Step] = []
    for fingerprint, finding in drift.items():
        issue = known[fingerprint][0] if fingerprint in known else None
        found += _for_finding(fingerprint, finding, issue)
    new = [one for one in found if one.action == "open"]
    found = [one for one in found if one not in new[MOST_NEW:]]
    exercised = {one["operation_id"] for one in report["operations"] if one["verified"]}
    for fingerprint, (issue, operations) in known.items():
        if issue.open and fingerprint not in drift and exercised.issuperset(operations):
            text = f"Not seen any more in the run of {report['run']['started']}."
            found.append(Step("close", fingerprint, issue.number, issue.title, issue.body, text))
    return found


def _for_finding(fingerprint: str, finding: Mapping[str, Any], issue: Issue | None) -> Iterator[Step]:
    title, body = _title(finding), _body(finding)
    if finding["known"]:
        if issue is not None and issue.open:
            text = f"Accepted as known drift until {finding['known']['expires']}."
            yield Step("close", fingerprint, issue.number, issue.title, issue.body, text)
    elif issue is None:
        yield Step("open", fingerprint, None, title, body)
    elif not issue.open:
        yield Step("reopen", fingerprint, issue.number, issue.title, body, "It is back.")
    elif issue.body.strip() != body.strip():
        yield Step("update", fingerprint, issue.number, issue.title, body)


def _title(finding: Mapping[str, Any]) -> str:
    place = f" {finding['pointer']}" if finding["pointer"] else ""
    title = _harmless(f"Drift: {finding['operations'][0]}{place}: {finding['kind']}")
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _body(finding: Mapping[str, Any]) -> str:
    """The report's section on the finding without the exchange, which is in the run's artefacts."""
    lines = list(markdown.section({**finding, "exchange": None}))
    text = _harmless("\n".join(lines))[:LONGEST_BODY]
    operations = " ".join(finding["operations"])
    return f"<!-- contract-finding {finding['fingerprint']} in {operations} -->\n{text}\n"


def _harmless(text: str) -> str:
    """Nobody is notified, and no comment begins or ends, by what a target has answered."""
    return text.replace("@", "@\u200b").replace("<!--", "<\u200b!--").replace("-->", "--\u200b>")
