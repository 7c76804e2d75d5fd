"""The reader and teller of scenarios: what does not keep to the format is refused, what does not fit fails."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.unit.mock.scenario import USUAL, Step, Teller, read

GOOD = "A title.\n\n--- request\nGET /a\n\n--- answer\n200 OK\n\n{\n}\n"
USUAL_HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "x-ratelimit-limit": "40, 40;w=60",
    "x-ratelimit-remaining": "39",
    "x-ratelimit-reset": "15",
    "x-request-id": "0d9a4f8e-6f1c-4c55-9d0c-9a1f6c1f7b52",
}


def teller(**headers: str) -> Teller:
    """One whose server always gives the same answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = '{"id": "x1", "at": "2026-01-01T00:00:00.000Z"}'
        return httpx.Response(200, content=body, headers={**USUAL_HEADERS, **headers})

    return Teller(httpx.Client(base_url="http://mock.test", transport=httpx.MockTransport(answer)), "KEY")


def difference(telling: Teller, *lines: str) -> str:
    """What differs between the answer and the lines of an answer section."""
    came = telling.ask(Step("request", "", ("GET /a",), 1))
    return telling.difference(telling.expected(Step("answer", "", lines, 3)), came)


EXACT = ("200 OK", "", "{", '  "id": "x1",', '  "at": "<timestamp>"', "}")


def test_lines_that_fit_are_no_difference() -> None:
    assert difference(teller(), *EXACT) == ""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("201 Created", *EXACT[1:]), "expected: 201 Created\ncame:     200 OK"),
        ((*EXACT[:3], *EXACT[4:]), 'came:       "id": "x1",'),
        ((*EXACT, "more"), "came:     (nothing more)"),
        (EXACT[:-1], "expected: (nothing more)\ncame:     }"),
        (("200 OK",), "expected: (nothing more)"),
        ((*EXACT[:2], "{", '  "at": "<timestamp>",', '  "id": "x1"', "}"), 'expected:   "at"'),
        ((*EXACT[:3], '  "id": "<uuid>",', *EXACT[4:]), 'expected:   "id": "<uuid>",'),
        (("200 OK", "x-extra: 1", *EXACT[1:]), "expected: x-extra: 1"),
        (("200 OK", *USUAL[:4], *EXACT[1:]), "came:     x-request-id"),
    ],
)
def test_every_line_counts(lines: tuple[str, ...], message: str) -> None:
    assert message in difference(teller(), *lines)


def test_a_header_beyond_the_usual_has_to_be_named() -> None:
    assert "came:     x-extra: 1" in difference(teller(**{"x-extra": "1"}), *EXACT)
    assert difference(teller(**{"x-extra": "1"}), "200 OK", "x-extra: 1", *USUAL, *EXACT[1:]) == ""


def test_a_name_stands_for_one_value() -> None:
    telling = teller()
    assert difference(telling, *EXACT[:4], '  "at": "<timestamp first>"', "}") == ""
    assert telling.names == {"first": "2026-01-01T00:00:00.000Z"}
    assert difference(telling, *EXACT[:4], '  "at": "{first}"', "}") == ""
    assert difference(telling, *EXACT[:4], '  "at": "<timestamp next after first>"', "}") != ""
    telling.names["first"] = "2025-01-01T00:00:00.000Z"
    assert difference(telling, *EXACT[:4], '  "at": "<timestamp first>"', "}") != ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A title.\n",
        "\n--- request\nGET /a\n",
        "A title.\n\n--- request\nGET /a\n",
        "A title.\n\n--- answer\n200 OK\n",
        "A title.\n\n--- request\nGET /a\n\n--- request\nGET /a\n\n--- answer\n200 OK\n",
        GOOD + "\n--- answer\n200 OK\n",
        GOOD + "\n--- anwser\n200 OK\n",
        GOOD + "\n--- mock\nseed: 1\n",
    ],
)
def test_what_does_not_keep_to_the_format_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"section|behind it"):
        read(text)


def test_a_header_line_without_a_colon_is_refused() -> None:
    with pytest.raises(ValueError, match="line 7"):
        teller().ask(Step("request", "", ("GET /a", "nonsense"), 7))


def test_a_good_text_is_taken_apart() -> None:
    scenario = read(GOOD)
    assert scenario.title == "A title."
    assert [(step.kind, step.lines) for step in scenario.steps] == [
        ("request", ("GET /a",)),
        ("answer", ("200 OK", "", "{", "}")),
    ]
