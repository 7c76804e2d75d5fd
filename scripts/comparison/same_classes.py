"""What makes a class the same under another name: what it holds, and where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from scripts.comparison.renames import Renames, annotation, replaced
from scripts.comparison.surface import FUNCTIONS, Entry, Surface, named


def shapes(surface: Surface, names: dict[str, Entry]) -> dict[str, Hashable]:
    """What each of these classes holds, without their own names: those inside them count by what they hold."""
    bare = {name.rpartition(".")[2]: name for name in names}
    found: dict[str, Hashable] = dict.fromkeys(names, 0)
    for _ in range(len(names)):
        numbers = {shape: f"#{number}" for number, shape in enumerate(sorted(set(found.values()), key=repr))}
        inner = {short: numbers[found[name]] for short, name in bare.items()}
        told = {name: _shape(surface, name, entry, inner) for name, entry in names.items()}
        grown = len(set(told.values())) > len(numbers)
        found = told
        if not grown:
            break
    return found


def _shape(surface: Surface, name: str, entry: Entry, inner: dict[str, str]) -> Hashable:
    defaults = {one.name: one.default for one in entry.arguments}
    held = set()
    for member, one in surface.entries.items():
        owner, _, last = member.rpartition(".")
        if owner == name and one.kind == "attribute":
            key = one.text if one.role == "member" else surface.wire.get(member, last)
            held.add((one.role, key, annotation(one.text, inner), defaults.get(last)))
    return tuple(sorted(replaced(base, inner) for base in entry.bases)), entry.role, frozenset(held)


def uses(surface: Surface, names: Iterable[str]) -> dict[str, set[str]]:
    """Where each of these classes stands: the fields, arguments, results and events, by what they are on the wire."""
    wanted = {name.rpartition(".")[2]: name for name in names}
    found: dict[str, set[str]] = {name: set() for name in wanted.values()}
    for name in found:
        if name in surface.wire:
            found[name].add(surface.wire[name])
    for place, entry in surface.entries.items():
        owner = place.rpartition(".")[0]
        if entry.kind in FUNCTIONS and surface.entries.get(owner, entry).role == "model":
            continue  # what a model makes of itself
        here = f"{owner}.({surface.wire[place]})" if entry.role == "model" and place in surface.wire else place
        texts = [(here, entry.text)]
        if entry.kind in FUNCTIONS:
            texts += [
                (f"{place}({surface.wire.get(f'{place}({one.name})', one.name)})", one.annotation)
                for one in entry.arguments
            ]
        for use, text in texts:
            for one in named(text) & wanted.keys():
                found[wanted[one]].add(use)
    return found


def moved(renames: Renames, use: str) -> str:
    """A place that a class is used at, by its new name."""
    outer, mark, rest = use.partition("(")
    return f"{renames.moved(outer.rstrip('.'))}{'.' if outer.endswith('.') else ''}{mark}{rest}"
