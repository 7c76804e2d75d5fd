"""What changed for code that imports the package: names, arguments, types. Told once for all variants of a method."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from scripts.comparison.change import Effect
from scripts.comparison.surface import FUNCTIONS, POSITIONAL, Argument, Entry, Surface, takes, union

BREAKING, DEGRADED, ADDITIVE = Effect.BREAKING, Effect.DEGRADED, Effect.ADDITIVE


@attrs.frozen
class PythonChange:
    """One change of the public surface: ``names`` are the places it was found at, the plainest first."""

    kind: str
    names: tuple[str, ...]
    before: str | None
    after: str | None
    effect: Effect
    callers: str


@attrs.frozen
class _Found:
    kind: str
    name: str
    before: str | None
    after: str | None
    effect: Effect
    callers: str


def compare(before: Surface, after: Surface) -> tuple[PythonChange, ...]:
    """The changes between two surfaces, the worst first."""
    grouped: dict[tuple[str, ...], list[_Found]] = {}
    for found in _found(before, after):
        key = (found.kind, plain(found.name), plain(found.before or ""), plain(found.after or ""))
        grouped.setdefault(key, []).append(found)
    changes = [
        PythonChange(
            one.kind,
            tuple(sorted((f.name for f in same), key=_plainest)),
            one.before,
            one.after,
            one.effect,
            one.callers,
        )
        for same in grouped.values()
        for one in [min(same, key=lambda f: _plainest(f.name))]
    ]
    return tuple(sorted(changes, key=lambda one: (one.effect.rank, one.kind, one.names)))


def plain(name: str) -> str:
    """A name without what tells the variants of one method apart: async or not, whole response or its body."""
    name = re.sub(r"\basync_resources\b", "resources", name)
    name = re.sub(r"\bAsync(?=[A-Z])|WithResponse\b", "", name)
    name = re.sub(r"\b(sync_detailed|asyncio_detailed|asyncio)\b", "sync", name)
    return re.sub(r"\bResponse\[(.*)\]", r"\1", name)


def _plainest(name: str) -> tuple[bool, int, str]:
    return plain(name) != name, len(name), name


def _found(before: Surface, after: Surface) -> Iterator[_Found]:
    gone = [name for name in before.entries if name not in after.entries]
    for name in _outermost(gone):
        kind = before.entries[name].kind
        yield _Found("name-removed", name, kind, None, BREAKING, f"importing or reading the {kind} fails")
    new = [name for name in after.entries if name not in before.entries]
    for name in _outermost(new):
        kind = after.entries[name].kind
        yield _Found("name-added", name, None, kind, ADDITIVE, f"there is a new {kind}")
    for name in before.entries.keys() & after.entries.keys():
        yield from _entry(name, before.entries[name], after.entries[name], before, after)


def _outermost(names: list[str]) -> Iterator[str]:
    """The names that are not inside another one of them."""
    known = set(names)
    for name in names:
        parts = name.split(".")
        if not any(".".join(parts[:length]) in known for length in range(1, len(parts))):
            yield name


def _entry(name: str, old: Entry, new: Entry, before: Surface, after: Surface) -> Iterator[_Found]:
    if old.kind != new.kind:
        yield _Found("kind-changed", name, old.kind, new.kind, BREAKING, "it is used in another way")
        return
    if lost := [base for base in old.bases if base not in new.bases]:
        shown = ", ".join(old.bases), ", ".join(new.bases)
        yield _Found("base-removed", name, *shown, BREAKING, f"isinstance and except with {lost[0]} miss it")
    owner = name.rpartition(".")[0].rpartition(".")[2]
    sent, received = (
        owner in (one | other) for one, other in ((before.sent, after.sent), (before.received, after.received))
    )
    if new.role == "member" and old.text != new.text:
        yield _Found("member-changed", name, old.text, new.text, BREAKING, "the member stands for another value")
    elif new.kind == "attribute" and old.text != new.text and (received or not sent):
        yield _Found("type-changed", name, old.text, new.text, *_given(old.text, new.text))
    elif new.kind in FUNCTIONS and old.text != new.text:
        yield _Found("return-type-changed", name, old.text, new.text, *_given(old.text, new.text))
    bare = name.rpartition(".")[2]
    if new.kind != "class" or bare in before.sent | after.sent or bare not in after.received:
        yield from _arguments(name, old, new, BREAKING)
    elif new.role == "model":  # answers are made of it; callers make such objects in tests only
        yield from _arguments(name, old, new, DEGRADED)


def _arguments(name: str, old: Entry, new: Entry, worst: Effect) -> Iterator[_Found]:
    """Changes of what a function or constructor takes; ``worst``: what a call that fails counts as."""
    known, now = ({one.name: one for one in entry.arguments} for entry in (old, new))
    for argument in old.arguments:
        if argument.name not in now:
            said = "passing it is a TypeError"
            yield _Found("argument-removed", f"{name}({argument.name})", argument.annotation, None, worst, said)
    for argument in new.arguments:
        here = f"{name}({argument.name})"
        if argument.name not in known:
            needed = argument.default is None and argument.kind != "variadic"
            said = "calls without it are a TypeError" if needed else "there is a new optional argument"
            kind = "required-argument-added" if needed else "argument-added"
            yield _Found(kind, here, None, argument.annotation, worst if needed else ADDITIVE, said)
        else:
            yield from _argument(here, known[argument.name], argument, worst)
    yield from _order(name, old, new)


def _argument(here: str, old: Argument, new: Argument, worst: Effect) -> Iterator[_Found]:
    if old.default is not None and new.default is None:
        said = "calls without it are a TypeError"
        yield _Found("argument-became-required", here, old.default, None, worst, said)
    elif old.default is None and new.default is not None:
        yield _Found("argument-became-optional", here, None, new.default, ADDITIVE, "it may be left out")
    elif old.default != new.default:
        said = "leaving it out means something else"
        yield _Found("argument-default-changed", here, old.default, new.default, DEGRADED, said)
    if old.kind != new.kind:
        effect = ADDITIVE if new.kind == POSITIONAL else BREAKING
        said = "it can be passed in more ways" if effect is ADDITIVE else "it can't be passed as it was"
        yield _Found("argument-kind-changed", here, old.kind, new.kind, effect, said)
    if old.annotation != new.annotation:
        taken = union(old.annotation) <= takes(new.annotation)
        said = "more types can be passed" if taken else "values that could be passed no longer fit the type"
        effect = ADDITIVE if taken else worst
        yield _Found("argument-type-changed", here, old.annotation, new.annotation, effect, said)


def _order(name: str, old: Entry, new: Entry) -> Iterator[_Found]:
    """Positional arguments mean something else when they change places."""
    places = [[one.name for one in entry.arguments if one.kind == POSITIONAL] for entry in (old, new)]
    if any(one in places[1] and places[0].index(one) != places[1].index(one) for one in places[0]):
        shown = ", ".join(places[0]), ", ".join(places[1])
        yield _Found("arguments-moved", name, *shown, BREAKING, "values passed by position go to other arguments")


def _given(old: str, new: str) -> tuple[Effect, str]:
    """What a type of something that callers are given does to them."""
    if union(new) <= union(old):
        return ADDITIVE, "fewer types have to be expected"
    return BREAKING, "it may be of a type that it never was"
