"""Texts that match, or do not match, a ``pattern`` of the description.

Covers what descriptions use: literals, escapes, classes, groups, alternatives, quantifiers, ``^`` and ``$``.
Anything else (look-around, back-references, properties) raises ``UnsupportedPattern``: a sample that is not
sure to match would turn into a false finding.
"""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from enum import Enum

DIGITS = string.digits
WORD = string.ascii_letters + string.digits + "_"
PRINTABLE = string.ascii_letters + string.digits + " .,-_"
CLASSES = {"d": DIGITS, "w": WORD, "s": " "}
CONTROL = {"t": "\t", "n": "\n", "r": "\r"}
# How far an open-ended quantifier is taken.
OPEN_END = 8


class UnsupportedPattern(ValueError):
    """The pattern uses something that this module cannot write texts for."""


class Reach(Enum):
    """How often a quantified part is repeated: as rarely or as often as it may be, or anything between."""

    SHORT = "short"
    LONG = "long"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ``options``."""

    options: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences of parts."""

    branches: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, ``least`` to ``most`` times."""

    part: Part
    least: int
    most: int


Part = Chars | Choice | Repeat


def matching(pattern: str, rng: random.Random, extra: int = 0) -> list[str]:
    """A short, a long and ``1 + extra`` drawn texts that match; every branch of an outer choice occurs."""
    tree = _Parser(pattern).whole()
    found = [_write(tree, reach, rng) for reach in (Reach.SHORT, Reach.LONG, *[Reach.ANY] * (1 + extra))]
    found += [_write(Choice((branch,)), Reach.SHORT, rng) for branch in _outer_branches(tree)]
    for text in found:
        if not re.search(pattern, text):
            raise UnsupportedPattern(f"{pattern!r} does not match {text!r}, which was written for it")
    return list(dict.fromkeys(found))


def failing(pattern: str, rng: random.Random) -> list[str]:
    """Up to three texts that do not match: near misses first. Empty when the pattern takes everything tried."""
    near: list[str] = []
    for text in matching(pattern, rng):
        near += [f"{text}!", f"!{text}", text.swapcase(), text + text, text[:-1], f"{text}\n."]
    strange = ["", "é", "!", " ", "-1", "x" * 300]
    return [text for text in dict.fromkeys(near + strange) if not re.search(pattern, text)][:3]


def _outer_branches(tree: Choice) -> tuple[tuple[Part, ...], ...]:
    if len(tree.branches) > 1:
        return tree.branches
    only = tree.branches[0]
    return only[0].branches if len(only) == 1 and isinstance(only[0], Choice) else ()


def _write(part: Part, reach: Reach, rng: random.Random) -> str:
    match part:
        case Chars(options):
            return rng.choice(options)
        case Choice(branches):
            return "".join(_write(inner, reach, rng) for inner in rng.choice(branches))
        case Repeat(inner, least, most):
            times = {Reach.SHORT: least, Reach.LONG: most}.get(reach)
            times = rng.randint(least, most) if times is None else times
            return "".join(_write(inner, reach, rng) for _ in range(times))


class _Parser:
    """Recursive descent over one pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def whole(self) -> Choice:
        tree = self._choice()
        if self._at != len(self._pattern):
            raise self._unsupported()
        return tree

    def _choice(self) -> Choice:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return Choice(tuple(branches))

    def _sequence(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            if self._take("^") or self._take("$"):
                continue
            parts.append(self._quantified(self._atom()))
        return tuple(parts)

    def _atom(self) -> Part:
        if self._take("("):
            if self._take("?") and not self._take(":"):
                raise self._unsupported()
            tree = self._choice()
            self._need(")")
            return tree
        if self._take("["):
            return self._set()
        if self._take("."):
            return Chars(PRINTABLE)
        if self._take("\\"):
            return Chars(self._escape())
        if self._pattern[self._at] in "*+?{":
            raise self._unsupported()
        return Chars(self._next())

    def _escape(self) -> str:
        letter = self._next()
        if letter in CLASSES or letter in CONTROL:
            return CLASSES.get(letter) or CONTROL[letter]
        if letter.isalnum():
            raise self._unsupported()
        return letter

    def _set(self) -> Chars:
        negated = self._take("^")
        options = ""
        while not self._take("]"):
            first = self._escape() if self._take("\\") else self._next()
            if len(first) == 1 and self._pattern[self._at : self._at + 1] == "-" and self._peek(1) != "]":
                self._at += 1
                last = self._escape() if self._take("\\") else self._next()
                options += "".join(chr(code) for code in range(ord(first), ord(last) + 1))
            else:
                options += first
        if negated:
            options = "".join(letter for letter in PRINTABLE if letter not in options)
        if not options:
            raise self._unsupported()
        return Chars(options)

    def _quantified(self, part: Part) -> Part:
        least, most = 1, 1
        if self._take("?"):
            least, most = 0, 1
        elif self._take("*"):
            least, most = 0, OPEN_END
        elif self._take("+"):
            least, most = 1, OPEN_END
        elif found := re.match(r"\{(\d+)(,?)(\d*)\}", self._pattern[self._at :]):
            self._at += found.end()
            least = int(found[1])
            most = int(found[3]) if found[3] else least + OPEN_END if found[2] else least
        else:
            return part
        self._take("?")
        return Repeat(part, least, most)

    def _peek(self, ahead: int) -> str:
        return self._pattern[self._at + ahead : self._at + ahead + 1]

    def _take(self, letter: str) -> bool:
        if self._peek(0) == letter:
            self._at += 1
            return True
        return False

    def _need(self, letter: str) -> None:
        if not self._take(letter):
            raise self._unsupported()

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise self._unsupported()
        self._at += 1
        return self._pattern[self._at - 1]

    def _unsupported(self) -> UnsupportedPattern:
        return UnsupportedPattern(f"pattern {self._pattern!r} at {self._at}: not understood here")
