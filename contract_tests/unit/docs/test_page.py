"""The page as a file: what its script is, what it may do, and that the same input gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.reference import page

DOCUMENT: dict[str, Any] = {
    "info": {"title": "</title><script>alert(1)</script>", "version": "1"},
    "paths": {"/a": {"get": {"description": "</script><script>alert(2)</script>\u2028<!-- <script>"}}},
}
SCRIPT = "var Redoc = {init: function () {}};"


class Scripts(HTMLParser):
    """The scripts of a page as a browser separates them, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append((dict(attrs), ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._open:
            attributes, text = self.found[-1]
            self.found[-1] = (attributes, text + data)


def scripts(text: str) -> list[tuple[dict[str, str | None], str]]:
    parser = Scripts()
    parser.feed(text)
    return parser.found


def test_hostile_text_stays_data() -> None:
    rendered = page.render(DOCUMENT, SCRIPT)
    data, options, renderer, start = scripts(rendered)
    assert json.loads(data[1]) == DOCUMENT
    assert json.loads(options[1]) == page.OPTIONS
    assert (renderer[1], start[1]) == (SCRIPT, page.START)
    assert "<title>&lt;/title&gt;&lt;script&gt;" in rendered


def test_the_policy_allows_the_two_scripts_by_hash_and_nothing_from_anywhere() -> None:
    rendered = page.render(DOCUMENT, SCRIPT)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', rendered)
    directives = {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}
    running = [text for attributes, text in scripts(rendered) if attributes.get("type") != "application/json"]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in running]
    assert directives["script-src"] == hashes
    assert directives["default-src"] == ["'none'"]
    others = {word for name, words in directives.items() if name != "script-src" for word in words}
    assert others == {"'none'", "'unsafe-inline'", "data:", "blob:"}
    assert directives["style-src"] == ["'unsafe-inline'"], "styles alone may be inline"
    assert "src=" not in re.sub(r"-src ", " ", rendered.partition("<script")[0])


def test_the_policy_stands_before_everything_that_it_is_about() -> None:
    rendered = page.render(DOCUMENT, SCRIPT)
    assert rendered.index("Content-Security-Policy") < min(rendered.index("<style"), rendered.index("<script"))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert page.render(DOCUMENT, SCRIPT) == page.render(json.loads(json.dumps(DOCUMENT)), SCRIPT)


@pytest.mark.parametrize(
    "script",
    ["a </script> b", "'</SCRIPT >'", "'<!--'; '<script '", "a\r\nb", "'<!-- <script>' </script> '<script>'"],
)
def test_a_script_that_would_not_end_where_it_should_is_refused(script: str) -> None:
    with pytest.raises(InputError, match="inside a page"):
        page.render(DOCUMENT, script)


@pytest.mark.parametrize("script", ["'<!--'", "'<script>'", "'<!-- <script> -->'", "a<b", "'<scripted> </scripted>'"])
def test_a_script_that_ends_where_it_should_is_taken(script: str) -> None:
    assert page.render(DOCUMENT, script).count(script) == 1
