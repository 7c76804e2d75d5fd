"""Take one of the two clients out of a package: its class, its resources, its functions of operations and its names.

What only it used in the runtime is nobody's then, and goes the way of everything that is not reached (``reaching``).
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Collection
from pathlib import Path

import attrs

from scripts.pipeline import assemble
from scripts.vendoring import rewriting, scopes
from scripts.vendoring.scopes import Function

PREFIX = "Async"
CLIENT, ENTRY = "client.py", "__init__.py"


@attrs.frozen
class Side:
    """What a package has of one client: the folder of its resources, and the functions of each operation's module."""

    folder: str
    functions: frozenset[str]


SIDES = {
    "sync": Side("resources", frozenset({"sync", "sync_detailed"})),
    "async": Side("async_resources", frozenset({"asyncio", "asyncio_detailed"})),
}


def cut(package: Path, client: str) -> frozenset[str]:
    """Leave ``client`` (a key of ``SIDES``) alone in ``package``, in place; the public names that it had beside it.

    The entry still lists them, and the functions, in its documentation.
    """
    other = SIDES[next(one for one in SIDES if one != client)]
    names = _names(package, client)
    shutil.rmtree(package / other.folder)
    modules = [path for path in sorted((package / "api").rglob("*.py")) if path.name != ENTRY]
    for path in (*modules, package / CLIENT):
        _without(path, names | other.functions)
    assemble.arrange(package, [path.relative_to(package).as_posix() for path in (*modules, package / CLIENT)])
    return names | other.functions


def _names(package: Path, client: str) -> frozenset[str]:
    """The public names of the other client: there are two of them, one with ``Async`` in front."""
    listed = _listed(package / ENTRY)
    pairs = {name for name in listed if f"{PREFIX}{name}" in listed}
    return frozenset({f"{PREFIX}{name}" for name in pairs} if client == "sync" else pairs)


def _listed(entry: Path) -> frozenset[str]:
    for node in ast.parse(entry.read_bytes()).body:
        if "__all__" in rewriting.assigned(node):
            return frozenset(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    raise RuntimeError(f"{entry.name} lists no public names")


def _without(path: Path, names: Collection[str]) -> None:
    """Take the definitions of these names out of a module."""
    source = scopes.read_one(path)
    nodes = [node for node in source.tree.body if isinstance(node, Function | ast.ClassDef) and node.name in names]
    path.write_text(rewriting.without(source, nodes), encoding="utf-8", newline="\n")
