"""No text of the description becomes markup, and all of it stays readable."""

from __future__ import annotations

import html
import re

import pytest

from scripts.reference import markup

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "`<img src=x onerror=alert(1)>`",
    "``a`<b>`c``",
    "`open <i> span",
    "<!-- comment -->",
    "&lt;b&gt;",
    "a\n\n<details open ontoggle=alert(1)>\n\nb",
    "[x](javascript:alert(1))",
    '<SchemaDefinition schemaRef="#/a" />',
    "`[x](javascript:alert(1))`",
    "\"quoted\" and 'quoted'",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [markup.markdown, markup.inline])
def test_the_only_elements_are_code_spans(write: object, text: str) -> None:
    written = write(text)  # type: ignore[operator]
    assert set(re.findall(r"<[^>]*>?", written)) <= {"<code>", "</code>"}
    assert written.count("<code>") == written.count("</code>")


@pytest.mark.parametrize("text", [text for text in HOSTILE if "`" not in text and "\n" not in text])
def test_what_is_shown_is_the_text_as_it_was_written(text: str) -> None:
    assert html.unescape(markup.inline(text)) == text
    assert html.unescape(markup.markdown(text)) == text


def test_a_code_span_shows_its_content_and_offers_markdown_nothing() -> None:
    assert markup.inline("see `a_b` & `x<y`") == "see <code>a_b</code> &amp; <code>x&lt;y</code>"
    written = markup.markdown("`**a** [b](c) _d_ www.e.f https://g snake_case`")
    assert html.unescape(written) == "<code>**a** [b](c) _d_ www.e.f https://g snake_case</code>"
    assert not set("*[]:.") & set(written)
    assert "snake_case" in written, "the page's search has to find names"


def test_markdown_outside_code_stays_markdown() -> None:
    assert markup.markdown("**strong** _and_ [link](https://example.com)") == (
        "**strong** _and_ [link](https://example.com)"
    )


def test_a_block_stays_on_one_line() -> None:
    assert markup.literal("a\n\nb\r\nc\u2028d") == "a  b c d"


@pytest.mark.parametrize(("value", "shown"), [("a", "`a`"), ("a`b", "`ab`"), ("", "(nothing)"), (40331, "`40331`")])
def test_a_ticked_value_is_one_code_span(value: object, shown: str) -> None:
    assert markup.ticked(value) == shown
