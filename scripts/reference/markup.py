"""Text of the description as HTML that a Markdown renderer passes through, with no way for it to become markup.

OpenAPI descriptions are CommonMark, which lets raw HTML in. Here every ``<`` and ``&`` of a text becomes an entity and
every code span becomes a ``<code>`` element, so that all markup in the result is ours. That is one of three walls: the
renderer sanitises what it renders, and the page's security policy runs no script but its own two.
"""

from __future__ import annotations

import html
import re

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# Characters that mean something to Markdown (or to its links) even inside an inline element.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+.!|~:@/-]")


def markdown(text: str) -> str:
    """A description, still Markdown, without raw HTML. Fenced code turns into inline code."""
    pieces, end = [], 0
    for found in _CODE.finditer(text):
        pieces += [_plain(text[end : found.start()]), code(found[2].strip())]
        end = found.end()
    return "".join([*pieces, _plain(text[end:])])


def inline(text: str) -> str:
    """One line of HTML: code spans become elements, all else is shown as it stands, Markdown included."""
    pieces, end = [], 0
    for found in _CODE.finditer(text):
        pieces += [literal(text[end : found.start()]), code(found[2].strip())]
        end = found.end()
    return "".join([*pieces, literal(text[end:])])


def code(text: str) -> str:
    """A ``<code>`` element that shows ``text`` as it is."""
    return f"<code>{literal(text)}</code>"


def literal(text: str) -> str:
    """``text`` so that neither HTML nor Markdown reads anything into it; line breaks become spaces."""
    escaped = html.escape(" ".join(text.split("\n")), quote=True)
    # Entities that were just made hold ``#`` and letters only inside ``&…;``, which must stay whole.
    return re.sub(r"&(?:#x?)?[0-9A-Za-z]+;|.", _entity, escaped)


def ticked(value: object) -> str:
    """A value as a code span for ``inline``; backticks of its own would end the span and are dropped."""
    text = str(value).replace("`", "")
    return f"`{text}`" if text.strip() else "(nothing)"


def _entity(found: re.Match[str]) -> str:
    text = found[0]
    return f"&#{ord(text)};" if len(text) == 1 and _MARKDOWN.match(text) else text


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
