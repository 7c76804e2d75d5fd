"""The drift report: one JSON document (``report.schema.json`` describes it) that everything else is printed from."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contract_tests.drift.conclusion import Conclusion, conclude
from contract_tests.drift.findings_json import Teller, seconds
from contract_tests.drift.observe import Seen
from contract_tests.exit_codes import ExitCode
from contract_tests.plugin import Suite
from contract_tests.run import Run

FORMAT = 2
SCHEMA = Path(__file__).with_name("report.schema.json")
TOOLS = ("schemathesis", "hypothesis", "pytest", "httpx", "jsonschema-rs")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run was and came to; ``started`` is Unix time, ``duration`` in seconds.

    ``unchecked`` says what the target's set-up kept from being checked; ``start_again`` is the command for an own mock;
    ``blind`` says what the run planted in itself and did not see.
    """

    target: str
    base_url: str
    planted: tuple[str, ...]
    started: float
    duration: float
    code: ExitCode
    reason: str
    missing: tuple[str, ...]
    unchecked: tuple[str, ...]
    start_again: str
    suites: tuple[Suite, ...]
    blind: tuple[str, ...] = ()


def build(run: Run, facts: Facts, conclusion: Conclusion | None = None) -> dict[str, Any]:
    """The report of a run, free of secrets; without a ``conclusion`` nothing is known drift."""
    conclusion = conclusion or conclude(run, facts.target)
    run.session.redactor.hide(run.observer.undescribed_names())
    if run.hooks is not None:
        run.session.redactor.hide(run.hooks.observer.undescribed_names())
    teller = Teller(run.session.description, run.session.redactor, conclusion)
    findings = [teller.told(cause) for cause in conclusion.causes]
    known = sum(1 for one in findings if one["known"])
    body = {
        "format": FORMAT,
        "run": _run(run, facts),
        "counts": {
            "operations": len(run.operations),
            "exercised": sum(1 for one in run.operations if run.exercise.tally(one.operation_id).accepted),
            "requests": sum(counts.total() for counts in run.session.counts.values()),
            "findings": len(findings),
            "known": known,
            "new": len(findings) - known,
        },
        "missing": list(facts.missing),
        "stale_known": teller.stale(),
        "suites": [_suite(suite) for suite in facts.suites],
        "operations": [_operation(run, operation.operation_id, findings) for operation in run.operations],
        "elsewhere": [_operation(run, one, findings) | {"fields": {}} for one in _beside(run)],
        "webhooks": [_webhook(run, name, findings) for name in run.session.description.webhooks],
        "findings": findings,
    }
    # Exchanges were redacted field by field; this catches a secret that a text of ours repeats.
    cleaned: dict[str, Any] = _every_text(run.session.redactor.text, body)
    return cleaned


def description_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of the description in canonical JSON, so that two runs can be told to rest on the same one."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _run(run: Run, facts: Facts) -> dict[str, Any]:
    info = run.session.description.document.get("info", {})
    return {
        "target": facts.target,
        "base_url": facts.base_url,
        "budget": run.budget.name,
        "seed": run.seed,
        "only": sorted(run.only),
        "shard": run.share.name if run.share else "",
        "planted": list(facts.planted),
        "not_checked": list(facts.unchecked),
        "blind": list(facts.blind),
        "start_again": facts.start_again,
        "started": seconds(facts.started),
        "duration_seconds": round(facts.duration, 2),
        "exit_code": facts.code.value,
        "verdict": facts.code.meaning + (f": {facts.reason}" if facts.reason else ""),
        "description": {
            "title": str(info.get("title", "")),
            "version": str(info.get("version", "")),
            "sha256": description_hash(run.session.description.document),
        },
        "versions": {"python": platform.python_version(), **{tool: version(tool) for tool in TOOLS}},
    }


def _suite(suite: Suite) -> dict[str, Any]:
    return {
        "name": suite.name,
        "collected": suite.collected,
        "passed": suite.passed,
        "failed": suite.failed,
        "skipped": suite.skipped,
        "seconds": round(suite.seconds, 2),
        "skips": dict(suite.skips),
        "problems": list(suite.problems),
    }


def _beside(run: Run) -> list[str]:
    """Operations that got requests though the run need not exercise them: they make what the others work on."""
    counts = run.session.counts
    known = [one.operation_id for one in run.session.description.operations]
    return [one for one in known if one in counts and not run.includes(one)]


def _operation(run: Run, operation_id: str, findings: list[dict[str, Any]]) -> dict[str, Any]:
    operation = run.session.description.by_id[operation_id]
    tally = run.exercise.tally(operation_id)
    fields = run.observer.fields.get(operation_id, {})
    return {
        "operation_id": operation_id,
        "method": operation.method.upper(),
        "path": operation.path,
        "requests": tally.requests,
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "verified": {str(status): count for status, count in sorted(tally.verified.items())},
        "records": tally.records,
        "fields": {place: _field(seen) for place, seen in sorted(fields.items())},
        "findings": sum(1 for finding in findings if operation_id in finding["operations"]),
    }


def _webhook(run: Run, name: str, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "events": run.hooks.seen[name] if run.hooks is not None else 0,
        "findings": sum(1 for finding in findings if name in finding["operations"]),
    }


def _field(seen: Seen) -> dict[str, Any]:
    return {
        "described": seen.described,
        "present": seen.present,
        "null": seen.null,
        "absent": seen.absent,
        "types": dict(sorted(seen.types.items())),
        "new_values": list(seen.new_values),
        "formats": dict(sorted(seen.formats.items())),
        "note": seen.note,
    }


def _every_text(clean: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return {clean(key): _every_text(clean, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_every_text(clean, item) for item in value]
    return clean(value) if isinstance(value, str) else value
