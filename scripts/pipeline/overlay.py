"""Lay Overlay documents over a description: corrections that say what they change, why, and still have to change it.

The specification lets an action that matches nothing pass in silence. Here it is an ``InputError``, and so is an action
that changes nothing: the description says it already, and the correction has to go. Targets are RFC 9535
JSONPath queries; what an update does to a value is in ``merge``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import jsonpath_rfc9535 as jsonpath

from scripts.errors import InputError
from scripts.pipeline import merge, references
from scripts.pipeline.load import JsonObject
from scripts.pipeline.overlay_file import Action, Overlay, read

__all__ = ["Action", "Applied", "Overlay", "act", "acted", "apply", "apply_folder", "read"]

SUFFIXES = (".overlay.yaml", ".overlay.yml", ".overlay.json")
# What may stand in a folder of overlays without being one.
BESIDE = frozenset({"config.yaml", "templates", "README.md", ".gitkeep", ".DS_Store"})

Location = tuple[str | int, ...]


@attrs.frozen
class Applied:
    """An overlay that was laid over a document and how many values each of its actions hit."""

    overlay: Overlay
    hits: tuple[int, ...]


def apply(document: JsonObject, overlay: Overlay) -> tuple[JsonObject, tuple[int, ...]]:
    """A copy of ``document`` with the overlay applied, and the hits of each action in order.

    ``InputError`` naming file, line, action and target when an action can't be applied, matches nothing or changes
    nothing, and when a reference leads nowhere afterwards.
    """
    result = copy.deepcopy(document)
    hits = tuple(act(result, overlay, action) for action in overlay.actions)
    _check_references(document, result, overlay)
    return result, hits


def act(document: JsonObject, overlay: Overlay, action: Action) -> int:
    """Carry out one action of ``overlay`` on ``document`` itself; how many values it hit.

    ``InputError`` as for ``apply``, except that references are looked at only after the last action.
    """
    found = _find(document, action.target, overlay, action)
    if not found:
        raise overlay.error(action, "matches nothing", _where_it_stops(document, action.target))
    try:
        changed = _act(document, action, found, overlay)
    except merge.MergeError as problem:
        raise overlay.error(action, str(problem)) from problem
    if not changed:
        raise overlay.error(
            action, "is stale: it changes nothing", "the description says so already; remove the action"
        )
    return len(found)


def acted(document: JsonObject, overlay: Overlay, action: Action) -> JsonObject:
    """The document after one action, where ``act`` would change it.

    It shares with ``document`` what the action leaves alone, so that the two are copied and compared at the cost of
    what they differ in: neither may be changed in place afterwards. ``InputError`` as for ``act``.
    """
    result = _loosened(document, _find(document, action.target, overlay, action))
    act(result, overlay, action)
    return result


def apply_folder(
    document: JsonObject, folder: Path, *, root: Path | None = None
) -> tuple[JsonObject, tuple[Applied, ...]]:
    """Apply every overlay of ``folder`` in the order of file names; a missing folder holds none.

    Messages name files relative to ``root`` (default: the folder two above, where ``overlays/`` stands).
    """
    root = folder.parent.parent if root is None else root
    applied = []
    for path in overlay_files(folder):
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        overlay = read(path, name)
        document, hits = apply(document, overlay)
        applied.append(Applied(overlay, hits))
    return document, tuple(applied)


def overlay_files(folder: Path) -> list[Path]:
    """The overlays in a folder, sorted; error for anything else: it would be forgotten."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.endswith(SUFFIXES) and not path.is_dir():
            found.append(path)
        elif path.name not in BESIDE:
            raise InputError(
                "is not applied: a folder is no overlay"
                if path.is_dir()
                else "is not applied: its name is not that of an overlay",
                file=f"{folder.parent.name}/{folder.name}/{path.name}",
                fix=_how_to_apply(path),
            )
    return found


def _how_to_apply(path: Path) -> str:
    if path.is_dir():
        return "put its overlays beside it"
    if path.suffix in {".yaml", ".yml", ".json"}:
        return f"rename it to {path.stem}.overlay{path.suffix}"
    return "let its name end in .overlay.yaml, or move it elsewhere"


def _find(document: JsonObject, query: str, overlay: Overlay, action: Action) -> dict[Location, Any]:
    """The values a query selects by their location, each once, in document order."""
    try:
        nodes = jsonpath.find(query, document)
    except jsonpath.JSONPathError as problem:
        # The engine's own words differ between its versions for different Pythons, so they stay out of the message.
        what = "the target" if query == action.target else query
        raise overlay.error(action, f"{what} is not an RFC 9535 JSONPath") from problem
    return {tuple(node.location): node.value for node in nodes}


def _act(document: JsonObject, action: Action, found: dict[Location, Any], overlay: Overlay) -> bool:
    """Carry out one action in place; whether anything changed."""
    if action.remove:
        _remove(document, found)
        return True
    update = action.update
    if action.copy is not None:
        chosen = list(_find(document, action.copy, overlay, action).values())
        if len(chosen) != 1:
            raise merge.MergeError(f"copy must select one value, {action.copy} selects {len(chosen)}")
        update = copy.deepcopy(chosen[0])
    kinds = sorted({merge.kind(value) for value in found.values()})
    if len(kinds) > 1:
        raise merge.MergeError(f"the target selects values of different kinds: {', '.join(kinds)}")
    # All targets are updated before the answers are combined; ``any`` over a generator would stop at the first change.
    changes = [_update(document, where, value, update, overlay.minor) for where, value in found.items()]
    return any(changes)


def _update(document: JsonObject, where: Location, value: Any, update: Any, minor: int) -> bool:
    """Update one target in place; whether it changed."""
    if isinstance(value, list):
        # 1.0 appends the update as one entry, 1.1 concatenates an array.
        return merge.append(value, update if minor and isinstance(update, list) else [update])
    if isinstance(value, dict):
        if not isinstance(update, dict):
            raise merge.MergeError(f"an object can't be updated with {merge.kind(update)} values")
        return merge.into_object(value, update)
    if not minor:
        raise merge.MergeError("Overlay 1.0 can't update a primitive: target the object around it, or use 1.1.0")
    if merge.kind(update) != "primitive":
        raise merge.MergeError(f"a primitive can't be updated with an {merge.kind(update)}")
    if merge.same(value, update):
        return False
    holder: Any = _holder(document, where)
    holder[where[-1]] = update
    return True


def _remove(document: JsonObject, found: dict[Location, Any]) -> None:
    """Delete what was found, in an order in which no deletion moves what is still to be deleted."""
    if () in found:
        raise merge.MergeError("the document itself can't be removed")
    # Deepest first; within one array the highest index first. Mixed keys are only compared with their own type.
    for where in sorted(found, key=_deletion_order, reverse=True):
        holder: Any = _holder(document, where)
        del holder[where[-1]]


def _deletion_order(where: Location) -> tuple[int, tuple[tuple[int, str], ...]]:
    return len(where), tuple((token, "") if isinstance(token, int) else (-1, token) for token in where)


def _holder(document: JsonObject, where: Location) -> Any:
    holder: Any = document
    for token in where[:-1]:
        holder = holder[token]
    return holder


def _loosened(document: JsonObject, found: Iterable[Location]) -> JsonObject:
    """A copy whose values at these places, and whatever holds those, are its own; all others are ``document``'s."""
    around: dict[str, Any] = {"": document}
    own: set[Location] = set()
    # A place that holds another comes after it, and is copied with what that one became.
    for where in sorted(found, key=len, reverse=True):
        holder: Any = around
        key: str | int = ""
        for depth, token in enumerate(where):
            if where[:depth] not in own:
                own.add(where[:depth])
                holder[key] = copy.copy(holder[key])
            holder, key = holder[key], token
        holder[key] = copy.deepcopy(holder[key])
    result: JsonObject = around[""]
    return result


def _where_it_stops(document: JsonObject, query: str) -> str:
    """Advice for a target without matches: the longest beginning of the query that still selects something."""
    compiled = jsonpath.compile(query)
    segments = tuple(compiled.segments)
    for length in range(len(segments) - 1, 0, -1):
        beginning = jsonpath.JSONPathQuery(env=compiled.env, segments=segments[:length])
        if beginning.find(document):
            return f"the longest beginning of the target that matches something is {beginning}"
    return "not even the first part of the target matches anything"


def _check_references(before: JsonObject, after: JsonObject, overlay: Overlay) -> None:
    """Refuse an overlay that makes a reference lead nowhere; faults that were there before are not its own."""
    found_after = list(references.dangling(after))
    known = {found.pointer for found in references.dangling(before)} if found_after else set()
    for found in found_after:
        if found.pointer not in known:
            line = next(
                (n for n, text in enumerate(overlay.source.text.split("\n"), 1) if found.reference in text), None
            )
            raise InputError(
                f"after this overlay {found.pointer} leads nowhere: {found.reference}",
                file=overlay.name,
                line=line,
                fix=f"did you mean {found.nearest}?" if found.nearest else "add the component or keep what was removed",
            )
