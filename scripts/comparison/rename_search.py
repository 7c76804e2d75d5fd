"""Which names of a package are others of the one before under a new name, where what is on the wire proves it.

A rename is certain, or it is none: the same key in JSON of the same class, the same place in the request of the same
operation, the same method and path (or operationId), the same value of the same enum; of classes, the same content in
the same places. Likeness of names says nothing. Whatever is not certain stays a removal and an addition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

import attrs

from scripts.comparison import same_classes
from scripts.comparison.renames import Renames, bare_names, replaced
from scripts.comparison.surface import FUNCTIONS, Entry, Surface

CLIENTS = ("resources.", "async_resources.")
MODELS = "models."


def find(before: Surface, after: Surface) -> Renames:
    """The renames between two surfaces, from the outermost to the innermost."""
    search = _Search(before, after, Renames())
    search.operations()
    search.resources()
    search.models()
    search.holders()
    search.methods()
    search.links()
    search.members()
    search.arguments()
    return search.found


def _certain(old: Iterable[tuple[Hashable, str]], new: Iterable[tuple[Hashable, str]]) -> Iterator[tuple[str, str]]:
    """Former and new names whose key one name alone has on either side."""
    sides = [[*old], [*new]]
    counts = [Counter(key for key, _ in side) for side in sides]
    names = {key: name for key, name in sides[1] if counts[1][key] == 1}
    yield from ((name, names[key]) for key, name in sides[0] if counts[0][key] == 1 and key in names)


@attrs.frozen
class _Search:
    """Finds the renames of one kind of thing after the other; what was found is taken into account in what follows."""

    before: Surface
    after: Surface
    found: Renames

    def _gone(self) -> Iterator[tuple[str, Entry]]:
        for name, entry in self.before.entries.items():
            if name not in self.after.entries and self.found.moved(name) not in self.after.entries:
                yield name, entry

    def _new(self) -> Iterator[tuple[str, Entry]]:
        taken = {self.found.moved(name) for name in self.before.entries}
        yield from ((name, entry) for name, entry in self.after.entries.items() if name not in taken)

    def _sides(self) -> Iterator[tuple[Surface, list[tuple[str, Entry]]]]:
        """Both surfaces, each with what the other has not."""
        yield self.before, [*self._gone()]
        yield self.after, [*self._new()]

    def operations(self) -> None:
        """Modules of ``api``: the same method and path, else the same operationId."""
        for known in ("wire", "operations"):
            sides = [
                [
                    (getattr(side, known)[name], name)
                    for name, one in names
                    if one.kind == "module" and name in side.operations
                ]
                for side, names in self._sides()
            ]
            self.found.names.update(_certain(*sides))

    def resources(self) -> None:
        """Classes of a client: the same methods and the same classes below."""
        old, new = (_contents(side) for side in (self.before, self.after))
        sides = [
            [((_variant(name), contents[name]), name) for name, _ in names if contents.get(name)]
            for contents, names in ((old, self._gone()), (new, self._new()))
        ]
        self.found.names.update(_certain(*sides))

    def models(self) -> None:
        """Classes of data: the same content, where the former ones stood; or the same export, from another module."""
        exported = {name.rpartition(".")[2] for name, one in self.after.entries.items() if one.kind == "export"}
        sides = [
            [(last, name) for name in models if (last := name.rpartition(".")[2]) in exported]
            for _, models in self._models()
        ]
        self.found.names.update(_certain(*sides))
        shapes = same_classes.alike(self._models())
        likely = dict(_certain(*([(shape, name) for name, shape in side.items()] for side in shapes)))
        self._confirm(likely)
        self.found.names.update(likely)
        bare = bare_names(likely, self.before)
        for name, entry in [*self._gone()]:
            module, _, last = name.rpartition(".")
            if entry.kind == "export" and last in bare and f"{module}.{bare[last]}" in self.after.entries:
                self.found.names[name] = f"{module}.{bare[last]}"

    def _models(self) -> Iterator[tuple[Surface, dict[str, Entry]]]:
        for side, names in self._sides():
            yield side, {name: one for name, one in names if one.kind == "class" and name.startswith(MODELS)}

    def _confirm(self, likely: dict[str, str]) -> None:
        """Strike out the classes that do not stand where the former ones stood, until the rest agrees."""
        used = same_classes.uses(self.before, likely), same_classes.uses(self.after, likely.values())
        wrong = [*likely]
        while wrong:
            tried = Renames(self.found.names | likely)
            wrong = [
                old
                for old, new in likely.items()
                if not used[0][old] or {same_classes.moved(tried, one) for one in used[0][old]} != used[1][new]
            ]
            for old in wrong:
                del likely[old]

    def holders(self) -> None:
        """Modules all of whose content is in one new module now."""
        new = {name for name, entry in self._new() if entry.kind == "module"}
        gone = [name for name, entry in self._gone() if entry.kind == "module"]
        inside: dict[str, list[str]] = {}
        for name in self.before.entries:
            inside.setdefault(name.rpartition(".")[0], []).append(name)
        for module in sorted(gone, key=lambda name: -name.count(".")):
            to = {self.found.names.get(name, "").rpartition(".")[0] for name in inside.get(module, ())}
            if len(to) == 1 and to <= new:
                self.found.names[module] = to.pop()

    def methods(self) -> None:
        """Methods of clients: those that make the same request."""
        for known in ("wire", "operations"):
            sides = [
                [
                    ((_variant(name.rpartition(".")[0]), getattr(side, known)[name]), name)
                    for name, one in names
                    if one.kind in FUNCTIONS and name in side.operations
                ]
                for side, names in self._sides()
            ]
            self.found.names.update(_certain(*sides))

    def links(self) -> None:
        """Attributes of clients: those that lead to the same class."""
        bare = bare_names(self.found.names, self.before)
        known = {name.rpartition(".")[2] for name in _contents(self.after)}
        sides = [
            [
                ((self.found.moved(name.rpartition(".")[0]), replaced(one.text, bare)), name)
                for name, one in names
                if one.kind == "attribute" and name.startswith(CLIENTS) and replaced(one.text, bare) in known
            ]
            for names in (self._gone(), self._new())
        ]
        self.found.names.update(_certain(*sides))

    def members(self) -> None:
        """Fields with the same key, and members of enums with the same value, of the same class."""
        sides = []
        for side, names in self._sides():
            keyed = []
            for name, one in names:
                key = one.text if one.role == "member" else side.wire.get(name) if one.role == "model" else None
                if key:
                    keyed.append(((self.found.moved(name.rpartition(".")[0]), one.role, key), name))
            sides.append(keyed)
        for old, new in _certain(*sides):
            self.found.names[old] = new
            if self.before.entries[old].role == "model":
                owner, _, field = old.rpartition(".")
                self.found.arguments.setdefault(owner, {})[field] = new.rpartition(".")[2]

    def arguments(self) -> None:
        """Arguments of functions that go to the same place of the request."""
        for name, entry in self.before.entries.items():
            other = self.after.entries.get(self.found.moved(name))
            if entry.kind not in FUNCTIONS or other is None:
                continue
            names = [{one.name for one in each.arguments} for each in (entry, other)]
            sides = [
                [(side.wire[f"{function}({one})"], one) for one in these - those if f"{function}({one})" in side.wire]
                for side, function, these, those in (
                    (self.before, name, names[0], names[1]),
                    (self.after, self.found.moved(name), names[1], names[0]),
                )
            ]
            if pairs := dict(_certain(*sides)):
                self.found.arguments[name] = pairs


def _variant(name: str) -> tuple[str, bool]:
    """Which of the forms of a resource a class is: for which client, and whether it gives whole responses."""
    return name.partition(".")[0], name.endswith("WithResponse")


def _contents(surface: Surface) -> dict[str, frozenset[Hashable]]:
    """The classes of clients, by what can be called with them, however it is called; empty where that is not known."""
    owned: dict[str, list[tuple[str, Entry]]] = {}
    classes: dict[str, str] = {}
    for name, entry in surface.entries.items():
        if name.startswith(CLIENTS) and entry.kind == "class":
            classes[name.rpartition(".")[2]] = name
        owned.setdefault(name.rpartition(".")[0], []).append((name, entry))
    known: dict[str, frozenset[Hashable]] = {}

    def content(name: str, around: frozenset[str]) -> frozenset[Hashable]:
        if name not in known and name not in around:
            found = set[Hashable]()
            for member, entry in owned.get(name, ()):
                if member in surface.operations:
                    found.add(surface.wire[member])
                elif entry.text in classes:
                    found.add(content(classes[entry.text], around | {name}))
            known[name] = frozenset(found)
        return known.get(name, frozenset())

    return {name: content(name, frozenset()) for name in classes.values()}
