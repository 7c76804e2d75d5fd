"""Add an entry to a list or an object of a YAML file that people keep by hand: its other lines stay as they are.

The file is not read and written back, which would lose comments and fold lines anew. The place of the entry is found
in the parsed text, the entry is inserted as text, and the result is parsed again: unless it says exactly what the
file said before plus the entry, nothing is changed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import yaml

from scripts.errors import InputError
from scripts.pipeline import load
from scripts.pipeline.load import Source


@attrs.frozen
class _Entry:
    """An entry that is there: its name, its first line (0-based) and the column where it begins."""

    name: str
    line: int
    column: int


def add(source: Source, section: str, text: str, *, by: str | None = None, last: bool = False) -> Source:
    """``source`` with the entry ``text`` (not indented) in its top-level ``section``.

    ``section`` is a list of objects that have a name in the member ``by``, or an object when ``by`` is None. The entry
    stands before the first one whose name sorts after its own, else (always with ``last``) at the end. ``InputError``
    when there is no such section in block style or the entry can't be added without a change elsewhere.
    """
    value = load.parse(text, Path("entry.yaml"), "entry.yaml").contents
    name = next(iter(value)) if by is None else value[0][by]
    entries, last_line = _entries(source, section, by)
    if name in {entry.name for entry in entries}:
        raise _refused(source, section, f"{section} has an entry {name} already")
    lines = source.text.split("\n")
    place = len(entries) if last else _place([entry.name for entry in entries], name)
    at = _above_comments(lines, entries[place]) if place < len(entries) else _end(lines, last_line)
    indent = " " * entries[0].column
    added = [f"{indent}{line}" if line else "" for line in text.rstrip("\n").split("\n")]
    if at == len(lines):  # the file's last line has no line end
        added.append("")
    changed = "\n".join([*lines[:at], *added, *lines[at:]])
    try:
        result = load.parse(changed, source.path, source.name)
    except InputError:  # its message would speak of a text that nobody wrote
        result = source
    if result.contents != _with(source.contents, section, value, place):
        raise _refused(source, section, f"{name} can't be added without changing other entries")
    return result


def _entries(source: Source, section: str, by: str | None) -> tuple[list[_Entry], int]:
    """The entries of a section in their order, and the last line (0-based) of the last one."""
    root = yaml.compose(source.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    members = root.value if isinstance(root, yaml.MappingNode) else []
    node = next((value for key, value in members if key.value == section), None)
    wanted = yaml.MappingNode if by is None else yaml.SequenceNode
    if not isinstance(node, wanted) or node.flow_style or not node.value:
        raise _refused(source, section, f"{section} must be written in block style with an entry a line")
    return list(_listed(node, by, source, section)), _last_line(node)


def _listed(node: yaml.CollectionNode, by: str | None, source: Source, section: str) -> Iterator[_Entry]:
    for item in node.value:
        if by is None:
            key = item[0]
            yield _Entry(key.value, key.start_mark.line, key.start_mark.column)
            continue
        names = [value.value for key, value in getattr(item, "value", []) if getattr(key, "value", None) == by]
        if not isinstance(item, yaml.MappingNode) or not names:
            raise _refused(source, section, f"an entry of {section} has no {by}")
        # The node of a list's entry begins after its dash.
        yield _Entry(names[0], item.start_mark.line, node.start_mark.column)


def _last_line(node: yaml.Node) -> int:
    """The last line that a value takes; a node's own end mark is where the next one begins."""
    while isinstance(node, yaml.CollectionNode) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    mark = node.end_mark
    return int(mark.line) - (1 if mark.column == 0 and mark.line > node.start_mark.line else 0)


def _above_comments(lines: list[str], entry: _Entry) -> int:
    """The line to insert at before an entry: comments directly above it belong to it."""
    at = entry.line
    while at and lines[at - 1].lstrip().startswith("#") and len(lines[at - 1]) - len(lines[at - 1].lstrip()):
        at -= 1
    return at


def _end(lines: list[str], last: int) -> int:
    """The line to insert at after the last entry: blank lines before the next section stay there."""
    at = min(last + 1, len(lines))
    while at > 1 and not lines[at - 1].strip():
        at -= 1
    return at


def _place(names: list[str], name: str) -> int:
    """The index of the first name that sorts after ``name``, else the number of names."""
    return next((index for index, other in enumerate(names) if other > name), len(names))


def _with(contents: Any, section: str, value: Any, place: int) -> Any:
    """What the file must say with the entry added; members of an object have no order here."""
    wanted = copy.deepcopy(contents)
    if isinstance(value, dict):
        wanted[section].update(value)
    else:
        wanted[section][place:place] = value
    return wanted


def _refused(source: Source, section: str, message: str) -> InputError:
    return source.error(message, f"/{section}", fix="add the entry by hand, or bring the section into the usual form")
