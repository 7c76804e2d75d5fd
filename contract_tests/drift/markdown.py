"""The drift report for people: the same facts as ``drift.json``, as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

COLUMNS = ("operation", "requests", "checked answers by status", "findings")
# Operations in a heading, and places in a list, before the rest is counted.
NAMED = 2
PLACES = 12
# Findings that are told in full: what comes after them would bury the rest, and no service shows megabytes.
TOLD = 50


def render(report: Mapping[str, Any]) -> str:
    """The whole document, ending in a newline."""
    run, counts = report["run"], report["counts"]
    lines = [
        f"# Drift report: exit code {run['exit_code']}",
        "",
        run["verdict"].capitalize() + ".",
        "",
        f"- Target: `{run['target']}` at {run['base_url']}, budget {run['budget']}, seed {run['seed']}",
        f"- Started {run['started']}, took {run['duration_seconds']} s, sent {counts['requests']} requests",
        f"- Description: {run['description']['title']} {run['description']['version']}",
        f"- Its sha256: `{run['description']['sha256']}`",
    ]
    if run["only"]:
        lines.append(f"- Restricted to {', '.join(run['only'])}")
    if run["planted"]:
        lines.append(f"- Planted in the mock: {', '.join(run['planted'])}")
    lines += [f"- Not checked: {_inline(reason)}" for reason in run["not_checked"]]
    if run["start_again"]:
        lines += ["- To send a command below, start the same mock again, with any text in TELNYX_API_KEY:", ""]
        lines += _block("sh", run["start_again"])
    known = f" ({counts['known']} known)" if counts["known"] else ""
    lines += ["", f"## Findings: {counts['findings']}{known}", ""]
    for finding in report["findings"][:TOLD]:
        lines += section(finding)
    lines += _briefly(report["findings"][TOLD:])
    if report["stale_known"]:
        lines += ["## Known drift that is out of date", "", *map(_stale, report["stale_known"]), ""]
    lines += ["## Operations", "", *_table(report), ""]
    if report.get("webhooks"):
        lines += ["## Webhooks", "", *_webhooks(report), ""]
    if report["missing"]:
        lines += ["## Not exercised", "", *(f"- {reason}" for reason in report["missing"]), ""]
    lines += ["## Suites", "", *_suites(report)]
    return "\n".join(lines) + "\n"


def _briefly(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """One line for each; the page and ``drift.json`` have the whole of them."""
    if findings:
        yield f"### And {len(findings)} more, told in full in drift.html and drift.json"
        yield ""
        for finding in findings:
            yield f"- {finding['severity']}, id `{finding['fingerprint']}`: {_inline(finding['headline'])}"
        yield ""


def section(finding: Mapping[str, Any]) -> Iterator[str]:
    """The part about one finding, under a heading of the third level."""
    place = f" `{finding['pointer']}`" if finding["pointer"] else ""
    names = ", ".join(finding["operations"][:NAMED])
    more = f" and {len(finding['operations']) - NAMED} more" if len(finding["operations"]) > NAMED else ""
    yield f"### {names}{more}{place}: {finding['kind']}"
    yield ""
    yield f"- Severity {finding['severity']}, seen {_times(finding)}, id `{finding['fingerprint']}`"
    if finding["known"]:
        known = finding["known"]
        yield f"- Known until {known['expires']}: {_inline(known['reason'])} ({known['place']})"
    yield f"- Expected: {_inline(finding['expected'])}"
    yield f"- Observed: {_inline(finding['observed'])}"
    if finding["described"]["place"]:
        yield f"- Described in: {finding['described']['place']}"
    yield f"- Effect: {_inline(finding['effect'])}"
    yield f"- Hint: {finding['advice']}"
    yield from _where(finding)
    yield ""
    if finding["exchange"]:
        exchange = finding["exchange"]
        # What a webhook says stands in the request: the answer is ours.
        said = exchange["response_body"]
        if said is None and finding["pointer"].startswith("request:"):
            said = exchange["request_body"]
        shown = json.dumps(said, ensure_ascii=False, indent=2)
        yield from _block("sh", finding["curl"])
        yield from _block("python", finding["python"])
        yield from _block("json", f"// {exchange['status']}, from {exchange['source']}\n{shown}")


def _where(finding: Mapping[str, Any]) -> Iterator[str]:
    """The other operations and places that show it, and what follows from it."""
    if len(finding["places"]) > 1:
        shown = [f"{one['operation']} `{one['pointer']}`" for one in finding["places"]]
        cut = f" and {len(shown) - PLACES} more in drift.json" if len(shown) > PLACES else ""
        yield f"- Shown by: {', '.join(shown[:PLACES])}{cut}"
    for one in finding["also"]:
        yield f"- Follows from it: {one['kind']} in {', '.join(one['operations'])}, observed {_inline(one['observed'])}"


def _times(finding: Mapping[str, Any]) -> str:
    count = finding["occurrences"]
    times = "once" if count == 1 else f"{count} times"
    span = finding["first_seen"], finding["last_seen"]
    when = f" at {span[0]}" if span[0] == span[1] else f" from {span[0]} to {span[1]}"
    replays = finding["replays"]
    again = f", {replays['shown']} of {replays['tried']} repetitions showed it again" if replays["tried"] else ""
    return times + when + again


def _stale(entry: Mapping[str, str]) -> str:
    return f"- `{entry['id']}` {entry['why']}: {_inline(entry['reason'])} ({entry['place']})"


def _table(report: Mapping[str, Any]) -> Iterator[str]:
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|" + "---|" * len(COLUMNS)
    for operation in report["operations"]:
        verified = ", ".join(f"{status}: {count}" for status, count in operation["verified"].items()) or "none"
        cells = (f"`{operation['operation_id']}`", operation["requests"], verified, operation["findings"])
        yield "| " + " | ".join(map(str, cells)) + " |"


def _webhooks(report: Mapping[str, Any]) -> Iterator[str]:
    for webhook in report["webhooks"]:
        yield f"- `{webhook['name']}`: {webhook['events']} events, {webhook['findings']} findings"


def _suites(report: Mapping[str, Any]) -> Iterator[str]:
    for suite in report["suites"]:
        counts = f"{suite['passed']} passed, {suite['failed']} failed, {suite['skipped']} skipped"
        yield f"- {suite['name']}: {counts}, {suite['seconds']} s"
        for reason, count in suite["skips"].items():
            yield f"  - skipped {count}: {_inline(reason)}"
        for problem in suite["problems"]:
            yield f"  - problem: {_inline(problem)}"


def _inline(text: str) -> str:
    """A text on one line in which nothing acts as Markdown or HTML."""
    return " ".join(text.split()).translate({ord(mark): f"\\{mark}" for mark in "\\`*_[]<>|"})


def _block(language: str, text: str) -> Iterator[str]:
    # A longer fence than any run of backticks in the text keeps the block closed where it should be.
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield from (f"{fence}{language}", text, fence, "")
