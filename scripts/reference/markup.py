"""Text of the description as HTML that a Markdown renderer passes through, with no way for it to become markup.

OpenAPI descriptions are CommonMark, which lets raw HTML in. Here every ``<`` and ``&`` of a text becomes an entity and
every code span becomes a ``<code>`` element, so that all markup in the result is ours. That is one of three walls: the
renderer sanitises what it renders, and the page's security policy runs no script but its own two.

``inline`` and ``literal`` are for blocks of HTML, in which Markdown reads nothing (CommonMark 0.31, section 4.6);
``markdown`` is for texts that stay Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# What Markdown would act on inside an inline element: emphasis, links, addresses. An underscore within a word is
# harmless, and stays, so that the page's search finds names.
_MARKDOWN = re.compile(r"[\\`*\[\]~|:@.!]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def markdown(text: str) -> str:
    """A description, still Markdown, without raw HTML. Fenced code turns into inline code."""

    def code(content: str) -> str:
        return f"<code>{_MARKDOWN.sub(lambda found: f'&#{ord(found[0])};', literal(content))}</code>"

    return _parts(text, lambda between: between.replace("&", "&amp;").replace("<", "&lt;"), code)


def inline(text: str) -> str:
    """One line of HTML: code spans become elements, all else is shown as it stands, Markdown included."""
    return _parts(text, literal, lambda content: f"<code>{literal(content)}</code>")


def literal(text: str) -> str:
    """One line of HTML that shows ``text`` as it stands; line breaks become spaces."""
    return html.escape(" ".join(text.splitlines()), quote=True)


def ticked(value: object) -> str:
    """A value as a code span for ``inline``; backticks of its own would end the span and are dropped."""
    text = str(value).replace("`", "")
    return f"`{text}`" if text.strip() else "(nothing)"


def _parts(text: str, plain: Callable[[str], str], code: Callable[[str], str]) -> str:
    """The text with ``code`` applied to the content of its code spans and ``plain`` to all between them."""
    pieces, end = [], 0
    for found in _CODE.finditer(text):
        pieces += [plain(text[end : found.start()]), code(found[2].strip())]
        end = found.end()
    return "".join([*pieces, plain(text[end:])])
