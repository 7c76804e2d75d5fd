"""Take out of a package what its operations do not need: parts of the runtime, and the names that stood for them.

What is needed follows from the imports alone, wherever in a module they stand: the clients, the operations, the models
and all that these can come to load stay.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs

from scripts.pipeline import events, package_scan

WEBHOOKS = ("webhooks.py", events.FILE)
ENTRY = "__init__.py"
MODELS = f"models/{ENTRY}"
# What is there for its own sake, beside the operations themselves: top-level modules, and folders of modules.
ROOTS = ("client.py", "errors.py", "types.py", "api", MODELS, "resources", "async_resources")
# They name everything, to load it when somebody asks.
LISTING = frozenset({ENTRY, MODELS})
OFFERED = "What this package offers:"
WIDTH = 120


@attrs.frozen
class Trimmed:
    """The files that went, relative to the package with ``/``, and the public names that went with them."""

    files: frozenset[str]
    names: frozenset[str]


def trim(
    package: Path, methods: Sequence[str] | None, *, webhooks: bool, unwanted: frozenset[str] = frozenset()
) -> Trimmed:
    """Remove what nothing needs from ``package``, in place; ``webhooks`` stay when they are wanted.

    ``methods`` are those of a slice, which the package's own documentation lists afterwards; ``None`` is the whole,
    of which all models stay. ``unwanted`` are names that are to be listed no longer, beside those of modules
    that go. Formatting is left to the caller.
    """
    kept = needed(package, webhooks=webhooks)
    if methods is None:
        kept |= {path.relative_to(package).as_posix() for path in (package / MODELS).parent.rglob("*.py")}
    gone = frozenset(
        name for path in package.rglob("*.py") if (name := path.relative_to(package).as_posix()) not in kept
    )
    for name in gone:
        (package / name).unlink()
    _relist(package, MODELS, gone, frozenset())
    names = _relist(package, ENTRY, gone, unwanted, methods)
    return Trimmed(gone, names)


def _relist(
    package: Path, listing: str, gone: frozenset[str], unwanted: frozenset[str], methods: Sequence[str] | None = None
) -> frozenset[str]:
    """Take the modules that went out of one that names everything; gives the public names that went with them."""
    path = package / listing
    head, text = _parted(path.read_text(encoding="utf-8"))
    inside = frozenset(one.removeprefix(listing.removesuffix(ENTRY)) for one in gone)
    tree, names = _without(ast.parse(text), inside, unwanted)
    said = ast.get_docstring(tree, clean=True)
    if said and (methods is not None or unwanted):
        tree.body[0] = ast.Expr(ast.Constant(_described(said, methods, names)))
    path.write_text(head + ast.unparse(tree) + "\n", encoding="utf-8", newline="\n")
    return names


def needed(package: Path, *, webhooks: bool) -> frozenset[str]:
    """The modules that can be loaded once the package's entry loads no more than it has to."""
    roots = [path for name in ROOTS for path in _modules(package / name)]
    waiting = [*roots, package / ENTRY, *((package / name for name in WEBHOOKS) if webhooks else ())]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        waiting += [above for above in _packages(path, package) if above.is_file()]
        if path.relative_to(package).as_posix() not in LISTING:
            waiting += _imported(path)
        if path == package / events.FILE:
            waiting += [package / f"{module}.py" for module in _modules_of_events(path)]
    return frozenset(path.relative_to(package).as_posix() for path in seen)


def _modules_of_events(path: Path) -> Iterator[str]:
    """The models that bring events; texts name them, since they are loaded with the first such event."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(".models."):
            yield node.value[1:].replace(".", "/")


def _modules(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _packages(path: Path, package: Path) -> Iterator[Path]:
    """The entries of the packages that a module is in: they are loaded before it."""
    for folder in path.parents:
        yield folder / ENTRY
        if folder == package:
            return


def _imported(path: Path) -> Iterator[Path]:
    """The modules of the package that a module imports anywhere."""
    for node in package_scan.statements(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for name in (base, *(base / alias.name for alias in node.names)):
                yield from (one for one in (name.with_suffix(".py"), name / ENTRY) if one.is_file())


def _parted(text: str) -> tuple[str, str]:
    """The comments at the head of a file, which a syntax tree does not hold, and the rest."""
    found = re.match(r"(?:#[^\n]*\n|\n)*", text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def _without(tree: ast.Module, gone: frozenset[str], unwanted: frozenset[str]) -> tuple[ast.Module, frozenset[str]]:
    """A module that names others without those that went, and the public names that it lost."""
    modules = {name.removesuffix(".py").replace("/", ".") for name in gone}
    names = {*unwanted}
    for node in package_scan.statements(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names |= {alias.asname or alias.name for alias in node.names if {node.module or "", alias.name} & modules}
    cut = _Cut(lambda name: name in names)
    return ast.fix_missing_locations(cut.visit(tree)), frozenset(names)


class _Cut(ast.NodeTransformer):
    """Drops names from imports, from tuples and sets of texts, and from dictionaries by their keys."""

    def __init__(self, gone: Callable[[str], bool]) -> None:
        self._gone = gone

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        node.names = [alias for alias in node.names if not self._gone(alias.asname or alias.name)]
        return node if node.names else None

    def visit_Tuple(self, node: ast.Tuple) -> ast.Tuple:
        node.elts = [one for one in node.elts if not self._text(one)]
        return node

    def visit_Set(self, node: ast.Set) -> ast.Set:
        node.elts = [one for one in node.elts if not self._text(one)]
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.Dict:
        pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if not self._text(key)]
        node.keys, node.values = [key for key, _ in pairs], [value for _, value in pairs]
        return node

    def _text(self, node: ast.expr | None) -> bool:
        return isinstance(node, ast.Constant) and isinstance(node.value, str) and self._gone(node.value)


def _described(said: str, methods: Sequence[str] | None, names: frozenset[str]) -> str:
    """The docstring of a part of the package: its methods, if they are not all, and no name that went.

    What stands above the names that are offered is an example, which may need just what is not there.
    """
    title = said.split("\n", 1)[0]
    lead, found, rest = said.partition(OFFERED)
    if methods:
        lead = "\n".join([title, "", "A slice of it, with these methods:", "", *_bullets(methods), "", ""])
    elif methods is not None or names & set(re.findall(r"\w+", lead)):
        lead = f"{title}\n\n"
    offered, _, below = rest.strip().partition("\n\n")
    parts = [_BULLET.sub(lambda one: _bullet(one, names), offered), *map(_names_cut(names), below.split("\n\n"))]
    return lead + "\n\n".join([OFFERED, *parts] if found else []) + "\n"


def _bullets(methods: Sequence[str]) -> list[str]:
    return [f"- ``{method}``" for method in sorted(methods)]


def _names_cut(names: frozenset[str]) -> Callable[[str], str]:
    """What takes names out of the lists in a paragraph."""

    def relisted(found: re.Match[str]) -> str:
        kept = [one for one in re.findall(r"``\w+``", found[0]) if one.strip("`") not in names]
        return " and ".join([", ".join(kept[:-1]), kept[-1]] if kept[1:] else kept)

    def cut(paragraph: str) -> str:
        new = _SERIES.sub(relisted, paragraph)
        return paragraph if new.split() == paragraph.split() else textwrap.fill(new, WIDTH, break_on_hyphens=False)

    return cut


_SERIES = re.compile(r"``\w+``(?:,\s+``\w+``)*\s+and\s+``\w+``")
_BULLET = re.compile(r"^- (\w+): (.*(?:\n  .*)*)$", re.MULTILINE)
_NAME = re.compile(r"``(\w+)``(?: \([^)]*\))?")


def _bullet(found: re.Match[str], names: frozenset[str]) -> str:
    kept = [" ".join(one[0].split()) for one in _NAME.finditer(found[2]) if one[1] not in names]
    return textwrap.fill(f"- {found[1]}: {', '.join(kept)}", WIDTH - 2, subsequent_indent="  ", break_on_hyphens=False)
