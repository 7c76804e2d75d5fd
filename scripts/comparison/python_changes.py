"""What changed for code that imports the package: names, arguments, types. Told once for all variants of a method."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from scripts.comparison import python_renames, rename_search, renames
from scripts.comparison.change import Effect
from scripts.comparison.python_finding import Finding
from scripts.comparison.surface import FUNCTIONS, POSITIONAL, Argument, Entry, Surface, takes, union
from scripts.comparison.variants import plain, plainest

# What the fields of a class that only comes to callers tell as well as the arguments that it is made from.
TOLD_BY_FIELDS = frozenset({"argument-removed", "argument-added", "argument-type-changed"})
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


def compare(before: Surface, after: Surface) -> tuple[PythonChange, ...]:
    """The changes between two surfaces, the worst first."""
    grouped: dict[tuple[str, ...], list[Finding]] = {}
    named = rename_search.find(before, after)
    for found in (*python_renames.findings(named, before, after), *_found(renames.applied(before, named), after)):
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


def _found(before: Surface, after: Surface) -> Iterator[Finding]:
    for name in _outermost([name for name in before.entries if name not in after.entries]):
        if not _told_by_argument(name, before):
            kind = before.entries[name].kind
            yield Finding("name-removed", name, kind, None, BREAKING, _failing(name, before))
    for name in _outermost([name for name in after.entries if name not in before.entries]):
        if not _told_by_argument(name, after):
            kind = after.entries[name].kind
            yield Finding("name-added", name, None, kind, ADDITIVE, f"there is a new {kind}")
    for name in before.entries.keys() & after.entries.keys():
        yield from _entry(name, before.entries[name], after.entries[name], before, after)
    for name in before.wire.keys() & after.wire.keys():
        if before.wire[name] != after.wire[name]:
            yield from _elsewhere(name, before, after)


def _told_by_argument(name: str, surface: Surface) -> bool:
    """Whether a name is a field that callers only set, so that the argument of its class is all there is to tell."""
    owner, _, field = name.rpartition(".")
    bare = owner.rpartition(".")[2]
    if surface.entries[name].role != "model" or bare not in surface.sent or bare in surface.received:
        return False
    return field in {one.name for one in surface.entries[owner].arguments}


def _failing(name: str, surface: Surface) -> str:
    """What happens to code that uses a name which is gone."""
    entry = surface.entries[name]
    holder = surface.entries.get(name.rpartition(".")[0])
    if entry.role == "member":
        return "naming it is an AttributeError"
    if holder is not None and holder.kind == "class":
        return f"{'calling' if entry.kind in FUNCTIONS else 'reading'} it is an AttributeError"
    return f"importing or reading the {entry.kind} fails"


def _elsewhere(name: str, before: Surface, after: Surface) -> Iterator[Finding]:
    """A name that stands for something else on the wire than it did."""
    old, new = before.wire[name], after.wire[name]
    function, mark, _ = name.partition("(")
    if mark:
        operation = function if function in before.operations else function.rpartition(".")[0]
        # In another path, arguments stand in other places.
        if not (old.startswith("path ") and before.wire.get(operation) != after.wire.get(operation)):
            yield Finding("wire-name-changed", name, old, new, BREAKING, "code stays; the value goes elsewhere")
    elif name in before.operations:
        ids = before.operations[name], after.operations.get(name)
        # A method moves with its operation; it is told by itself where it makes another one.
        if before.entries[name].kind == "module" or ids[0] != ids[1]:
            yield Finding("address-changed", name, old, new, BREAKING, "code stays; another request is sent")
    elif before.entries[name].role == "model" and before.entries[name].kind == "attribute":
        yield Finding("wire-name-changed", name, old, new, BREAKING, "code stays; the key in JSON is another one")


def _outermost(names: list[str]) -> Iterator[str]:
    """The names that are not inside another one of them."""
    known = set(names)
    for name in names:
        parts = name.split(".")
        if not any(".".join(parts[:length]) in known for length in range(1, len(parts))):
            yield name


def _entry(name: str, old: Entry, new: Entry, before: Surface, after: Surface) -> Iterator[Finding]:
    if old.kind != new.kind:
        yield Finding("kind-changed", name, old.kind, new.kind, BREAKING, "it is used in another way")
        return
    if lost := [base for base in old.bases if base not in new.bases]:
        shown = ", ".join(old.bases), ", ".join(new.bases)
        yield Finding("base-removed", name, *shown, BREAKING, f"isinstance and except with {lost[0]} miss it")
    owner = name.rpartition(".")[0].rpartition(".")[2]
    sent, received = (
        owner in (one | other) for one, other in ((before.sent, after.sent), (before.received, after.received))
    )
    if new.role == "member" and old.text != new.text:
        yield Finding("member-changed", name, old.text, new.text, BREAKING, "the member stands for another value")
    elif new.kind == "attribute" and old.text != new.text and (received or not sent):
        yield Finding("type-changed", name, old.text, new.text, *_given(old.text, new.text))
    elif new.kind in FUNCTIONS and old.text != new.text:
        yield Finding("return-type-changed", name, old.text, new.text, *_given(old.text, new.text))
    bare = name.rpartition(".")[2]
    if new.kind != "class" or bare in before.sent | after.sent or bare not in after.received:
        yield from _arguments(name, old, new, BREAKING)
    elif new.role == "model":  # answers are made of it; callers make such objects in tests only
        fields = {one for one in (*before.entries, *after.entries) if one.startswith(f"{name}.")}
        for found in _arguments(name, old, new, DEGRADED):
            argument = found.name.removeprefix(f"{name}(").rstrip(")")
            if found.kind not in TOLD_BY_FIELDS or f"{name}.{argument}" not in fields:
                yield attrs.evolve(found, callers=f"where code makes such objects itself: {found.callers}")


def _arguments(name: str, old: Entry, new: Entry, worst: Effect) -> Iterator[Finding]:
    """Changes of what a function or constructor takes; ``worst``: what a call that fails counts as."""
    known, now = ({one.name: one for one in entry.arguments} for entry in (old, new))
    for argument in old.arguments:
        if argument.name not in now:
            said = "passing it is a TypeError"
            yield Finding("argument-removed", f"{name}({argument.name})", argument.annotation, None, worst, said)
    for argument in new.arguments:
        here = f"{name}({argument.name})"
        if argument.name not in known:
            needed = argument.default is None and argument.kind != "variadic"
            said = "calls without it are a TypeError" if needed else "there is a new optional argument"
            kind = "required-argument-added" if needed else "argument-added"
            yield Finding(kind, here, None, argument.annotation, worst if needed else ADDITIVE, said)
        else:
            yield from _argument(here, known[argument.name], argument, worst)
    yield from _order(name, old, new)


def _argument(here: str, old: Argument, new: Argument, worst: Effect) -> Iterator[Finding]:
    if old.default is not None and new.default is None:
        said = "calls without it are a TypeError"
        yield Finding("argument-became-required", here, old.default, None, worst, said)
    elif old.default is None and new.default is not None:
        yield Finding("argument-became-optional", here, None, new.default, ADDITIVE, "it may be left out")
    elif old.default != new.default:
        said = "leaving it out means something else"
        yield Finding("argument-default-changed", here, old.default, new.default, DEGRADED, said)
    if old.kind != new.kind:
        effect = ADDITIVE if new.kind == POSITIONAL else BREAKING
        said = "it can be passed in more ways" if effect is ADDITIVE else "it can't be passed as it was"
        yield Finding("argument-kind-changed", here, old.kind, new.kind, effect, said)
    if old.annotation != new.annotation:
        taken = union(old.annotation) <= takes(new.annotation)
        said = "more types can be passed" if taken else "values that could be passed no longer fit the type"
        effect = ADDITIVE if taken else worst
        yield Finding("argument-type-changed", here, old.annotation, new.annotation, effect, said)


def _order(name: str, old: Entry, new: Entry) -> Iterator[Finding]:
    """Positional arguments mean something else when they change places."""
    places = [[one.name for one in entry.arguments if one.kind == POSITIONAL] for entry in (old, new)]
    if any(one in places[1] and places[0].index(one) != places[1].index(one) for one in places[0]):
        shown = ", ".join(places[0]), ", ".join(places[1])
        yield Finding("arguments-moved", name, *shown, BREAKING, "values passed by position go to other arguments")


def _given(old: str, new: str) -> tuple[Effect, str]:
    """What a type of something that callers are given does to them."""
    if union(new) <= union(old):
        return ADDITIVE, "fewer types have to be expected"
    return BREAKING, "it may be of a type that it never was"
