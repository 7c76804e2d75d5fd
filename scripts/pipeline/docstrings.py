"""Docstrings of the facade: what a method does, its arguments, what it raises. Any text may stand in a description.

A docstring is written as a literal that reads back as exactly the text meant, whatever quotes, backslashes or line
ends are in it; what is no printable character becomes a space.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

WIDTH = 112
INDENT = "    "
# What runtime/errors.py raises for a status; the rest is ServerError or UnexpectedStatus.
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "PermissionDenied",
    "404": "NotFound",
    "409": "Conflict",
    "422": "Unprocessable",
    "429": "RateLimited",
}


def plain(text: object) -> str:
    """``text`` on one line, without characters that are not printable."""
    cleaned = "".join(character if character.isprintable() else " " for character in str(text or ""))
    return re.sub(r" +", " ", cleaned).strip()


def paragraphs(text: object) -> list[str]:
    """The paragraphs of a description, each on one line."""
    return [said for part in re.split(r"\n[ \t]*\n", str(text or "")) if (said := plain(part))]


def compose(lead: Iterable[str], sections: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """A docstring's text: paragraphs, then sections of (name, text), each wrapped; empty sections are left out."""
    blocks = ["\n".join(textwrap.wrap(part, WIDTH, break_long_words=False)) for part in lead if part]
    for title, entries in sections:
        if lines := [line for name, said in entries for line in _entry(name, said)]:
            blocks.append("\n".join([f"{title}:", *lines]))
    return "\n\n".join(blocks)


def _entry(name: str, said: str) -> list[str]:
    text = f"{name}: {said}" if said else name
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=INDENT,
        subsequent_indent=INDENT * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )


def literal(text: str, indent: str) -> str:
    """``text`` as a docstring literal whose lines after the first are indented by ``indent``."""
    # Quotes end the literal where three follow each other, and where one stands before its end.
    escaped = re.sub(r'"{3,}|"+\Z', lambda quotes: '\\"' * len(quotes[0]), text.replace("\\", "\\\\"))
    lines = escaped.split("\n")
    body = "\n".join([lines[0], *(f"{indent}{line}" if line else "" for line in lines[1:])])
    return f'"""{body}\n{indent}"""' if len(lines) > 1 else f'"""{body}"""'
