"""Help with a misspelt name: loaded only once somebody has misspelt one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

# A slip of the finger leaves more than this of a name as it was, and another word for the same thing less.
_SLIP = 0.85
_WORDS, _LETTERS = 0.3, 0.5
_FAR = (0.0, 0.0, 0.0)


def hint(name: str, free: Iterable[str], known: Iterable[str]) -> str:
    """The end of a message about ``name``: the nearest of the ``free`` names, or all that are ``known``.

    ``page`` is nearer to ``page_number`` than ``phone_number`` is, although that has more of its letters: of the names
    that share whole words with it, the one that shares most of them is meant.
    """
    nearest = max(((_nearness(name, one), one) for one in free), default=(_FAR, ""))
    return f": did you mean {nearest[1]!r}?" if nearest[0] > _FAR else f"; it has {', '.join(known) or 'none'}"


def _nearness(name: str, other: str) -> tuple[float, float, float]:
    """What counts first: a slip of the finger, then the part of their words that both have, then of their letters."""
    letters = SequenceMatcher(None, other, name).ratio()
    mine, others = _split(name), _split(other)
    words = len(mine & others) / len(mine | others) if mine & others else 0.0
    return (
        letters if letters >= _SLIP else 0.0,
        words if words >= _WORDS else 0.0,
        letters if letters >= _LETTERS else 0.0,
    )


def _split(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()))
