"""What changed for code that imports the package: names, arguments, types. Told once for all variants of a method."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from scripts.comparison.change import Effect
from scripts.comparison import rename_search, renames
from scripts.comparison.renames import Renames
from scripts.comparison.surface import FUNCTIONS, POSITIONAL, Argument, Entry, Surface, takes, union
from scripts.comparison.variants import plain, plainest

# What callers have to do about a name that is another one, and what happens to their requests.
WRITE = "write the new one"
UNMOVED = "nothing changes on the wire"
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
    together: str = ""  # what else makes findings of one kind one change, instead of their names


def compare(before: Surface, after: Surface) -> tuple[PythonChange, ...]:
    """The changes between two surfaces, the worst first."""
    grouped: dict[tuple[str, ...], list[_Found]] = {}
    named = rename_search.find(before, after)
    for found in (*_renamed(named, before, after), *_found(renames.applied(before, named), after)):
        at = found.together or plain(found.name)
        key = (found.kind, at, plain(found.before or ""), plain(found.after or ""))
        grouped.setdefault(key, []).append(found)
    changes = [
        PythonChange(
            one.kind,
            tuple(sorted((f.name for f in same), key=plainest)),
            one.before,
            one.after,
            one.effect,
            one.callers,
        )
        for same in grouped.values()
        for one in [min(same, key=lambda f: plainest(f.name))]
    ]
    return tuple(sorted(changes, key=lambda one: (one.effect.rank, one.kind, one.names)))


def _renamed(named: Renames, before: Surface, after: Surface) -> Iterator[_Found]:
    """What has another name, by its former one: once for a class, the module that is made for it, and its export."""
    told = dict(named.told())
    homes = {old.rpartition(".")[0] for old in told if before.entries[old].kind == "class"}
    for old, new in told.items():
        entry = before.entries[old]
        shown = old, new
        if entry.kind in {"class", "export"} or named.moved(old.rpartition(".")[0]) == new.rpartition(".")[0]:
            shown = old.rpartition(".")[2], new.rpartition(".")[2]
        kind, failing = _called(old, entry, before)
        wire = "the request is another one, too" if _moved(before.wire.get(old), after.wire.get(new)) else UNMOVED
        together = ""
        if kind == "class" or old in homes:
            inner = next((one for one in told if one.startswith(f"{old}.") and before.entries[one].kind == "class"), old)
            shown = inner.rpartition(".")[2], told[inner].rpartition(".")[2]
            kind, together = "class", "class"
            _, failing = _called(inner, before.entries[inner], before)
        yield _Found(f"{kind}-renamed", old, *shown, BREAKING, f"{failing} {WRITE}; {wire}", together)
    for name, arguments in named.arguments.items():
        entry = before.entries[name]
        for old, new in arguments.items() if entry.kind in FUNCTIONS else ():
            positional = any(one.name == old and one.kind == POSITIONAL for one in entry.arguments)
            failing = f"passing it by its former name is a TypeError{', by position it works' if positional else ''}:"
            yield _Found("argument-renamed", f"{name}({old})", old, new, BREAKING, f"{failing} {WRITE}; {UNMOVED}")


def _called(name: str, entry: Entry, before: Surface) -> tuple[str, str]:
    """The kind of a thing that has another name, and what its former name does to callers."""
    owner = name.rpartition(".")[0].rpartition(".")[2]
    if entry.role == "model" and entry.kind == "attribute":
        passing = "passing it by its former name is a TypeError" if owner in before.sent else ""
        reading = "reading it by its former name is an AttributeError" if owner in before.received else ""
        return "field", f"{', '.join(filter(None, (passing, reading)))}:"
    if entry.role == "member":
        return "member", "naming it by its former name is an AttributeError:"
    if entry.kind in {"module", "class", "export"}:
        kind = "module" if entry.kind == "module" else "class"
        return kind, f"importing the {kind} by its former name fails:"
    kind = "method" if entry.kind in FUNCTIONS else "attribute"
    return kind, f"the {kind}'s former name is an AttributeError:"


def _moved(old: str | None, new: str | None) -> bool:
    """Whether a name stands for something else on the wire, as far as that is known."""
    return None not in {old, new} and old != new


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
