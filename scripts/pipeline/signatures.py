"""What a generated function takes and gives, read from its source: the facade repeats it under other names.

The source is the truth here, not the description: the types that the generator made stand nowhere else.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable
from pathlib import Path

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

    def names(self) -> set[str]:
        """Every name that the annotation mentions."""
        return {node.id for node in ast.walk(ast.parse(self.text, mode="eval")) if isinstance(node, ast.Name)}

    def spelled(self, taken: Collection[str]) -> str:
        """The annotation for a place where ``taken`` are names of something else, such as methods called ``list``."""
        tree = ast.parse(self.text, mode="eval")
        if not any(isinstance(node, ast.Name) and self._hidden(node.id, taken) for node in ast.walk(tree)):
            return self.text
        return ast.unparse(_Builtins({name for name in self.names() if self._hidden(name, taken)}).visit(tree))

    def _hidden(self, name: str, taken: Collection[str]) -> bool:
        return name in taken and name not in self.origins and hasattr(builtins, name)


class _Builtins(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names:
            return node
        return ast.Attribute(ast.Name("builtins", ast.Load()), node.id, ast.Load())


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
