"""Read a generated package without importing it: what can be called, which classes there are, what it imports."""

from __future__ import annotations

import ast
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.errors import InputError

# The package promises its users these and the standard library, nothing else. httpcore is the half of httpx that opens
# connections: wherever httpx is installed, it is.
ALLOWED_IMPORTS = frozenset({"attrs", "httpx", "httpcore"})
# What an operation's module must offer; ``sync`` and ``asyncio`` are missing where no answer has a body.
OPERATION_FUNCTIONS = frozenset({"sync_detailed", "asyncio_detailed"})
# The members of a syntax tree's nodes that hold statements, or what holds them.
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")


@attrs.frozen
class PackageScan:
    """``operations``: module path relative to the package, dotted (``api.numbers.list_numbers``); ``classes``: by name
    the module that defines it; ``exported``: the names in ``models.__all__``."""

    operations: tuple[str, ...]
    classes: dict[str, str]
    exported: frozenset[str]


def scan(package: Path) -> PackageScan:
    """Read every module of ``package``. ``InputError`` when one is no valid Python or imports what it must not."""
    modules = {
        path.relative_to(package): check(path, f"{package.name}/{path.relative_to(package).as_posix()}")
        for path in sorted(package.rglob("*.py"))
    }
    operations, classes = [], {}
    exported: frozenset[str] = frozenset()
    for path, tree in modules.items():
        dotted = ".".join(path.with_suffix("").parts)
        if path.parts[0] == "api" and path.name != "__init__.py":
            functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            if functions >= OPERATION_FUNCTIONS:
                operations.append(dotted)
        elif path == Path("models", "__init__.py"):
            exported = frozenset(_all(tree))
        elif path.parts[0] == "models":
            classes.update({node.name: dotted for node in tree.body if isinstance(node, ast.ClassDef)})
    return PackageScan(tuple(operations), classes, exported)


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement of a module, the deeper ones later; most of what ``ast.walk`` gives are expressions."""
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.stmt):
            yield node
        for field in _BLOCKS:
            waiting.extend(getattr(node, field, ()))


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The top-level modules that a module imports absolutely, with their lines, wherever the import stands."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno


def check(path: Path, name: str) -> ast.Module:
    """The syntax tree of a module, called ``name`` in messages. ``InputError`` for what must not be in the package."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as problem:
        raise InputError(
            f"is not valid Python: {getattr(problem, 'msg', problem)}",
            file=name,
            line=getattr(problem, "lineno", None),
            fix="if the generator wrote it, a name or text in the description breaks it: change it there",
        ) from problem
    for imported, line in imports(tree):
        if imported not in ALLOWED_IMPORTS and imported not in sys.stdlib_module_names:
            raise InputError(
                f"the package must not import {imported}",
                file=name,
                line=line,
                fix=f"{', '.join(sorted(ALLOWED_IMPORTS))} and the standard library are all that its users have",
            )
    return tree


def _all(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return [str(name) for name in ast.literal_eval(node.value)]
    return []
