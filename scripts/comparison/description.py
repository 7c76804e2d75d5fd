"""Compare two descriptions: every difference once, with all operations that it reaches and what it does to callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from scripts.comparison import matching, meaning
from scripts.comparison.change import Change, Consequence, Difference, Direction, Effect
from scripts.comparison.operation_pairs import OperationPairs
from scripts.comparison.schema_view import Part
from scripts.comparison.structure import RENAMED, REPLACED, Key, Unit, Walk
from scripts.lint.document import Document, Operation
from scripts.lint.reading import mapping
from scripts.pipeline import merge, pointers

# GitHub and others described webhooks under this name before OpenAPI had one.
WEBHOOKS = ("webhooks", "x-webhooks")
# Stands for an operation where none is concerned.
NOBODY = ""
UNUSED = "no operation uses it"
Uses = dict[tuple[str, Direction | None], None]
State = tuple[Key, Direction | None]
Progress = Callable[[str], None]


@attrs.frozen
class Options:
    """``only``: operationIds (or ``GET /path``) that count, all when ``None``.

    ``names``: names that become Python count; without them the operations are listed as the first document calls them.
    ``texts``: so do differences that no program notices.
    """

    only: frozenset[str] | None = None
    names: bool = True
    texts: bool = True


@attrs.frozen
class Compared:
    """The changes, the worst first, and how many operations correspond."""

    changes: tuple[Change, ...]
    operations: int


def compare(
    before: dict[str, Any],
    after: dict[str, Any],
    options: Options | None = None,
    progress: Progress = lambda text: None,
) -> Compared:
    """What ``after`` says differently. Documents of OpenAPI 3.0 and 3.1 can be compared with one another."""
    chosen = options or Options()
    old, new = Document(before), Document(after)
    matched = matching.match(_chosen(old, chosen), _chosen(new, chosen), by_id=chosen.names)
    walk = Walk(old, new, names=chosen.names)
    pairs = OperationPairs(walk, names=chosen.names)
    roots: dict[str, Unit] = {}
    for number, (one, other) in enumerate(matched.pairs, 1):
        roots[matching.label(other if chosen.names else one)] = pairs.compare(one, other)
        if number % 200 == 0:
            progress(f"{number} of {len(matched.pairs)} operations")
    lonely = [*_lonely(matched)]
    if chosen.only is None:
        lonely += _webhooks(old, new, pairs, roots)
        roots[NOBODY] = _front_matter(before, after)
    walk.finish()
    if chosen.only is None and chosen.names:
        _unused(walk, old, new, roots[NOBODY])
    progress(f"{len(walk.units)} shared parts compared")
    told = [*lonely, *_tell(walk, roots)]
    kept = [one for one in told if chosen.texts or one.effect is not Effect.DOCUMENTATION]
    return Compared(tuple(sorted(kept, key=_order)), len(matched.pairs))


def _chosen(document: Document, options: Options) -> Iterator[Operation]:
    for operation in document.operations:
        if options.only is None or options.only & {operation.id, operation.label}:
            yield operation


def _lonely(matched: matching.Matched) -> Iterator[Change]:
    for kind, operations in (("operation-removed", matched.removed), ("operation-added", matched.added)):
        for one in operations:
            old, new = (one.label, None) if kind == "operation-removed" else (None, one.label)
            yield _change(Difference(kind, "operation", old, new, one.pointer, one.pointer), (matching.label(one),))


def _webhooks(old: Document, new: Document, pairs: OperationPairs, roots: dict[str, Unit]) -> Iterator[Change]:
    """Pair the webhooks by name; those that only one document has are changes by themselves."""
    before, after = _deliveries(old), _deliveries(new)
    for name in before.keys() | after.keys():
        label = f"webhook {name}"
        if name not in after:
            yield _change(Difference("webhook-removed", label, name, None, before[name].pointer, ""), (label,))
        elif name not in before:
            yield _change(Difference("webhook-added", label, None, name, "", after[name].pointer), (label,))
        else:
            roots[label] = Unit()
            pairs.payloads(roots[label], before[name], after[name], "payload")


def _deliveries(document: Document) -> dict[str, Part]:
    found = {}
    for section in WEBHOOKS:
        for name, item in mapping(document.root.get(section)).items():
            at, resolved = document.resolve(pointers.join("", section, name), item)
            if isinstance(resolved, dict):
                found[name] = Part(at, resolved)
    return found


def _front_matter(before: dict[str, Any], after: dict[str, Any]) -> Unit:
    """Title, version and the words about tags: documentation."""
    unit = Unit()
    for key in ("info", "tags", "externalDocs"):
        if not merge.same(before.get(key), after.get(key)):
            at = pointers.join("", key)
            unit.differences.append(Difference("description-changed", key, before.get(key), after.get(key), at, at))
    return unit


def _unused(walk: Walk, old: Document, new: Document, root: Unit) -> None:
    """Compare component schemas that no operation leads to: they become classes all the same."""
    seen = [{key[side] for key in walk.units} for side in (0, 1)]
    for name in old.components("schemas").keys() & new.components("schemas").keys():
        at = pointers.join("/components/schemas", name)
        if at not in seen[0] and at not in seen[1]:
            parts = [Part(at, document.components("schemas")[name]) for document in (old, new)]
            walk.schema(root, parts[0], parts[1], name)
    walk.finish()


def _tell(walk: Walk, roots: dict[str, Unit]) -> Iterator[Change]:
    """The changes of all units, each with every operation that reaches it."""
    found: dict[tuple[Any, ...], tuple[Difference, Uses]] = {}
    for label, unit in roots.items():
        _note(found, unit.differences, {(label, None): None})
    labels = list(roots)
    _split(walk)
    for (key, direction), mask in _reached(walk, roots).items():
        if differences := walk.units[key].differences:
            uses = {(label, direction): None for number, label in enumerate(labels) if mask >> number & 1}
            _note(found, differences, uses)
    for difference, reached in _alike(found.values()):
        if change := _told(difference, reached):
            yield change


def _split(walk: Walk) -> None:
    """A component that became several, or that several became, has no new name: others stand in its places."""
    renamed = {
        (one.before, one.after) for unit in walk.units.values() for one in unit.differences if one.kind == RENAMED
    }
    counts = [Counter(pair[end] for pair in renamed) for end in (0, 1)]
    for unit in walk.units.values():
        unit.differences[:] = [
            attrs.evolve(one, kind=REPLACED)
            if one.kind == RENAMED and (counts[0][one.before] > 1 or counts[1][one.after] > 1)
            else one
            for one in unit.differences
        ]


def _told(difference: Difference, reached: Uses) -> Change | None:
    """The change that a difference is for those who use it; ``None`` when it has no place in any of the uses."""
    meant = {use: meaning.consequence(difference, use[1]) for use in reached}
    consequences = tuple(dict.fromkeys(one for one in meant.values() if one is not None))
    labels = {label for (label, _), one in meant.items() if one is not None}
    if labels == {NOBODY}:
        consequences = (Consequence(None, Effect.DOCUMENTATION, meaning.NOTHING, UNUSED),)
    if not consequences:
        return None
    return _change(difference, tuple(sorted(labels - {NOBODY})), consequences)


def _reached(walk: Walk, roots: dict[str, Unit]) -> dict[State, int]:
    """By unit and the direction in which data goes there: which of the roots lead to it, one bit each.

    All roots at once: one after the other would take as many steps as there are pairs of operations and schemas.
    """
    masks: dict[State, int] = {}
    waiting: dict[State, None] = {}

    def pass_on(unit: Unit, direction: Direction | None, mask: int) -> None:
        for edge in unit.edges:
            goes = edge.direction or direction
            filtered = Direction.RESPONSE if goes is Direction.HEADER else goes
            if filtered is None or filtered in edge.only:
                state = (edge.target, goes)
                known = masks.get(state, 0)
                if known | mask != known:
                    masks[state] = known | mask
                    waiting[state] = None  # once, however many ways lead here before its turn comes

    for number, unit in enumerate(roots.values()):
        pass_on(unit, None, 1 << number)
    while waiting:
        state = next(iter(waiting))
        del waiting[state]
        pass_on(walk.units[state[0]], state[1], masks[state])
    return masks


def _note(found: dict[tuple[Any, ...], tuple[Difference, Uses]], differences: list[Difference], uses: Uses) -> None:
    """Collect differences; one that was met on several ways is one, with the uses of all."""
    for one in differences:
        key = (one.kind, one.pointer_before, one.pointer_after, repr(one.before), repr(one.after), one.only)
        found.setdefault(key, (one, {}))[1].update(uses)


def _alike(found: Any) -> list[tuple[Difference, Uses]]:
    """Join what is written out in several operations and says the same at the same place of each."""
    joined: dict[tuple[Any, ...], tuple[Difference, Uses]] = {}
    for one, uses in found:
        at = one.pointer_after or one.pointer_before
        shared = at.startswith("/components/")
        place = (one.pointer_before, at) if shared else ("", "")
        key = (one.kind, one.place, repr(one.before), repr(one.after), one.only, *place)
        joined.setdefault(key, (one, {}))[1].update(uses)
    return list(joined.values())


def _change(
    difference: Difference, operations: tuple[str, ...], consequences: tuple[Consequence, ...] | None = None
) -> Change:
    if consequences is None:
        meant = meaning.consequence(difference, None)
        consequences = () if meant is None else (meant,)
    told = {field.name: getattr(difference, field.name) for field in attrs.fields(Difference) if field.name != "only"}
    return Change(**told, operations=operations, consequences=consequences)


def _order(change: Change) -> tuple[Any, ...]:
    return change.effect.rank, change.kind, change.place, change.pointer_after, change.pointer_before
