"""``drift.md`` tells people what ``drift.json`` tells programs, and nothing in it breaks out of its place."""

from __future__ import annotations

from typing import Any

from contract_tests.drift.markdown import TOLD, render


def test_it_holds_verdict_findings_operations_and_suites(report: dict[str, Any]) -> None:
    text = render(report)
    assert text.startswith("# Drift report: exit code 1\n")
    assert "## Findings: 2" in text
    assert "### createThing `/size`: response-type" in text
    assert "| `createThing` | 1 | none | 2 |" in text
    assert "- test_x: 1 passed, 0 failed, 1 skipped, 0.5 s" in text
    assert "never gave a 2xx answer" in text
    assert "curl -i -X POST" in text


def test_it_says_what_was_not_checked_and_how_to_start_the_mock_again(report: dict[str, Any]) -> None:
    text = render(report)
    assert "- Not checked: something \\*else\\*\n" in text
    assert "```sh\npython3 -m scripts mock --port 1\n```" in text
    assert "```sh" not in render({**report, "findings": [], "run": {**report["run"], "start_again": ""}})


def test_texts_from_answers_cannot_act_as_markup(report: dict[str, Any]) -> None:
    finding = {**report["findings"][0], "observed": "<script>`x`|**y**\nnew line"}
    text = render({**report, "findings": [finding]})
    assert "- Observed: \\<script\\>\\`x\\`\\|\\*\\*y\\*\\* new line\n" in text


def test_a_block_with_backticks_in_it_stays_closed(report: dict[str, Any]) -> None:
    lines = render(report).splitlines()
    assert any("big ```" in line for line in lines)
    assert lines.count("````") >= 1


def test_what_would_bury_the_rest_is_told_in_a_line_each(report: dict[str, Any]) -> None:
    many = [{**report["findings"][0], "fingerprint": f"{n:012x}"} for n in range(TOLD + 240)]
    text = render({**report, "findings": many})
    assert text.count("id `") == len(many)
    assert text.count("- Hint: ") == TOLD
    assert "### And 240 more, told in full in drift.html and drift.json" in text
    # GitHub shows no summary of a step that is larger than a megabyte.
    assert len(text) < 500_000


def test_a_run_without_findings_is_short(report: dict[str, Any]) -> None:
    text = render({**report, "findings": [], "missing": [], "counts": {**report["counts"], "findings": 0}})
    assert "## Findings: 0" in text
    assert "## Not exercised" not in text
