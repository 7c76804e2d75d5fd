"""The public names that callers of some operations can meet: their functions and methods, and the classes in them."""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from scripts.comparison import snapshot
from scripts.comparison.surface import FUNCTIONS, Surface, closure, inside, named
from scripts.comparison.variants import plain

# The parts of a package that consist of one thing for each operation, resource or schema.
DIVIDED = ("api", "resources", "models")


@attrs.frozen
class Slice:
    """``modules``: functions below ``api``; ``methods``: dotted names of the clients' methods; ``classes``: models."""

    modules: frozenset[str]
    methods: frozenset[str]
    classes: frozenset[str]

    def holds(self, name: str) -> bool:
        """Whether a public name belongs to the slice, or to what all slices share."""
        written = re.sub(r"\(.*", "", plain(name))
        first = written.partition(".")[0]
        if first == "api":
            return any(written == module or written.startswith(f"{module}.") for module in self.modules)
        if first == "models":
            return not self.classes.isdisjoint(written.split("."))
        if first == "resources":
            return self._method(written) in self.methods
        return first not in DIVIDED

    @staticmethod
    def _method(written: str) -> str:
        """``resources.phone_numbers.messaging.Messaging.update`` → ``phone_numbers.messaging.update``."""
        return ".".join(part for part in written.split(".")[1:] if not part[:1].isupper())


def of(surface: Surface, package: Path, only: frozenset[str], name: str) -> Slice:
    """The slice that has these operations of the package of the version called ``name``; ``InputError`` when its
    manifest can't be read."""
    listed = snapshot.account(package, name)
    modules = frozenset(module for operation, module in listed["operations"].items() if operation in only)
    methods = frozenset(method for operation, method in listed.get("methods", {}).items() if operation in only)
    start: set[str] = set()
    for name, entry in surface.entries.items():
        if entry.kind in FUNCTIONS and any(name.startswith(f"{module}.") for module in modules):
            start |= named(entry.text)
            start |= {one for argument in entry.arguments for one in named(argument.annotation)}
    return Slice(modules, methods, closure(start, inside(surface.entries)))
