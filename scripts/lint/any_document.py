"""Read an OpenAPI 3.0 or 3.1 document of anybody: one file, never the network, bounded in size, depth and time.

The file may be hostile. What is too large, too deep or no OpenAPI document at all is an ``InputError``; everything
else is for the rules to report.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scripts.errors import InputError
from scripts.lint import collection
from scripts.lint.document import Document
from scripts.lint.positions import Positions
from scripts.lint.subject import Subject
from scripts.pipeline import load, pointers

# Bytes; the largest descriptions known to us (of whole clouds, references written out) stay below it.
MOST_BYTES = 100_000_000
# YAML takes about forty times as long as JSON, and aliases multiply.
MOST_YAML_BYTES = 25_000_000
DEEPEST = 150
_SURROGATE = re.compile(r"\\[uU][0-9a-fA-F]*[dD][89a-fA-F]|[\ud800-\udfff]")


def read(path: Path) -> Subject:
    """Read ``path``; ``InputError`` when it is no OpenAPI 3.0 or 3.1 document that can be read in bounds."""
    name = str(path)
    is_json = path.suffix == ".json"
    _check_size(path, name, MOST_BYTES if is_json else MOST_YAML_BYTES)
    try:
        with collection.paused():
            source = load.read(path, name)
    except RecursionError as problem:
        raise InputError("is nested too deeply to be read", file=name) from problem
    except MemoryError as problem:
        raise InputError("needs more memory than there is", file=name) from problem
    _check_depth(source.contents, name)
    _check_text(source)
    _check_kind(source)
    positions = Positions(source)
    return Subject(Document(source.contents), positions.place, prepare=positions.prepare)


def _check_size(path: Path, name: str, most: int) -> None:
    try:
        if not path.is_file():
            raise InputError("is not a file" if path.exists() else "there is no such file", file=name)
        size = path.stat().st_size
    except (OSError, ValueError) as problem:  # ValueError: a null character in the name
        raise InputError(f"cannot be read: {problem}", file=repr(name)) from problem
    if size > most:
        fix = "convert it to JSON, which is read faster" if most == MOST_YAML_BYTES else "lint a part of it"
        raise InputError(f"is larger than {most // 1_000_000} MB", file=name, fix=fix)


def _check_depth(contents: Any, name: str) -> None:
    """Refuse nesting that would exhaust the stack of the readers behind us."""
    level, depth = [contents], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"is nested more than {DEEPEST} levels deep", file=name)
        level = [
            child
            for value in level
            if isinstance(value, (dict, list))
            for child in (value.values() if isinstance(value, dict) else value)
        ]


def _check_text(source: load.Source) -> None:
    """Refuse halves of surrogate pairs (a JSON text can escape one alone), which nothing can write again."""
    if _SURROGATE.search(source.text) is None:
        return  # no escape of one in the text, so none in a string
    pending = [("", source.contents)]
    while pending:
        pointer, value = pending.pop()
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, member in members:
            texts = [text for text in (key, member) if isinstance(text, str)]
            if any("\ud800" <= char <= "\udfff" for text in texts for char in text):
                raise source.error("holds half of a surrogate pair, which is no character", pointer, "remove it")
            if isinstance(member, (dict, list)):
                pending.append((pointers.join(pointer, key), member))


def _check_kind(source: load.Source) -> None:
    root = source.contents
    if not isinstance(root, dict):
        raise source.error("holds no object, so it is no OpenAPI document", "")
    if "swagger" in root:
        raise source.error("is a Swagger 2.0 document", "/swagger", "convert it to OpenAPI 3.0 first")
    version = root.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0.", "3.1.")):
        pointer = "/openapi" if "openapi" in root else ""
        raise source.error("does not say openapi: 3.0.x or 3.1.x", pointer, "see the openapi field at its top")
