"""``overlays/generator/config.yaml``: the generator's settings and the warnings that are accepted with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import load, pointers
from scripts.pipeline.load import JsonObject, Source

# Set by the pipeline itself, or harmful to the rule that the same input gives the same bytes.
_OWN = {"post_hooks", "package_name_override", "project_name_override", "package_version_override"}


@attrs.frozen
class AcceptedWarning:
    """A warning of the generator that may pass: ``match`` is searched in its text, ``reason`` says why it may."""

    match: re.Pattern[str]
    reason: str
    pointer: str


@attrs.frozen
class Settings:
    """The checked content of the file."""

    source: Source = attrs.field(repr=False)
    generator: JsonObject
    accepted: tuple[AcceptedWarning, ...]

    def refuse_unexpected(self, warnings: Iterable[str]) -> None:
        """``InputError`` when a warning is not accepted, or when an accepted one was not given any more."""
        given = list(warnings)
        if surprises := [text for text in given if not any(a.match.search(text) for a in self.accepted)]:
            listed = "\n".join(f"  - {text}" for text in surprises)
            raise InputError(
                f"the generator would leave something out ({len(surprises)} warnings):\n{listed}",
                fix=f"change the description, or accept the warning with its reason in {self.source.name}",
            )
        for accepted in self.accepted:
            if not any(accepted.match.search(text) for text in given):
                raise self.source.error(
                    f"the accepted warning {accepted.match.pattern!r} is not given any more",
                    accepted.pointer,
                    "remove it",
                )


def read(path: Path, name: str) -> Settings:
    """Read the settings; ``InputError`` for unknown keys, bad patterns and missing reasons."""
    source = load.read(path, name)
    content = source.contents
    if not isinstance(content, dict) or (extra := sorted(content.keys() - {"generator", "accepted_warnings"})):
        raise source.error(
            "must hold generator and accepted_warnings only",
            f"/{extra[0]}" if isinstance(content, dict) else "",
        )
    generator = content.get("generator") or {}
    if not isinstance(generator, dict):
        raise source.error("must be an object", "/generator")
    for key in sorted(generator.keys() & _OWN):
        raise source.error(f"{key} is set by the pipeline", pointers.join("/generator", key), "remove it")
    warnings = content.get("accepted_warnings") or []
    if not isinstance(warnings, list):
        raise source.error("must be a list", "/accepted_warnings")
    return Settings(source, generator, tuple(_accepted(source, item, index) for index, item in enumerate(warnings)))


def _accepted(source: Source, item: Any, index: int) -> AcceptedWarning:
    pointer = pointers.join("/accepted_warnings", index)
    if not isinstance(item, dict) or item.keys() != {"match", "reason"} or not all(map(_is_text, item.values())):
        raise source.error("an accepted warning has match and reason, both text", pointer)
    try:
        pattern = re.compile(item["match"])
    except re.error as problem:
        raise source.error(f"is no regular expression: {problem}", pointers.join(pointer, "match")) from problem
    return AcceptedWarning(pattern, item["reason"], pointer)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
