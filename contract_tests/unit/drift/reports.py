"""Findings and reports made up for tests, with just what a test is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from contract_tests.description import load
from contract_tests.drift.finding import Finding, Severity
from contract_tests.drift.report import description_hash
from contract_tests.exchange import Exchange

DAY = "2026-11-20T02:00:00+00:00"


def exchange(operation: str, body: Any = None, *, status: int = 200, **changes: Any) -> Exchange:
    """An answer to an operation of the real description."""
    known = load().by_id.get(operation)
    values: dict[str, Any] = {
        "operation_id": operation,
        "method": known.method.upper() if known else "GET",
        "url": "http://127.0.0.1:1/v2" + (known.path if known else "/"),
        "request_headers": {},
        "request_body": b"",
        "status": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body if body is not None else {}).encode(),
        "elapsed": 0.01,
    }
    return Exchange(**{**values, **changes})


def finding(kind: str, operation: str, pointer: str = "", observed: str = "x", **changes: Any) -> Finding:
    """A finding with an exchange; ``status`` is that of its answer."""
    status = changes.pop("status", 200)
    values: dict[str, Any] = {
        "expected": "y",
        "severity": Severity.BREAKING,
        "check": "c",
        "exchange": exchange(operation, status=status),
        "statuses": frozenset({status}),
        **changes,
    }
    return Finding(kind, operation, pointer, observed=observed, **values)


def told(fingerprint: str = "0123456789ab", kind: str = "response-type", **changes: Any) -> dict[str, Any]:
    """A finding as reports tell it."""
    operations = changes.pop("operations", ["listThings"])
    pointer = changes.pop("pointer", "/data/*/size")
    made: dict[str, Any] = {
        "fingerprint": fingerprint,
        "kind": kind,
        "severity": "breaking",
        "operations": operations,
        "pointer": pointer,
        "expected": "integer",
        "observed": "string",
        "headline": f"{', '.join(operations)} {pointer}: expected integer, observed string [{kind}]",
        "check": "c",
        "occurrences": 2,
        "first_seen": DAY,
        "last_seen": DAY,
        "replays": {"tried": 0, "shown": 0},
        "parts": [],
        "places": [place(one, pointer) for one in operations],
        "also": [],
        "described": {"pointer": "#/components/schemas/Thing/properties/size", "nearest": "#", "place": "a.yaml:3"},
        "effect": "callers of things.list: `size` is text",
        "advice": "mend it",
        "known": None,
        "evidence": {"status": 200, "content_type": "application/json"},
        "exchange": None,
        "before": [],
        "curl": "",
        "python": "",
    }
    return {**made, **changes}


def place(
    operation: str, pointer: str, described: str = "#/components/schemas/Thing/properties/size"
) -> dict[str, Any]:
    """Where a finding showed."""
    return {
        "operation": operation,
        "pointer": pointer,
        "described": described,
        "occurrences": 2,
        "observed": "string",
        "statuses": [200],
    }


def operation(name: str, **changes: Any) -> dict[str, Any]:
    """The counts of an operation."""
    made: dict[str, Any] = {
        "operation_id": name,
        "method": "GET",
        "path": f"/{name}",
        "requests": 10,
        "statuses": {"200": 8, "404": 2},
        "verified": {"200": 8, "404": 2},
        "records": 1,
        "fields": {},
        "findings": 0,
    }
    return {**made, **changes}


def report(
    findings: Sequence[dict[str, Any]] = (), operations: Sequence[dict[str, Any]] | None = None, **run: Any
) -> dict[str, Any]:
    """A report about our own description; ``run`` changes its facts."""
    listed = list(operations) if operations is not None else [operation("listThings")]
    facts: dict[str, Any] = {
        "target": "mock",
        "base_url": "http://127.0.0.1:1/v2",
        "budget": "quick",
        "seed": 1,
        "only": [],
        "shard": "",
        "planted": [],
        "not_checked": [],
        "start_again": "",
        "started": DAY,
        "duration_seconds": 3.0,
        "exit_code": 1 if findings else 0,
        "verdict": "drift" if findings else "no drift",
        "description": {"title": "T", "version": "1", "sha256": description_hash(load().document)},
        "versions": {"python": "3", "schemathesis": "4"},
    }
    return {
        "format": 2,
        "run": {**facts, **run},
        "counts": {
            "operations": len(listed),
            "exercised": len(listed),
            "requests": sum(one["requests"] for one in listed),
            "findings": len(findings),
            "known": 0,
            "new": len(findings),
        },
        "missing": [],
        "stale_known": [],
        "suites": [],
        "operations": listed,
        "findings": list(findings),
    }
