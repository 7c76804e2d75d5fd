"""Help with a misspelt name: loaded only once somebody has misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def hint(name: str, free: Iterable[str], known: Iterable[str]) -> str:
    """The end of a message about ``name``: the nearest of the ``free`` names, or all that are ``known``."""
    nearest = get_close_matches(name, list(free), n=1, cutoff=0.5)
    return f": did you mean {nearest[0]!r}?" if nearest else f"; it has {', '.join(known) or 'none'}"
