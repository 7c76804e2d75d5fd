"""Names of a package that are called otherwise in another one, and a package as if it had had the new names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from scripts.comparison.surface import Argument, Entry, Surface, union


@attrs.frozen
class Renames:
    """By former name: the new ones of modules, classes, methods, fields and members; and those of arguments, by the
    former names of the functions (or classes) that take them."""

    names: dict[str, str] = attrs.Factory(dict)
    arguments: dict[str, dict[str, str]] = attrs.Factory(dict)

    def moved(self, name: str) -> str:
        """What a former name is called now, by the longest part of it that is called otherwise."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            if (to := self.names.get(".".join(parts[:length]))) is not None:
                return ".".join([to, *parts[length:]])
        return name

    def told(self) -> Iterator[tuple[str, str]]:
        """The renames, without those that follow from the one of what is around them."""
        for old, new in self.names.items():
            around, _, last = old.rpartition(".")
            if new != f"{self.moved(around)}.{last}".lstrip("."):
                yield old, new


def applied(before: Surface, renames: Renames) -> Surface:
    """The former surface as if it had had the new names."""
    bare = bare_names(renames.names, before)

    def renamed(name: str, entry: Entry) -> Entry:
        arguments = renames.arguments.get(name, {})
        return attrs.evolve(
            entry,
            text=annotation(entry.text, bare),
            bases=tuple(replaced(base, bare) for base in entry.bases),
            arguments=tuple(_argument(one, arguments, bare) for one in entry.arguments),
        )

    def wired(name: str) -> str:
        function, mark, argument = name.partition("(")
        argument = argument.rstrip(")")
        inner = renames.arguments.get(function, {}).get(argument, argument)
        return renames.moved(function) + (f"({inner})" if mark else "")

    return attrs.evolve(
        before,
        entries={renames.moved(name): renamed(name, entry) for name, entry in before.entries.items()},
        sent=frozenset(bare.get(one, one) for one in before.sent),
        received=frozenset(bare.get(one, one) for one in before.received),
        wire={wired(name): wire for name, wire in before.wire.items()},
    )


def bare_names(names: dict[str, str], before: Surface) -> dict[str, str]:
    """The new names of classes by the former ones, without the modules that they are in."""
    classes = {old: new for old, new in names.items() if before.entries[old].kind == "class"}
    found = {old.rpartition(".")[2]: new.rpartition(".")[2] for old, new in classes.items()}
    return {old: new for old, new in found.items() if old != new}


def replaced(text: str, bare: dict[str, str]) -> str:
    """Source with the new names of classes."""
    return re.sub(r"[A-Za-z_]\w*", lambda found: bare.get(found[0], found[0]), text) if bare else text


def annotation(text: str, bare: dict[str, str]) -> str:
    """A type with the new names of classes, in the order in which unions are compared."""
    changed = replaced(text, bare)
    return text if changed == text else " | ".join(sorted(union(changed)))


def _argument(one: Argument, names: dict[str, str], bare: dict[str, str]) -> Argument:
    default = None if one.default is None else replaced(one.default, bare)
    return attrs.evolve(
        one, name=names.get(one.name, one.name), annotation=annotation(one.annotation, bare), default=default
    )
