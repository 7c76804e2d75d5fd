"""The history for people and for programs: drifts with their spans, flapping ones, and when operations last worked."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from contract_tests.drift import spans
from contract_tests.drift.spans import Drift


def lines(connection: sqlite3.Connection, target: str | None = None) -> Iterator[str]:
    """The history as lines of text; it says so when there is nothing to tell."""
    runs = spans.runs(connection, target)
    if not runs:
        yield f"no run against {target} is recorded" if target else "no run is recorded"
        return
    for name, count in sorted(Counter(run.target for run in runs).items()):
        its = [run for run in runs if run.target == name]
        yield f"{name}: {count} runs from {its[0].started} to {its[-1].started}"
    drifts = spans.drifts(connection, target)
    yield ""
    yield f"drifts: {len(drifts)}, {sum(1 for one in drifts if one.open)} of them open"
    for one in drifts:
        yield from _drift(one, several=target is None)
    yield ""
    yield "last verified 2xx:"
    seen = spans.verified(connection, target)
    width = max(len(one.operation) for one in seen)
    for last in seen:
        where = f"  {last.target}" if target is None else ""
        yield f"  {last.operation:<{width}}  {last.last or 'never'}{where}"


def _drift(one: Drift, *, several: bool) -> Iterator[str]:
    state = "open since" if one.open else "ended"
    when = one.spans[-1].began if one.open else one.spans[-1].ended
    flags = "".join([", flapping" if one.flapping else "", ", known" if one.known else ""])
    where = f" [{one.target}]" if several else ""
    yield f"  {one.fingerprint}  {one.severity}, {state} {when}{flags}{where}"
    yield f"      {one.headline}"
    times = "; ".join(f"{span.began} to {span.ended or 'now'}" for span in one.spans)
    yield f"      seen in {one.runs} of {one.looked} runs that could see it: {times}"


def as_json(connection: sqlite3.Connection, target: str | None = None) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "runs": [
            {
                "started": run.started,
                "target": run.target,
                "budget": run.budget,
                "exit_code": run.exit_code,
                "requests": run.requests,
                "findings": len(run.findings),
            }
            for run in spans.runs(connection, target)
        ],
        "drifts": [
            {
                "id": one.fingerprint,
                "target": one.target,
                "kind": one.kind,
                "severity": one.severity,
                "headline": one.headline,
                "operations": list(one.operations),
                "known": one.known,
                "open": one.open,
                "flapping": one.flapping,
                "spans": [{"began": span.began, "ended": span.ended} for span in one.spans],
                "runs": one.runs,
                "looked": one.looked,
            }
            for one in spans.drifts(connection, target)
        ],
        "verified": [
            {"target": one.target, "operation": one.operation, "last": one.last}
            for one in spans.verified(connection, target)
        ],
    }
