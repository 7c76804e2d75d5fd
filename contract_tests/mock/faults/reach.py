"""Whether a pattern of a fault can meet any path that is described; one that cannot is a slip of the pen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

# Of a pattern (``fnmatch``): a star, any character, one of a set. Of a path: a parameter.
PIECES = re.compile(r"\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)
PARAMETER = re.compile(r"\{[^}]*\}|.")


class Piece(NamedTuple):
    """One character that is ``like`` a pattern, or any number of such characters; ``within`` a step it is no slash."""

    like: str
    many: bool = False
    within: bool = False


def _pattern(text: str) -> list[Piece]:
    return [Piece("?", many=True) if one == "*" else Piece(one) for one in PIECES.findall(text)]


def _template(path: str) -> list[Piece]:
    value = [Piece("?", within=True), Piece("?", many=True, within=True)]
    pieces = [value if len(one) > 1 else [Piece(one)] for one in PARAMETER.findall(path)]
    return [piece for group in pieces for piece in group]


def _share(pattern: Piece, path: Piece) -> bool:
    """Whether some character is of both."""
    if path.like == "?":
        return not (path.within and pattern.like == "/")
    return fnmatchcase(path.like, pattern.like)


def reaches(pattern: str, path: str) -> bool:
    """Whether a pattern fits any path of the form ``/messaging_profiles/{id}``, whatever its parameters are."""
    wanted, given = _pattern(pattern), _template(path)
    open_, seen = [(0, 0)], set[tuple[int, int]]()
    while open_:
        at = open_.pop()
        if at in seen:
            continue
        seen.add(at)
        left, right = at
        if left == len(wanted) and right == len(given):
            return True
        # What may be there any number of times may be left out.
        if left < len(wanted) and wanted[left].many:
            open_.append((left + 1, right))
        if right < len(given) and given[right].many:
            open_.append((left, right + 1))
        if left < len(wanted) and right < len(given) and _share(wanted[left], given[right]):
            open_.append((left + (not wanted[left].many), right + (not given[right].many)))
    return False


def pattern_of(path: str) -> str:
    """The pattern that fits every path of a form: ``/messaging_profiles/*``."""
    return re.sub(r"\{[^}]*\}", "*", path)


def nearest(text: str, among: Iterable[str]) -> str | None:
    """What looks most like a text; None when nothing is there."""
    found = difflib.get_close_matches(text, sorted(set(among)), n=1, cutoff=0.0)
    return found[0] if found else None
