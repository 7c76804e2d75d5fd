"""What a generated function takes and gives, read from its source: the facade repeats it under other names.

The source is the truth here, not the description: the types that the generator made stand nowhere else.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import attrs

from scripts.pipeline import package_scan

# Where a name comes from: (module, attribute), the module relative to the package when it begins with a dot. The
# attribute is empty for a module that is imported whole.
Origins = dict[str, tuple[str, str]]


@attrs.frozen
class Typed:
    """An annotation as source, and the origins of the names in it. ``builtins`` are named as such when asked to."""

    text: str
    origins: Origins = attrs.field(factory=dict)

    def names(self) -> frozenset[str]:
        """Every name that the annotation mentions."""
        return _names(self.text)

    def spelled(self, taken: Collection[str], aliases: Mapping[str, str] = MappingProxyType({})) -> str:
        """The annotation for a place where ``taken`` are names of something else, such as methods called ``list``.

        What was imported goes by its alias there, if it has one.
        """
        names = self.names()
        others = {name: f"builtins.{name}" for name in names if self._hidden(name, taken)}
        others |= {name: aliases[name] for name in names & self.origins.keys() & aliases.keys()}
        if not others:
            return self.text
        return ast.unparse(_Renamed(others).visit(ast.parse(self.text, mode="eval")))

    def _hidden(self, name: str, taken: Collection[str]) -> bool:
        return name in taken and name not in self.origins and hasattr(builtins, name)


@functools.cache  # a package has few different annotations
def _names(annotation: str) -> frozenset[str]:
    tree = ast.parse(annotation, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(self._names.get(node.id, node.id), mode="eval").body


@attrs.frozen
class Parameter:
    """One argument of a function or field of a class; ``default`` is source, None when a value must be given."""

    name: str
    type: Typed
    default: str | None


@attrs.frozen
class Signature:
    """A function: positional arguments, keyword arguments, and what it returns."""

    positional: tuple[Parameter, ...]
    keyword: tuple[Parameter, ...]
    returns: Typed


@attrs.frozen
class Module:
    """The functions of a module by name, and the fields of its classes by the classes' names."""

    functions: dict[str, Signature]
    classes: dict[str, tuple[Parameter, ...]]


def read(package: Path, dotted: str) -> Module:
    """Read the module ``dotted`` (``api.numbers.list_numbers``) of ``package`` without importing it."""
    tree = ast.parse(package.joinpath(*dotted.split(".")).with_suffix(".py").read_bytes())
    origins = _origins(tree, dotted)
    functions: dict[str, Signature] = {}
    classes: dict[str, tuple[Parameter, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions[node.name] = _signature(node, origins)
        elif isinstance(node, ast.ClassDef):
            classes[node.name] = tuple(_fields(node, {**origins, node.name: (f".{dotted}", node.name)}))
    return Module(functions, classes)


def _origins(tree: ast.Module, dotted: str) -> Origins:
    found: Origins = {}
    for node in package_scan.statements(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname or alias.name: (alias.name, "") for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            parts = dotted.split(".")[: -node.level] if node.level else []
            module = ".".join([*parts, *([node.module] if node.module else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = (f".{module}" if node.level else module, alias.name)
    return found


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef, origins: Origins) -> Signature:
    given = node.args
    defaults: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults)) + list(given.defaults)
    return Signature(
        tuple(
            _parameter(one.arg, one.annotation, default, origins)
            for one, default in zip(given.args, defaults, strict=True)
        ),
        tuple(
            _parameter(one.arg, one.annotation, default, origins)
            for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        ),
        _typed(node.returns, origins),
    )


def _parameter(name: str, annotation: ast.expr | None, default: ast.expr | None, origins: Origins) -> Parameter:
    return Parameter(name, _typed(annotation, origins), None if default is None else ast.unparse(default))


def _fields(node: ast.ClassDef, origins: Origins) -> Iterable[Parameter]:
    """The fields of an attrs class that its constructor takes."""
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        value, default = statement.value, None if statement.value is None else ast.unparse(statement.value)
        if isinstance(value, ast.Call):
            options = {keyword.arg: ast.unparse(keyword.value) for keyword in value.keywords}
            if options.get("init") == "False":
                continue
            default = options.get("default", "..." if "factory" in options else None)
        if not ast.unparse(statement.annotation).startswith(("ClassVar", "typing.ClassVar")):
            yield Parameter(statement.target.id, _typed(statement.annotation, origins), default)


def _typed(annotation: ast.expr | None, origins: Origins) -> Typed:
    if annotation is None:
        return Typed("object")
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    typed = Typed(ast.unparse(annotation))
    return Typed(typed.text, {name: origins[name] for name in sorted(typed.names() & origins.keys())})
