"""The line of a pointer in one large file, found for many pointers in a single pass.

``load.Source.line`` looks for one pointer at a time in a tree of the whole file. Here both are gone through once, for
all pointers: the text of a JSON file, skipping what nobody asked for, or the tree that a YAML reader makes.
"""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
import yaml

from scripts.pipeline import pointers
from scripts.pipeline.load import Source
from scripts.pipeline.places import Place

# What can change the depth or name a member; other characters are passed over by the scanner.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]')
Tree = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VISIBLE = re.compile(r"\S")


class Positions:
    """Lines of one file. Call ``prepare`` with all pointers first: asking one by one scans each time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines: dict[str, int] = {}

    def prepare(self, wanted: set[str]) -> None:
        """Find the lines of many pointers at once."""
        find = scan if self._source.path.suffix == ".json" else scan_yaml
        self._lines |= find(self._source.text, wanted - self._lines.keys())

    def place(self, pointer: str) -> Place:
        """The place of the value at a pointer, or of the nearest part of it that exists."""
        if pointer not in self._lines:
            self.prepare({pointer})
        return Place(self._source.name, self._lines[pointer])


def scan(text: str, wanted: set[str]) -> dict[str, int]:
    """The 1-based line of each pointer in a JSON text that has been read without error.

    In an object it is the line of the key, in an array that of the entry's first character. A pointer to nothing gets
    the line of the deepest part of it that exists.
    """
    return _Scan(text, wanted).run() if wanted else {}


def scan_yaml(text: str, wanted: set[str]) -> dict[str, int]:
    """The same for a YAML text; an alias has the lines of what it stands for."""
    root = yaml.compose(text, Loader=_LOADER) if wanted else None
    if root is None:
        return dict.fromkeys(wanted, 1)
    found: dict[tuple[str, ...], int] = {(): root.start_mark.line + 1}
    pending: list[tuple[yaml.Node, Tree, tuple[str, ...]]] = [(root, _tree(wanted), ())]
    while pending:
        node, branch, way = pending.pop()
        members: list[tuple[str, yaml.Node, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            members = [(key.value, key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        elif isinstance(node, yaml.SequenceNode):
            members = [(str(index), value, value) for index, value in enumerate(node.value)]
        for token, at, value in members:
            if token in branch:
                found[(*way, token)] = at.start_mark.line + 1
                pending.append((value, branch[token], (*way, token)))
    return _nearest(wanted, found)


def _tree(wanted: set[str]) -> Tree:
    """Pointers as a tree of their tokens."""
    tree: Tree = {}
    for pointer in wanted:
        branch = tree
        for token in pointers.split(pointer):
            branch = branch.setdefault(token, {})
    return tree


def _nearest(wanted: set[str], found: dict[tuple[str, ...], int]) -> dict[str, int]:
    """What was found for each pointer, or for the longest part of it."""
    result = {}
    for pointer in wanted:
        tokens = pointers.split(pointer)
        length = next(n for n in range(len(tokens), -1, -1) if tokens[:n] in found)
        result[pointer] = found[tokens[:length]]
    return result


class _Scan:
    """One pass over a JSON text with a tree of the pointers that are still looked for."""

    def __init__(self, text: str, wanted: set[str]) -> None:
        self._text = text
        self._wanted = wanted
        self._found: dict[tuple[str, ...], int] = {(): _skip_space(text, 0)}
        self._tree = _tree(wanted)

    def run(self) -> dict[str, int]:
        self._walk()
        lines = _line_numbers(self._text, set(self._found.values()))
        return {pointer: lines[offset] for pointer, offset in _nearest(self._wanted, self._found).items()}

    def _walk(self) -> None:
        """Walk the containers that lead to a wanted pointer and jump over all others."""
        stack: list[_Frame] = []
        here: tuple[tuple[str, ...], Tree | None] = ((), self._tree)
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

    def _enter(self, frame: _Frame, token: str, offset: int) -> tuple[tuple[str, ...], Tree | None]:
        """The way to a member and what is looked for in it; its offset is noted when anything is."""
        way, branch = (*frame.way, token), frame.branch.get(token)
        if branch is not None:
            self._found[way] = offset
        return way, branch


@attrs.define
class _Frame:
    """An object or array that is being read; ``index`` counts an array's entries and is ``None`` in an object."""

    way: tuple[str, ...]
    branch: Tree
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
