"""Records are called by their words, with the article that these take."""

from __future__ import annotations

import pytest

from scripts.scaffold import wording


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("widget", "a"),
        ("address", "an"),
        ("order", "an"),
        ("user", "a"),
        ("unit", "a"),
        ("upload", "an"),
        ("uuid", "a"),
    ],
)
def test_the_article_suits_the_word(words: str, article: str) -> None:
    assert wording.article(words) == article
