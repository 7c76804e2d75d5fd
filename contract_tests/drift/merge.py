"""Several reports of one run, made by shards or workers, as one report of the same shape.

Counts add up, findings with one fingerprint become one, and the exit code is what a single run would have come to: a
target that was gone for one shard was gone for the run, and a shard that is blind leaves the run without a verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contract_tests.drift.known import Entry, Seen, stale
from contract_tests.exit_codes import ExitCode, Outcome, decide
from scripts.errors import InputError

Report = Mapping[str, Any]
SEVERITIES = ("breaking", "degraded", "additive", "unverified")
# What has to be the same in all of them, and how a message names it.
SAME = (("target", "target"), ("budget", "budget"), ("planted", "planted drifts"))
STOPPED = (ExitCode.UNREACHABLE, ExitCode.CREDENTIALS, ExitCode.THROTTLED)


def merge(reports: Sequence[Report], entries: Iterable[Entry] = ()) -> dict[str, Any]:
    """One report for all; ``InputError`` for reports that are not parts of one run.

    ``entries`` of known drift are held against the whole: no shard alone could say that one no longer occurs.
    """
    _check(reports)
    findings = _findings(reports)
    operations = _operations(reports, findings)
    missing = [*dict.fromkeys(reason for report in reports for reason in report["missing"]), *_absent_shards(reports)]
    known = sum(1 for one in findings if one["known"])
    outdated = _stale(reports, findings, operations, tuple(entries))
    code, verdict = _verdict(reports, len(findings) - known + len(outdated), missing)
    return {
        "format": reports[0]["format"],
        "run": _run(reports, code, verdict),
        "counts": {
            "operations": len(operations),
            "exercised": len(
                {one["operation_id"] for report in reports for one in report["operations"] if _accepts(one)}
            ),
            "requests": sum(report["counts"]["requests"] for report in reports),
            "findings": len(findings),
            "known": known,
            "new": len(findings) - known,
        },
        "missing": missing,
        "stale_known": outdated,
        "suites": _suites(reports),
        "operations": operations,
        "elsewhere": _left_elsewhere(reports, {one["operation_id"] for one in operations}),
        "webhooks": _webhooks(reports, findings),
        "findings": findings,
    }


def _check(reports: Sequence[Report]) -> None:
    if not reports:
        raise InputError("there is no report to merge", fix="name the folders that the shards wrote")
    first = reports[0]["run"]
    for report in reports[1:]:
        run = report["run"]
        if run["description"]["sha256"] != first["description"]["sha256"]:
            raise InputError("the reports rest on different descriptions", fix="merge the shards of one run only")
        for key, name in SAME:
            if run[key] != first[key]:
                raise InputError(f"the reports differ in their {name}: {first[key]} and {run[key]}")
    shards = Counter(report["run"]["shard"] for report in reports if report["run"]["shard"])
    twice = [shard for shard, count in shards.items() if count > 1]
    if twice:
        raise InputError(f"shard {twice[0]} is given twice", fix="name the folder of each shard once")
    if len({shard.partition("/")[2] for shard in shards}) > 1:
        raise InputError("the reports are shards of different splits", fix="merge the shards of one run only")


def _absent_shards(reports: Sequence[Report]) -> Iterable[str]:
    """A shard whose report is missing has exercised nothing that we know of."""
    given = {report["run"]["shard"] for report in reports if report["run"]["shard"]}
    for shard in sorted(given)[:1]:
        count = int(shard.partition("/")[2])
        for number in range(1, count + 1):
            if f"{number}/{count}" not in given:
                yield f"shard {number}/{count} is not among the reports"


def _run(reports: Sequence[Report], code: ExitCode, verdict: str) -> dict[str, Any]:
    runs = [report["run"] for report in reports]
    started = min(run["started"] for run in runs)
    ends = [datetime.fromisoformat(run["started"]).timestamp() + run["duration_seconds"] for run in runs]
    lone = [run["only"] for run in runs]
    return {
        **runs[0],
        "only": sorted({name for names in lone for name in names}) if all(lone) else [],
        "shard": "",
        "not_checked": list(dict.fromkeys(reason for run in runs for reason in run["not_checked"])),
        "blind": list(_blind(reports)),
        "started": started,
        "duration_seconds": round(max(ends) - datetime.fromisoformat(started).timestamp(), 2),
        "exit_code": code.value,
        "verdict": verdict,
    }


def _blind(reports: Sequence[Report]) -> tuple[str, ...]:
    """What shards planted in themselves and did not see; reports of earlier days do not tell it."""
    return tuple(dict.fromkeys(text for report in reports for text in report["run"].get("blind", ())))


def _verdict(reports: Sequence[Report], failing: int, missing: Sequence[str]) -> tuple[ExitCode, str]:
    codes = {ExitCode(report["run"]["exit_code"]): report["run"]["verdict"] for report in reversed(reports)}
    stopped = next((code for code in STOPPED if code in codes), None)
    code = decide(Outcome(stopped=stopped, findings=failing, missing=tuple(missing), blind=_blind(reports)))
    return code, codes[code] if code is stopped else code.meaning


def _findings(reports: Sequence[Report]) -> list[dict[str, Any]]:
    joined: dict[str, dict[str, Any]] = {}
    for report in reports:
        for finding in report["findings"]:
            known = joined.get(finding["fingerprint"])
            joined[finding["fingerprint"]] = dict(finding) if known is None else _both(known, finding)
    return sorted(
        joined.values(),
        key=lambda one: (SEVERITIES.index(one["severity"]), -len(one["operations"]), one["operations"], one["pointer"]),
    )


def _both(one: Report, other: Report) -> dict[str, Any]:
    """Two tellings of one cause: the shorter exchange, all places, all counts."""
    shown, rest = sorted((one, other), key=_effort)
    places: dict[tuple[str, str], dict[str, Any]] = {}
    for place in (*shown["places"], *rest["places"]):
        known = places.get((place["operation"], place["pointer"]))
        count = place["occurrences"] + (known["occurrences"] if known else 0)
        statuses = sorted({*place["statuses"], *(known["statuses"] if known else ())})
        places[place["operation"], place["pointer"]] = {**(known or place), "occurrences": count, "statuses": statuses}
    also = {(each["kind"], each["pointer"]): each for each in (*rest["also"], *shown["also"])}
    operations = sorted({*one["operations"], *other["operations"]})
    return {
        **shown,
        "severity": min(one["severity"], other["severity"], key=SEVERITIES.index),
        "operations": operations,
        "headline": shown["headline"] if set(operations) == set(shown["operations"]) else _headline(shown, operations),
        "occurrences": one["occurrences"] + other["occurrences"],
        "first_seen": min(one["first_seen"], other["first_seen"]),
        "last_seen": max(one["last_seen"], other["last_seen"]),
        "replays": {key: one["replays"][key] + other["replays"][key] for key in ("tried", "shown")},
        "parts": sorted({*one["parts"], *other["parts"]}),
        "places": list(places.values()),
        "also": list(also.values()),
        "known": one["known"] or other["known"],
    }


def _effort(finding: Report) -> tuple[bool, int, int]:
    return finding["exchange"] is None, len(finding["before"]), len(finding["curl"])


def _headline(finding: Report, operations: Sequence[str]) -> str:
    """The headline of a finding with other operations at its front."""
    place = f" {finding['pointer']}" if finding["pointer"] else ""
    names = ", ".join(operations[:2]) + (f" and {len(operations) - 2} more" if len(operations) > 2 else "")
    return f"{names}{place}: expected {finding['expected']}, observed {finding['observed']} [{finding['kind']}]"


def _operations(reports: Sequence[Report], findings: Sequence[Report]) -> list[dict[str, Any]]:
    joined: dict[str, dict[str, Any]] = {}
    for report in reports:
        for operation in report["operations"]:
            known = joined.get(operation["operation_id"])
            joined[operation["operation_id"]] = dict(operation) if known is None else _added(known, operation)
    for operation in _elsewhere(reports):
        if operation["operation_id"] in joined:
            joined[operation["operation_id"]] = _added(joined[operation["operation_id"]], operation)
    for name, operation in joined.items():
        operation["findings"] = sum(1 for one in findings if name in one["operations"])
    return list(joined.values())


def _accepts(operation: Report) -> bool:
    return any(status.startswith("2") for status in operation["verified"])


def _elsewhere(reports: Sequence[Report]) -> list[Report]:
    """What each report sent to operations that it need not exercise; reports of earlier days do not tell it."""
    return [operation for report in reports for operation in report.get("elsewhere", ())]


def _left_elsewhere(reports: Sequence[Report], exercised: Collection[str]) -> list[Report]:
    """What none of the reports had to exercise, though it got requests."""
    joined: dict[str, Report] = {}
    for operation in _elsewhere(reports):
        name = operation["operation_id"]
        if name not in exercised:
            joined[name] = _added(joined[name], operation) if name in joined else dict(operation)
    return list(joined.values())


def _webhooks(reports: Sequence[Report], findings: Sequence[Report]) -> list[dict[str, Any]]:
    events: Counter[str] = Counter()
    for webhook in (webhook for report in reports for webhook in report.get("webhooks", ())):
        events[webhook["name"]] += webhook["events"]
    return [
        {"name": name, "events": count, "findings": sum(1 for one in findings if name in one["operations"])}
        for name, count in events.items()
    ]


def _added(one: Report, other: Report) -> dict[str, Any]:
    fields = {
        place: _field(one["fields"].get(place), other["fields"].get(place))
        for place in sorted({*one["fields"], *other["fields"]})
    }
    return {
        **one,
        "requests": one["requests"] + other["requests"],
        "records": one["records"] + other["records"],
        "statuses": _sum(one["statuses"], other["statuses"]),
        "verified": _sum(one["verified"], other["verified"]),
        "fields": fields,
    }


def _field(one: Report | None, other: Report | None) -> dict[str, Any]:
    if one is None or other is None:
        return dict(one or other or {})
    counts = {key: one[key] + other[key] for key in ("present", "null", "absent")}
    return {
        **one,
        **counts,
        "types": _sum(one["types"], other["types"]),
        "new_values": list(dict.fromkeys([*one["new_values"], *other["new_values"]])),
        "formats": _sum(one["formats"], other["formats"]),
        # What one shard never saw another one may have: only what both say is still true.
        "note": one["note"] if one["note"] == other["note"] else "",
    }


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in sorted({*one, *other})}


def _suites(reports: Sequence[Report]) -> list[dict[str, Any]]:
    joined: dict[str, dict[str, Any]] = {}
    for suite in (suite for report in reports for suite in report["suites"]):
        known = joined.get(suite["name"])
        if known is None:
            joined[suite["name"]] = dict(suite)
            continue
        for key in ("collected", "passed", "failed", "skipped"):
            known[key] += suite[key]
        known["seconds"] = round(known["seconds"] + suite["seconds"], 2)
        known["skips"] = _sum(known["skips"], suite["skips"])
        known["problems"] = [*known["problems"], *suite["problems"]]
    return list(joined.values())


def _stale(
    reports: Sequence[Report], findings: Sequence[Report], operations: Sequence[Report], entries: tuple[Entry, ...]
) -> list[dict[str, str]]:
    run = reports[0]["run"]
    ended = datetime.fromisoformat(max(report["run"]["started"] for report in reports))
    seen = Seen(
        target=run["target"],
        budget=run["budget"],
        exercised=frozenset(one["operation_id"] for one in operations if one["requests"]),
        complete=all(report["run"]["exit_code"] in (0, 1, 6) for report in reports) and not _gaps(reports),
        whole=not any(report["run"]["only"] for report in reports),
        today=ended.date(),
    )
    occurring = [identity for one in findings for identity in (one["fingerprint"], *one["parts"])]
    return [
        {"id": one.entry.identity, "why": one.why, "reason": one.entry.reason, "place": one.entry.place}
        for one in stale(occurring, entries, seen)
    ]


def _gaps(reports: Sequence[Report]) -> bool:
    return any(True for _ in _absent_shards(reports))
