"""The parts of a ``multipart/form-data`` body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..types import File, FileTypes, RequestFiles


def parts(fields: Mapping[str, Any]) -> RequestFiles:
    """One part for each field, or for each item of a list; objects travel as JSON, files as they are."""
    return [
        (name, _part(item))
        for name, value in fields.items()
        for item in (value if isinstance(value, list) else [value])
        if item is not None
    ]


def _part(value: Any) -> FileTypes:
    if isinstance(value, File):
        return value.to_tuple()
    if isinstance(value, Mapping):
        return None, json.dumps(value).encode(), "application/json"
    said = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return None, said.encode(), "text/plain"
