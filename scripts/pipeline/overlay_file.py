"""Read an Overlay document and check its shape (Overlay Specification 1.0.0 and 1.1.0, section 4.4)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import load, pointers
from scripts.pipeline.load import JsonObject, Source

VERSION = re.compile(r"1\.(?P<minor>[01])\.\d+")
_ROOT_FIELDS = {"overlay", "info", "extends", "actions"}
_INFO_FIELDS = {"title", "version", "description"}
_ACTION_FIELDS = {"target", "description", "update", "remove", "copy"}


@attrs.frozen
class Action:
    """One action: its 1-based ``number``, the JSONPath it is for, and exactly one of update, remove and copy."""

    number: int
    target: str
    description: str
    update: Any
    has_update: bool
    remove: bool
    copy: str | None
    extensions: JsonObject


@attrs.frozen
class Overlay:
    """A checked Overlay document; ``minor`` is 0 or 1, the part of the version that changes what actions do."""

    source: Source = attrs.field(repr=False)
    title: str
    version: str
    minor: int
    actions: tuple[Action, ...]

    @property
    def name(self) -> str:
        """The file as messages show it."""
        return self.source.name

    def error(self, action: Action, message: str, fix: str | None = None) -> InputError:
        """An ``InputError`` that names the action, its target and its line."""
        pointer = pointers.join("", "actions", action.number - 1)
        text = f"action {action.number} (target {action.target}): {message}"
        return InputError(text, file=self.name, line=self.source.line(pointer), fix=fix)


def read(path: Path, name: str | None = None) -> Overlay:
    """Read one Overlay file; ``InputError`` for anything that the specification does not allow."""
    return parse(load.read(path, name))


def parse(source: Source) -> Overlay:
    """The checked Overlay in a file that has been read."""
    root = _object(source, source.contents, "")
    version = root.get("overlay")
    found = VERSION.fullmatch(version) if isinstance(version, str) else None
    if found is None:
        raise source.error(
            f"{version!r} is not an Overlay version that is understood", "/overlay", "write overlay: 1.0.0 or 1.1.0"
        )
    _known_fields(source, root, _ROOT_FIELDS, "")
    info = _object(source, root.get("info"), "/info")
    _known_fields(source, info, _INFO_FIELDS, "/info")
    for field in ("title", "version"):
        _text(source, info, field, "/info")
    if "extends" in root:
        _text(source, root, "extends", "")
    actions = root.get("actions")
    if not isinstance(actions, list) or not actions:
        raise source.error("must be a list of at least one action", "/actions")
    minor = int(found["minor"])
    return Overlay(
        source=source,
        title=info["title"],
        version=root["overlay"],
        minor=minor,
        actions=tuple(_action(source, value, index, minor) for index, value in enumerate(actions)),
    )


def _action(source: Source, value: Any, index: int, minor: int) -> Action:
    pointer = pointers.join("", "actions", index)
    action = _object(source, value, pointer)
    _known_fields(source, action, _ACTION_FIELDS if minor else _ACTION_FIELDS - {"copy"}, pointer)
    target = _text(source, action, "target", pointer)
    remove = action.get("remove", False)
    if not isinstance(remove, bool):
        raise source.error("must be true or false", pointers.join(pointer, "remove"))
    copied = _text(source, action, "copy", pointer) if "copy" in action else None
    if copied is not None and "update" in action:
        raise source.error("an action has either update or copy", pointer)
    if not remove and "update" not in action and copied is None:
        raise source.error("an action needs update, copy or remove: true; this one does nothing", pointer)
    return Action(
        number=index + 1,
        target=target,
        description=_text(source, action, "description", pointer) if "description" in action else "",
        update=action.get("update"),
        has_update="update" in action and not remove,  # remove: true makes an update meaningless
        remove=remove,
        copy=None if remove else copied,
        extensions={key: content for key, content in action.items() if key.startswith("x-")},
    )


def _object(source: Source, value: Any, pointer: str) -> JsonObject:
    if not isinstance(value, dict):
        raise source.error("must be an object" if value is not None else "is missing", pointer)
    return value


def _text(source: Source, holder: JsonObject, field: str, pointer: str) -> str:
    value = holder.get(field)
    if not isinstance(value, str) or not value:
        raise source.error(
            f"{field} must be text" if field in holder else f"{field} is missing", pointers.join(pointer, field)
        )
    return value


def _known_fields(source: Source, holder: JsonObject, known: set[str], pointer: str) -> None:
    for key in holder:
        if key not in known and not key.startswith("x-"):
            raise source.error(
                f"{key!r} has no place here", pointers.join(pointer, key), f"use one of: {', '.join(sorted(known))}"
            )
