"""How a comparison is told: lines, Markdown that nothing breaks out of, JSON, and the entry of the changelog."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from scripts.comparison import changelog, report
from scripts.comparison.change import SAME, SENT, Cause, Change, Consequence, Direction, Effect, Evidence, Verdict
from scripts.comparison.comparison import Comparison
from scripts.comparison.python_changes import PythonChange
from scripts.errors import InputError

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def change(effect: Effect = Effect.BREAKING, place: str = "Thing.name", **more: Any) -> Change:
    consequence = Consequence(RESPONSE, effect, f"{SAME}nothing", "reading fails")
    made = Change("property-removed", place, {"type": "string"}, None, "/a", "/b", ("getThing",), (consequence,))
    return attrs.evolve(made, **more)


def comparison(*changes: Change, python: tuple[PythonChange, ...] | None = ()) -> Comparison:
    return Comparison("v1", "v2", changes, python, 3)


PYTHON = PythonChange("argument-removed", ("a.f(x)", "b.f(x)"), "int", None, Effect.BREAKING, "a TypeError")


def test_lines_tell_place_wire_callers_operations_cause_and_verdict() -> None:
    evidence = Evidence(Cause.WE_WERE_WRONG, ("file:3: read again",))
    told = "\n".join(report.lines(comparison(change(evidence=evidence), python=(PYTHON,))))
    for part in (
        "breaking: 1 of the API, 1 of Python names",
        '  Thing.name: property removed: {"type": "string"} -> nothing',
        "      operations: getThing",
        "      in responses: wire: same requests: nothing; callers: reading fails",
        "      cause: we were wrong",
        "        file:3: read again",
        "  python  a.f(x): argument removed: int -> nothing",
        "      callers: a TypeError (2 variants)",
        "verdict: major: code that worked can fail (v1 -> v2)",
    ):
        assert part in told.split("\n"), told


def test_mere_words_are_counted_and_listed_on_demand() -> None:
    words = comparison(change(Effect.DOCUMENTATION))
    assert "  (--all lists them)" in [*report.lines(words)]
    assert any("Thing.name" in line for line in report.lines(words, everything=True))
    assert words.verdict is Verdict.PATCH


@pytest.mark.parametrize(
    ("effects", "verdict"),
    [
        ([], Verdict.NONE),
        ([Effect.DOCUMENTATION], Verdict.PATCH),
        ([Effect.ADDITIVE, Effect.DOCUMENTATION], Verdict.MINOR),
        ([Effect.DEGRADED], Verdict.MINOR),
        ([Effect.ADDITIVE, Effect.BREAKING], Verdict.MAJOR),
    ],
)
def test_the_verdict_is_that_of_the_worst_change(effects: list[Effect], verdict: Verdict) -> None:
    assert comparison(*map(change, effects)).verdict is verdict


def test_python_names_count_for_the_verdict() -> None:
    assert comparison(python=(PYTHON,)).verdict is Verdict.MAJOR


def test_what_was_not_compared_is_said() -> None:
    told = [*report.lines(attrs.evolve(comparison(), changes=None, python=None))]
    assert "not compared: descriptions, because one of the two has none" in told
    assert "not compared: packages, because one of the two has none" in told


def test_markdown_cannot_be_broken_out_of() -> None:
    hostile = change(place="a|b`c</details>\n# x @team", before="<img>", after="|\u202e\x1b[31m")
    (row,) = [line for line in report.markdown(comparison(hostile)).split("\n") if line.startswith("| `a")]
    assert row.replace("\\|", "").count("|") == 7
    assert not any(mark in row for mark in ("<img", "</details", "@team", "\x1b", "\u202e"))


def test_markdown_fits_into_a_pull_request_and_says_what_is_left_out() -> None:
    text = report.markdown(comparison(*(change(Effect.ADDITIVE, f"Thing.field{n}") for n in range(2000))))
    assert len(text) < 65_536
    assert text.count("<details>") == text.count("</details>") == 1
    shown = text.count("| `Thing.field")
    assert f"{2000 - shown} more rows do not fit here" in text


def test_what_requests_showed_is_in_the_markdown_whole_however_much_is_left_out_for_it() -> None:
    sent = [f"  request {n}: {'x' * 500}" for n in range(40)]
    found = comparison(*(change(Effect.ADDITIVE, f"Thing.field{n}") for n in range(2000)))
    text = report.markdown(found, sent)
    assert len(text) < 65_536
    assert text.endswith("\n".join(["", "```text", *sent, "```", ""]))
    assert "more rows do not fit here" in text
    assert "```" not in report.markdown(found)


def test_json_has_everything() -> None:
    found = report.as_json(comparison(change(), python=(PYTHON,)))
    assert json.loads(json.dumps(found)) == found
    assert found["totals"] == {"breaking": 2, "degraded": 0, "additive": 0, "documentation": 0}
    assert found["changes"][0]["consequences"][0]["direction"] == "response"
    assert found["python"][0]["names"] == ["a.f(x)", "b.f(x)"]


def test_a_change_says_whether_requests_differ() -> None:
    assert not change().on_wire
    assert change(consequences=(Consequence(REQUEST, Effect.BREAKING, f"{SENT}another path", "nothing"),)).on_wire


TEXT = "# Changelog\n\n## Unreleased\n\n- Something.\n\n## 1.0\n\n- First.\n"


def test_an_entry_is_put_under_unreleased_and_replaced_by_the_next() -> None:
    first = changelog.insert(TEXT, ["one"], "CHANGELOG.md")
    assert first.split("\n")[4:9] == ["- Something.", "", changelog.BEGIN, "one", changelog.END]
    assert changelog.insert(first, ["one"], "CHANGELOG.md") == first
    assert changelog.insert(first, ["two"], "CHANGELOG.md") == first.replace("one", "two")
    assert changelog.insert(first, [], "CHANGELOG.md") == TEXT


def test_an_entry_has_a_line_for_each_change_that_callers_notice() -> None:
    found = comparison(change(), change(Effect.DOCUMENTATION, "Thing.words"), python=(PYTHON,))
    assert changelog.entry(found) == [
        "### For callers, since v1: major",
        "",
        "- **breaking** `Thing.name`: property removed: reading fails [getThing]",
        "- **breaking** Python `a.f(x)`: argument removed: a TypeError",
    ]
    assert changelog.entry(comparison(change(Effect.DOCUMENTATION))) == []


def test_a_rename_stands_in_the_changelog_with_both_names() -> None:
    renamed = PythonChange("argument-renamed", ("a.f(type_)",), "type_", "type", Effect.BREAKING, "write the new one")
    assert changelog.entry(comparison(python=(renamed,)))[-1] == (
        "- **breaking** Python `a.f(type_)`: argument renamed (type_ → type): write the new one"
    )


def test_nothing_in_a_description_ends_the_entry_of_the_changelog_or_its_line() -> None:
    hostile = change(place=f"a`b\n{changelog.END}\n\ud800\x1b[31m")
    written = changelog.entry(attrs.evolve(comparison(hostile), before=f"v1\n{changelog.END}"))
    assert not any(mark in line for line in written for mark in ("\n", "\x1b", "\ud800", "a`b"))
    after = changelog.insert(TEXT, written, "CHANGELOG.md")
    assert changelog.insert(after, [], "CHANGELOG.md") == TEXT
    assert after.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Changelog\n", "has no section '## Unreleased'"),
        (f"## Unreleased\n{changelog.END}\n{changelog.BEGIN}\n", "don't pair"),
        (f"## Unreleased\n{changelog.BEGIN}\n", "don't pair"),
    ],
)
def test_a_changelog_without_a_place_for_the_entry_is_an_input_error(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        changelog.insert(text, ["one"], "CHANGELOG.md")
