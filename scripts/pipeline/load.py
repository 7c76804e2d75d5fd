"""Read YAML and JSON files as JSON values, strictly, and know the line of every value.

Stock YAML readers change what they read: ``200:`` becomes a number, ``2026-01-01`` a date, ``no`` false, ``010`` eight,
and the second of two equal keys wins in silence. Here keys are always strings, plain scalars become null, booleans or
numbers only where they look like JSON's, and everything else that JSON can't say is an ``InputError`` with its line.
"""

from __future__ import annotations

import functools
import json
import marshal
import math
import re
from pathlib import Path
from typing import Any

import attrs
import yaml

from scripts.errors import InputError
from scripts.pipeline import pointers

JsonObject = dict[str, Any]

# An alias may stand for a large value many times over; beyond this many values a file is an attack or a mistake.
MOST_VALUES = 2_000_000
# Levels of nesting; far above any description, and far below what exhausts Python's stack.
DEEPEST = 200
# From so many brackets or so long an indentation on, the nesting is measured before a text is composed.
_SUSPECT = 2000
# Characters of a file that is worth keeping.
_SMALL = 50_000
_DEEP_LINE = re.compile(rf"^[-?:\t ]{{{_SUSPECT},}}", re.MULTILINE)
_TAG = "tag:yaml.org,2002:"
# What YAML's reader accepts (YAML 1.2, section 5.1); anything else is reported with its line before parsing.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Composer(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # chosen at run time
    """libyaml's parser (the slow one where it is missing) with JSON's idea of plain scalars."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own protocol


for _kind, _pattern, _first in (
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
):
    _Composer.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(f"^{_pattern}$"), _first)


@attrs.frozen
class Source:
    """One file: ``path`` absolute, ``name`` as messages show it, ``contents`` the JSON value it holds."""

    path: Path
    name: str
    text: str = attrs.field(repr=False)
    contents: Any = attrs.field(repr=False)

    def line(self, pointer: str) -> int | None:
        """The 1-based line where the value at ``pointer`` (or the nearest part of it that exists) is written."""
        return _line(self.text, pointer)

    def error(self, message: str, pointer: str | None = None, fix: str | None = None) -> InputError:
        """An ``InputError`` about this file, or about the value at ``pointer`` in it."""
        line = None if pointer is None else self.line(pointer)
        return InputError(message, file=self.name, line=line, pointer=pointer or None, fix=fix)


def read(path: Path, name: str | None = None) -> Source:
    """Read a YAML or (by its suffix) JSON file; ``InputError`` when it is missing, not UTF-8, not valid or empty."""
    shown = name if name is not None else str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise InputError(f"cannot be read: {problem.strerror}", file=shown) from problem
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise InputError("is not UTF-8 text", file=shown, line=line, fix="save the file as UTF-8") from problem
    return parse(text, path, shown)


def parse(text: str, path: Path, name: str) -> Source:
    """The ``Source`` for a text that was read from ``path``; the suffix ``.json`` selects the JSON rules."""
    text = text.replace("\r\n", "\n")
    contents = _from_json(text, name) if path.suffix == ".json" else _from_yaml(text, name)
    return Source(path=path, name=name, text=text, contents=contents)


def _from_json(text: str, name: str) -> Any:
    """JSON text as a value; duplicate keys and NaN are refused."""

    def unique(pairs: list[tuple[str, Any]]) -> JsonObject:
        members = dict(pairs)
        if len(members) < len(pairs):
            seen: set[str] = set()
            key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise _duplicate(key, name, _line_of_duplicate(text, key))
        return members

    def finite(literal: str) -> float:
        number = float(literal)
        if not math.isfinite(number):
            raise InputError(f"{literal} is not a number that JSON can hold", file=name)
        return number

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=finite, parse_float=finite)
    except json.JSONDecodeError as problem:
        raise InputError(f"is not valid JSON: {problem.msg}", file=name, line=problem.lineno) from problem
    except ValueError as problem:  # Python converts integers of up to 4300 digits only
        raise InputError("holds a number of more digits than can be read", file=name) from problem
    except RecursionError as problem:
        raise InputError("is nested too deeply to be read", file=name) from problem


def _duplicate(key: str, name: str, line: int | None) -> InputError:
    return InputError(f"the key {key!r} stands twice in one object", file=name, line=line, fix="keep one of them")


def _line_of_duplicate(text: str, key: str) -> int | None:
    """The line of the first repeated ``key``, found by reading the JSON again as YAML."""
    try:
        _from_yaml(text, "")
    except InputError as problem:
        return problem.line if repr(key) in problem.message else None
    return None


def _from_yaml(text: str, name: str) -> Any:
    """YAML text as a JSON value, always a fresh one."""
    return marshal.loads(_kept(text, name)) if len(text) < _SMALL else _read_yaml(text, name)


@functools.lru_cache(maxsize=4096)
def _kept(text: str, name: str) -> bytes:
    """What a text says, packed: two versions of a description have nearly all their files in common."""
    return marshal.dumps(_read_yaml(text, name))


def _read_yaml(text: str, name: str) -> Any:
    if node := _compose(text, name):
        try:
            return _Reader(name).value(node)
        except RecursionError as problem:
            raise InputError("is nested too deeply to be read", file=name) from problem
    raise InputError("is empty", file=name, line=1)


def _compose(text: str, name: str) -> yaml.Node | None:
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise InputError(f"holds the character U+{ord(unprintable[0]):04X}, which YAML forbids", file=name, line=line)
    _refuse_depth(text, name)
    composer = _Composer(text)
    try:
        node: yaml.Node | None = composer.get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        said = ", ".join(filter(None, (problem.context, problem.problem)))
        raise InputError(f"is not valid YAML: {said}", file=name, line=mark.line + 1 if mark else None) from problem
    except RecursionError as problem:
        raise InputError("is nested too deeply to be read", file=name) from problem
    finally:
        composer.dispose()
    return node


def _refuse_depth(text: str, name: str) -> None:
    """``InputError`` for nesting that would overflow the stack of libyaml's composer, which ends the process.

    Its events come without recursion, but take time: they are only asked for where a text could be nested that deep.
    """
    if text.count("[") + text.count("{") <= _SUSPECT and not _DEEP_LINE.search(text):
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Composer):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise InputError(f"is nested more than {DEEPEST} levels deep", file=name, line=line)
    except yaml.YAMLError:  # composing meets it again, and reports it
        return


class _Reader:
    """Turns composed nodes into fresh values: an alias yields a copy, never a shared object."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: set[int] = set()
        self._count = 0

    def value(self, node: yaml.Node) -> Any:
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._error(node, f"holds more than {MOST_VALUES} values once its aliases are written out")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            raise self._error(node, "an alias stands inside the value it stands for")
        if len(self._open) == DEEPEST:
            raise self._error(node, f"is nested more than {DEEPEST} levels deep")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
                return [self.value(item) for item in node.value]
            if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
                return self._mapping(node)
        finally:
            self._open.discard(id(node))
        raise self._error(node, f"the tag {node.tag!r} has no counterpart in JSON")

    def _mapping(self, node: yaml.MappingNode) -> JsonObject:
        members: JsonObject = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key must be a plain string, not a list or an object")
            if key.value == "<<" and not key.style:
                raise self._error(key, "merge keys (<<) are not part of YAML 1.2", "write the members out")
            if key.value in members:
                raise _duplicate(key.value, self._name, key.start_mark.line + 1)
            members[key.value] = self.value(value)
        return members

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        match node.tag.removeprefix(_TAG):
            case "str":
                return text
            case "null":
                return None
            case "bool" if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            case "int" | "float" as kind:
                try:
                    number = int(text) if kind == "int" else float(text)
                except ValueError:
                    number = math.nan
                if math.isfinite(number):
                    return number
                raise self._error(node, f"{text} is not a number that JSON can hold")
        raise self._error(node, f"the tag {node.tag!r} has no counterpart in JSON")

    def _error(self, node: yaml.Node, message: str, fix: str | None = None) -> InputError:
        return InputError(message, file=self._name, line=node.start_mark.line + 1, fix=fix)


@functools.lru_cache(maxsize=64)
def _composed(text: str) -> yaml.Node | None:
    try:
        return _compose(text, "")
    except InputError:  # JSON that YAML's reader refuses, say because of tabs: then the line stays unknown
        return None


def _line(text: str, pointer: str) -> int | None:
    """The line of a pointer's value: that of its key in an object, of its first character in a list."""
    node = _composed(text)
    if node is None:
        return None
    line = int(node.start_mark.line)
    for token in pointers.split(pointer):
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if getattr(key, "value", None) == token), None)
            if found is None:
                break
            line, node = int(found[0].start_mark.line), found[1]
        elif isinstance(node, yaml.SequenceNode) and token.isdecimal() and int(token) < len(node.value):
            node = node.value[int(token)]
            line = int(node.start_mark.line)
        else:
            break
    return line + 1
