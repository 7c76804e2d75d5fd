"""What makes a class the same under another name: what it holds, and where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from scripts.comparison.renames import Renames, annotation, replaced
from scripts.comparison.surface import FUNCTIONS, Surface, named


def alike(sides: Iterable[tuple[Surface, Iterable[str]]]) -> list[dict[str, Hashable]]:
    """By class name, for each side: what the class holds, without its name and those of the other classes.

    Classes inside one another count by what they hold in turn: all start as the same, and are told apart by what those
    inside them were told apart by, until nothing more comes of it (partition refinement).
    """
    given = [(surface, _held(surface, [*names])) for surface, names in sides]
    found: list[dict[str, Hashable]] = [dict.fromkeys(held, "") for _, held in given]
    known = 0
    while True:
        numbers = {shape: f"#{number}" for number, shape in enumerate({one for side in found for one in side.values()})}
        if len(numbers) <= known:
            return found
        known = len(numbers)
        found = [
            {name: _shape(surface, name, held[name], _numbered(side, numbers)) for name in held}
            for (surface, held), side in zip(given, found, strict=True)
        ]


def _numbered(side: dict[str, Hashable], numbers: dict[Hashable, str]) -> dict[str, str]:
    return {name.rpartition(".")[2]: numbers[shape] for name, shape in side.items()}


def _held(surface: Surface, names: list[str]) -> dict[str, list[str]]:
    """By class, the names of its fields or members."""
    held: dict[str, list[str]] = {name: [] for name in names}
    for member, one in surface.entries.items():
        owner = member.rpartition(".")[0]
        if owner in held and one.kind == "attribute":
            held[owner].append(member)
    return held


def _shape(surface: Surface, name: str, held: list[str], inner: dict[str, str]) -> Hashable:
    entry = surface.entries[name]
    defaults = {one.name: replaced(one.default or "", inner) for one in entry.arguments}
    fields = set()
    for member in held:
        one, last = surface.entries[member], member.rpartition(".")[2]
        key = one.text if one.role == "member" else surface.wire.get(member, last)
        fields.add((one.role, key, annotation(one.text, inner), defaults.get(last)))
    return tuple(sorted(replaced(base, inner) for base in entry.bases)), entry.role, frozenset(fields)


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
