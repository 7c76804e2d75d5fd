"""Overlay documents as text: YAML that the pipeline's strict reader takes for exactly the values that were meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 120
# What the reader takes for a number although YAML's usual rules do not; everything else that it reads, both quote.
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


class _Writer(yaml.SafeDumper):
    """Quotes texts that look like numbers; writes no aliases, which a reader would have to follow."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if NUMBER.fullmatch(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def dump(document: Mapping[str, Any]) -> str:
    """The document as YAML, members in their order."""
    return yaml.dump(dict(document), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)
