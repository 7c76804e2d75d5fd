"""Progress goes to stderr and results to stdout; colours only where somebody sees them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from contract_tests.console import Console, table, webhooks

OPERATION = {
    "operation_id": "listThings",
    "requests": 12,
    "verified": {"200": 3, "201": 1, "400": 2, "404": 4, "422": 1},
    "findings": 1,
}
FINDING = {
    "kind": "server-error",
    "severity": "breaking",
    "headline": "listThings: expected an answer below 500, observed status 500 [server-error]",
    "occurrences": 3,
    "curl": "curl -i http://127.0.0.1:1/v2/things",
    "advice": "a request must never end in 5xx",
    "fingerprint": "0123456789ab",
    "known": None,
}
REPORT: dict[str, Any] = {
    "operations": [OPERATION],
    "findings": [FINDING],
    "missing": [],
    "stale_known": [],
    "run": {"exit_code": 1, "verdict": "drift", "not_checked": []},
}


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(report: dict[str, Any], out: io.StringIO, **environment: str) -> str:
    Console(out, io.StringIO(), environment).result(report)
    return out.getvalue()


def test_the_table_has_a_column_for_each_checked_refusal() -> None:
    head, row = table([OPERATION])
    assert head.split() == ["operation", "requests", "2xx", "401", "404", "422", "429", "other", "4xx", "findings"]
    assert row.split() == ["listThings", "12", "4", "0", "4", "1", "0", "2", "1"]


def test_findings_come_with_a_hint_and_a_command_and_the_verdict_last() -> None:
    text = shown(REPORT, io.StringIO())
    assert "\nfindings: 1\n  breaking  listThings: expected" in text
    assert "fix: a request must never end in 5xx" in text
    assert "(seen 3 times)" in text
    assert text.endswith("verdict: 1 drift\n")


def test_a_long_list_of_what_is_missing_is_cut() -> None:
    text = shown({**REPORT, "missing": [f"reason {n}" for n in range(20)]}, io.StringIO())
    assert "not exercised: 15 more, see drift.md" in text


def test_what_could_not_be_checked_stands_beside_the_verdict() -> None:
    text = shown({**REPORT, "run": {**REPORT["run"], "not_checked": ["wrong tokens"]}}, io.StringIO())
    assert text.endswith("not checked: wrong tokens\nverdict: 1 drift\n")


@pytest.mark.parametrize(
    ("out", "environment", "coloured"),
    [(Terminal(), {}, True), (Terminal(), {"NO_COLOR": "1"}, False), (io.StringIO(), {}, False)],
)
def test_colours_need_a_terminal_and_no_objection(
    out: io.StringIO, environment: dict[str, str], coloured: bool
) -> None:
    assert ("\033[" in shown(REPORT, out, **environment)) is coloured


def test_progress_is_on_stderr_alone() -> None:
    out, err = io.StringIO(), io.StringIO()
    Console(out, err, {}).progress("own mock")
    assert out.getvalue() == ""
    assert err.getvalue().startswith("[contract] ")
    assert err.getvalue().endswith("own mock\n")


def test_a_secret_is_taken_out_of_a_progress_line() -> None:
    err = io.StringIO()
    console = Console(io.StringIO(), err, {})
    console.redact = lambda text: text.replace("KEY_marker", "[redacted]")
    console.progress("stopped: the server said KEY_marker")
    assert err.getvalue().endswith("stopped: the server said [redacted]\n")


def test_characters_that_the_terminal_lacks_are_replaced() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    Console(out, io.StringIO(), {}).json({"name": "Ä"})
    out.flush()
    assert raw.getvalue() == b'{\n  "name": "?"\n}\n'


def test_the_summary_fits_one_screen_whatever_was_found() -> None:
    operations = [{**OPERATION, "operation_id": f"list{n}", "findings": int(n == 299)} for n in range(300)]
    operations[250] = {**operations[250], "verified": {"404": 2}}
    findings = [{**FINDING, "fingerprint": f"{n:012x}"} for n in range(300)]
    report = {**REPORT, "operations": operations, "findings": findings, "missing": ["reason"] * 50}
    text = shown(report, io.StringIO())
    assert len(text.splitlines()) <= 50
    lines = text.splitlines()
    # The one with a finding, the one that never gave a 2xx, the first of the others, and what all come to.
    assert [line.split()[0] for line in lines[1:4]] == ["list299", "list250", "list0"]
    assert lines[21].split() == ["all", "300,", "see", "drift.md", "3600", "1196", "0", "1198", "299", "0", "598", "1"]
    assert "  … and 295 more in drift.md" in text


def test_known_findings_are_counted_and_stale_entries_named() -> None:
    known = {**FINDING, "known": {"reason": "r", "expires": "2027-01-01", "place": "known.yaml:2"}}
    stale = {"id": "0123456789ab", "why": "no longer occurs", "reason": "was mended", "place": "known.yaml:7"}
    text = shown({**REPORT, "findings": [FINDING, known], "stale_known": [stale]}, io.StringIO())
    assert "findings: 2 (1 known)" in text
    assert text.count("server-error") == 1
    assert "known drift 0123456789ab no longer occurs: was mended (known.yaml:7)" in text


def test_webhooks_that_were_not_seen_are_named() -> None:
    told = [{"name": "orderMade", "events": 2, "findings": 0}, {"name": "orderLost", "events": 0, "findings": 0}]
    text = shown({**REPORT, "webhooks": told}, io.StringIO())
    assert "\nwebhooks: 2 described, 1 seen; not orderLost\n" in text
    assert "webhooks" not in shown(REPORT, io.StringIO())
    assert webhooks(told[:1]) == "webhooks: 1 described, 1 seen"
