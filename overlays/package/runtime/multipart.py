"""The parts of a ``multipart/form-data`` body."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from io import TextIOBase
from pathlib import Path
from typing import Any

from ..types import File, FileTypes, RequestFiles


def parts(fields: Mapping[str, Any], files: frozenset[str] = frozenset()) -> RequestFiles:
    """One part for each field, or for each item of a list; objects travel as JSON, files as they are.

    ``files`` names the fields that hold a file: a ``File``, or its bytes, its ``Path``, the open file. ``TypeError``
    for anything else there, such as a text, which would be sent in place of the file.
    """
    return [
        (name, _file(name, item) if name in files or isinstance(item, File | bytes) else _part(item))
        for name, value in fields.items()
        for item in (value if isinstance(value, list) else [value])
        if item is not None
    ]


def _file(name: str, value: Any) -> FileTypes:
    if isinstance(value, os.PathLike):
        path = Path(value)
        value = File(path.read_bytes(), path.name)
    file = value if isinstance(value, File) else File(value)
    content: Any = file.payload
    if isinstance(content, bytearray | memoryview):
        content = bytes(content)
    if not isinstance(content, bytes) and (isinstance(content, TextIOBase) or not hasattr(content, "read")):
        kind = "a file opened as text" if isinstance(content, TextIOBase) else f"of type {type(content).__name__}"
        fix = "give a File, bytes, a Path, or a file opened with 'rb'"
        raise TypeError(f"{name!r} has to be a file and is {kind}: {fix}")
    own = getattr(content, "name", None)
    # Without a name of its own a part is taken for a plain field.
    return file.file_name or (Path(own).name if isinstance(own, str) else "") or name, content, file.mime_type


def _part(value: Any) -> FileTypes:
    if isinstance(value, Mapping):
        return None, json.dumps(value).encode(), "application/json"
    said = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return None, said.encode(), "text/plain"
