"""How a record is called in a sentence."""

from __future__ import annotations

import re


def article(words: str) -> str:
    """``a`` or ``an`` by spelling: ``a user``, ``an upload``, ``an address``."""
    if re.match(r"u[bcdfghjklmnpqrstvwxz][aeiou]|uu|eu|one\b", words):
        return "a"
    return "an" if words[:1] in set("aeiou") else "a"
