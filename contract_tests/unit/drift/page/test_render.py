"""The page tells what the report tells, escapes every text, and lets nothing out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError

from contract_tests.drift.advice import ADVICE
from contract_tests.drift.page import matrix
from contract_tests.drift.page.render import render
from contract_tests.unit.drift.reports import operation, report, told

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}&amp;'
HISTORY: dict[str, Any] = {
    "runs": [
        {"started": f"2026-11-0{day}T02:00:00+00:00", "exit_code": 1, "requests": 5, "findings": day % 2}
        for day in range(1, 6)
    ],
    "drifts": [
        {
            "id": "0123456789ab",
            "severity": "breaking",
            "headline": HOSTILE,
            "open": True,
            "flapping": False,
            "spans": [{"began": "2026-11-02T02:00:00+00:00", "ended": None}],
            "runs": 2,
            "looked": 5,
        }
    ],
    "verified": [{"target": "mock", "operation": "listThings", "last": None}],
}


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._code = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._code = tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._code = False

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.texts.append(data)


def hostile() -> dict[str, Any]:
    body = {"data": HOSTILE}
    shown = {"method": "GET", "url": HOSTILE, "status": 200, "elapsed_ms": 1, "source": HOSTILE, "response_body": body}
    finding = told(
        observed=HOSTILE, expected=HOSTILE, effect=f"`{HOSTILE}`", curl=HOSTILE, python=HOSTILE, exchange=shown
    )
    field = {"present": 1, "null": 0, "absent": 0, "types": {}, "new_values": [HOSTILE], "formats": {}, "note": HOSTILE}
    made = report([finding], [operation("listThings", fields={f"/{HOSTILE}": field})], start_again=HOSTILE)
    return {**made, "missing": [HOSTILE], "stale_known": [{"id": "i", "why": HOSTILE, "reason": HOSTILE, "place": "p"}]}


def test_texts_cannot_act() -> None:
    page = Elements(render(hostile(), HISTORY))
    assert [tag for tag, _ in page.elements if tag in {"img", "iframe", "object"}] == []
    assert len([tag for tag, _ in page.elements if tag == "script"]) == 1
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "".join(page.texts).count("{{ 7*7 }}") >= 10


def test_nothing_can_be_asked_of_a_network() -> None:
    text = render(hostile(), HISTORY)
    page = Elements(text)
    linked = [value for _, one in page.elements for key, value in one.items() if key in {"src", "href", "action"}]
    assert linked
    assert [one for one in linked if not str(one).startswith("#")] == []
    assert "@import" not in text
    policy = next(one["content"] for _, one in page.elements if one.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_each_finding_field_and_run_is_there() -> None:
    text = render(hostile(), HISTORY)
    assert text.count('<details class="finding') == 1
    assert 'id="f-0123456789ab"' in text
    assert text.count('<rect class="bad"') == 3
    assert text.count('<rect class="breaking"') == 1
    assert "listThings: never" in text


def test_a_clean_run_says_so() -> None:
    text = render(report())
    assert "Nothing deviates from the description." in text
    assert "This run is in no history." in text
    assert 'id="search"' not in text


def test_an_undefined_name_is_an_error() -> None:
    broken = report([told()])
    del broken["findings"][0]["advice"]
    with pytest.raises(UndefinedError):
        render(broken)


def test_the_matrix_ticks_no_check_of_good_answers_where_there_was_none() -> None:
    made = report([], operations=[operation("retrieveThing", statuses={"404": 3})])
    cells = dict(zip(matrix.columns(made), matrix.rows(made)[0][1], strict=True))
    assert {title for title, cell in cells.items() if cell.severity == "unseen"} == matrix.OF_GOOD_ANSWERS


def test_the_matrix_shows_the_gravest_finding_of_each_group() -> None:
    findings = [told("a" * 12, severity="additive", kind="field-undocumented"), told("b" * 12)]
    made = report(findings, [operation("listThings"), operation("createThing"), operation("idle", requests=0)])
    rows = dict(matrix.rows(made))
    titles = matrix.columns(made)
    cell = rows["listThings"][titles.index("Body")]
    assert (cell.severity, cell.text) == ("breaking", "2")
    assert {one.severity for one in rows["createThing"]} == {"fine"}
    assert {one.text for one in rows["idle"]} == {"–"}
    assert matrix.OTHERS not in titles


def test_a_kind_that_fits_nowhere_gets_a_column_of_its_own() -> None:
    assert matrix.columns(report([told(kind="brand-new")]))[-1] == matrix.OTHERS


def test_most_kinds_have_a_column() -> None:
    assert [kind for kind in ADVICE if matrix.column(kind) == matrix.OTHERS] == []


def test_the_style_knows_every_severity_in_both_themes() -> None:
    text = render(report())
    for severity in matrix.SEVERITIES:
        assert len(re.findall(rf"--{severity}: #", text)) == 2
