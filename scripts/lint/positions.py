"""The line of a pointer in one large file, found for many pointers in a single pass.

``load.Source.line`` builds a tree of the whole file first, which takes half a minute for ten megabytes of JSON. Here
JSON is scanned once, skipping what nobody asked for; YAML has no cheaper way and goes through ``Source``.
"""

from __future__ import annotations

import json
import re
from typing import Any

import attrs

from scripts.pipeline import pointers
from scripts.pipeline.load import Source
from scripts.pipeline.places import Place

# What can change the depth or name a member; other characters are passed over by the scanner.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]')
_VISIBLE = re.compile(r"\S")


class Positions:
    """Lines of one file. Call ``prepare`` with all pointers first: asking one by one scans each time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines: dict[str, int] = {}

    def prepare(self, wanted: set[str]) -> None:
        """Find the lines of many pointers at once."""
        if self._source.path.suffix == ".json":
            self._lines |= scan(self._source.text, wanted - self._lines.keys())

    def place(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of the nearest part of it that exists."""
        if self._source.path.suffix != ".json":
            return Place(self._source.name, self._source.line(pointer))
        if pointer not in self._lines:
            self.prepare({pointer})
        return Place(self._source.name, self._lines[pointer])


def scan(text: str, wanted: set[str]) -> dict[str, int]:
    """The 1-based line of each pointer in a JSON text that has been read without error.

    In an object it is the line of the key, in an array that of the entry's first character. A pointer to nothing gets
    the line of the deepest part of it that exists.
    """
    return _Scan(text, wanted).run() if wanted else {}


class _Scan:
    """One pass over a JSON text with a tree of the pointers that are still looked for."""

    def __init__(self, text: str, wanted: set[str]) -> None:
        self._text = text
        self._wanted = wanted
        self._found: dict[tuple[str, ...], int] = {(): _skip_space(text, 0)}
        self._tree: dict[str, Any] = {}
        for pointer in wanted:
            branch = self._tree
            for token in pointers.split(pointer):
                branch = branch.setdefault(token, {})

    def run(self) -> dict[str, int]:
        self._walk()
        lines = _line_numbers(self._text, set(self._found.values()))
        result = {}
        for pointer in self._wanted:
            tokens = pointers.split(pointer)
            length = next(n for n in range(len(tokens), -1, -1) if tokens[:n] in self._found)
            result[pointer] = lines[self._found[tokens[:length]]]
        return result

    def _walk(self) -> None:
        """Walk the containers that lead to a wanted pointer and jump over all others."""
        stack: list[_Frame] = []
        here: tuple[tuple[str, ...], dict[str, Any] | None] = ((), self._tree)
        skipped = 0
        for match in _TOKEN.finditer(self._text):
            start = match.start()
            mark = self._text[start]
            if skipped:
                skipped += (mark in "{[") - (mark in "}]")
            elif mark == '"':
                if stack and stack[-1].wants_key:
                    stack[-1].wants_key = False
                    here = self._enter(stack[-1], json.loads(match.group()), start)
            elif mark in "{[":
                way, branch = here
                if not branch:
                    skipped = 1
                    continue
                stack.append(_Frame(way, branch, 0 if mark == "[" else None, wants_key=mark == "{"))
                if mark == "[":
                    here = self._enter(stack[-1], "0", _skip_space(self._text, match.end()))
            elif mark in "}]":
                stack.pop()
            elif mark == "," and stack[-1].index is None:
                stack[-1].wants_key = True
            elif mark == "," and stack[-1].index is not None:
                stack[-1].index += 1
                here = self._enter(stack[-1], str(stack[-1].index), _skip_space(self._text, match.end()))

    def _enter(self, frame: _Frame, token: str, offset: int) -> tuple[tuple[str, ...], dict[str, Any] | None]:
        """The way to a member and what is looked for in it; its offset is noted when anything is."""
        way, branch = (*frame.way, token), frame.branch.get(token)
        if branch is not None:
            self._found[way] = offset
        return way, branch


@attrs.define
class _Frame:
    """An object or array that is being read; ``index`` counts an array's entries and is ``None`` in an object."""

    way: tuple[str, ...]
    branch: dict[str, Any]
    index: int | None
    wants_key: bool


def _skip_space(text: str, offset: int) -> int:
    found = _VISIBLE.search(text, offset)
    return found.start() if found else offset


def _line_numbers(text: str, offsets: set[int]) -> dict[int, int]:
    """The 1-based line of each offset."""
    lines, line, last = {}, 1, 0
    for offset in sorted(offsets):
        line += text.count("\n", last, offset)
        lines[offset] = line
        last = offset
    return lines
