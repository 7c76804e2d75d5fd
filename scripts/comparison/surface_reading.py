"""Read the public names of a package from its source, as a type checker sees them, without running it.

Public is what a caller can reach by names without an underscore: modules but for ``runtime``, and what a public module
takes from there and lists in its ``__all__``. The fields of attrs classes, dataclasses and classes that are like
them (``dataclass_transform``, PEP 681) are the arguments of the constructor, also where another one is hidden from type
checkers. griffe reads the assignments of such a hidden constructor as the fields' defaults, and compares neither
annotations nor attrs classes; a test holds what is found here against what griffe finds.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.comparison import wire_names
from scripts.comparison.surface import POSITIONAL, Argument, Entry, Surface, union, usage
from scripts.errors import InputError

# The inner workings: imported by nobody but the package itself.
PRIVATE = "runtime"
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def read(package: Path, version: str | None = None) -> Surface:
    """The surface of the package in a folder; ``InputError`` when it can't be parsed, which names the ``version``."""
    entries: dict[str, Entry] = {}
    inner: dict[str, Entry] = {}
    exported: set[str] = set()
    exports: dict[str, Entry] = {}
    shown = version or str(package)
    trees = {path: _parse(path, package, shown) for path in sorted(package.rglob("*.py"))}
    bases = {name: kind for tree in trees.values() for name, kind in _transforming(tree)}
    unions = {name: members for tree in trees.values() for name, members in _unions(tree)}
    for path, tree in trees.items():
        parts = path.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if any(map(_hidden, parts)):
            continue
        module = _Module(_aliases(tree), bases, unions)
        if parts[:1] == (PRIVATE,):
            inner |= dict(module.names(tree, ""))
            continue
        name = ".".join(parts)
        if name:
            entries[name] = Entry("module")
        entries |= dict(module.names(tree, f"{name}." if name else ""))
        listed = _listed(tree)
        exported |= (listed & _taken_from_inside(tree)) | _options(tree)
        exports |= {f"{name}.{one}" if name else one: Entry("export") for one in listed if not _hidden(one)}
    if not entries:
        raise InputError("is no Python package: it has no public module", file=shown)
    entries |= {name: entry for name, entry in inner.items() if name.split(".")[0] in exported}
    wired = wire_names.read({path.relative_to(package).with_suffix("").parts: tree for path, tree in trees.items()})
    return Surface(exports | entries, *usage(entries), wired.names, wired.operations)


def _parse(path: Path, package: Path, version: str) -> ast.Module:
    shown = f"{version}: {path.relative_to(package).as_posix()}"
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as problem:
        said = f"can't be read as Python: {problem.msg}"
        raise InputError(said, file=shown, line=problem.lineno, fix="lay or build the package anew") from problem
    except (OSError, ValueError, RecursionError, MemoryError) as problem:
        fix = "lay or build the package anew"
        raise InputError(f"can't be read as Python: {problem}", file=shown, fix=fix) from problem


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements as a type checker sees them: what stands under ``if TYPE_CHECKING`` counts, its opposite does not."""
    for statement in body:
        if isinstance(statement, ast.If):
            test = ast.unparse(statement.test)
            yield from _statements(statement.orelse if test == "not TYPE_CHECKING" else statement.body)
        elif isinstance(statement, ast.Try):
            yield from _statements(statement.body)
        else:
            yield statement


def _taken_from_inside(tree: ast.Module) -> set[str]:
    """The names that a module imports from the inner workings."""
    return {
        alias.name
        for statement in _statements(tree.body)
        if isinstance(statement, ast.ImportFrom) and PRIVATE in (statement.module or "").split(".")
        for alias in statement.names
    }


def _options(tree: ast.Module) -> set[str]:
    """The types of keyword arguments that public functions take (``**options: Unpack[Options]``, PEP 692)."""
    return {
        name
        for found in _definitions(tree)
        if not (_hidden(found.name) and found.name != "__init__") and found.args.kwarg and found.args.kwarg.annotation
        for name in re.findall(r"Unpack\[(\w+)\]", ast.unparse(found.args.kwarg.annotation))
    }


def _definitions(inside: ast.AST) -> Iterator[Definition]:
    """Every function at any depth; expressions, most of a module, hold none."""
    for one in ast.iter_child_nodes(inside):
        if isinstance(one, ast.stmt | ast.excepthandler | ast.match_case):
            if isinstance(one, Definition):
                yield one
            yield from _definitions(one)


def _listed(tree: ast.Module) -> set[str]:
    """The names in a module's ``__all__``: what it offers, also of what it imports."""
    for statement in _statements(tree.body):
        if isinstance(statement, ast.Assign) and [ast.unparse(one) for one in statement.targets] == ["__all__"]:
            listed = statement.value.elts if isinstance(statement.value, ast.List | ast.Tuple) else []
            return {one.value for one in listed if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return set()


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Names under which a module imports others, and what those are called at home."""
    return {
        alias.asname: alias.name
        for statement in _statements(tree.body)
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
        if alias.asname
    }


def _unions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Unions that have a name of their own (``Uploadable = File | bytes``), and what they are made of."""
    for statement in _statements(tree.body):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
            for target in statement.targets:
                if isinstance(target, ast.Name) and isinstance(statement.value.op, ast.BitOr):
                    yield target.id, ast.unparse(statement.value)


def _transforming(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Classes whose heirs have their fields as arguments (PEP 681), and how these can be passed."""
    for statement in _statements(tree.body):
        for decorator in statement.decorator_list if isinstance(statement, ast.ClassDef) else ():
            text = ast.unparse(decorator)
            if "dataclass_transform" in text and isinstance(statement, ast.ClassDef):
                yield statement.name, "keyword-only" if "kw_only_default=True" in text else POSITIONAL


@attrs.frozen
class _Module:
    """Reads one module; ``aliases`` of its imports, ``bases`` of the package whose heirs are made from their fields,
    ``unions`` of the package that have a name.
    """

    aliases: dict[str, str]
    bases: dict[str, str]
    unions: dict[str, str]

    def names(self, tree: ast.Module, prefix: str) -> Iterator[tuple[str, Entry]]:
        """The public names of the module, with what is inside of classes."""
        for statement in _statements(tree.body):
            if isinstance(statement, ast.ClassDef) and not _hidden(statement.name):
                yield from self._class(statement, f"{prefix}{statement.name}")
            elif isinstance(statement, Definition) and not _hidden(statement.name):
                yield f"{prefix}{statement.name}", self._function(statement, 0)
            else:
                for name, annotation, _ in self._assigned(statement):
                    yield f"{prefix}{name}", Entry("attribute", annotation)

    def _class(self, found: ast.ClassDef, here: str) -> Iterator[tuple[str, Entry]]:
        bases = tuple(self._named(ast.unparse(base)) for base in found.bases)
        kind = self._made_from_fields(found, bases)
        written = [one for one in _statements(found.body) if isinstance(one, Definition) and one.name == "__init__"]
        arguments = self._arguments(written[-1], 1) if written else self._constructor(found, kind) if kind else ()
        yield here, Entry("class", "", arguments, bases, "model" if kind else "")
        enum = any(base.endswith("Enum") for base in bases)
        for name, entry in self._members(found, enum, kind is not None):
            yield f"{here}.{name}", entry

    def _made_from_fields(self, found: ast.ClassDef, bases: tuple[str, ...]) -> str | None:
        """How the fields can be passed to the constructor; ``None`` for a class that is not made from them."""
        for decorator in map(ast.unparse, found.decorator_list):
            if re.search(r"define|frozen|\bdataclass\b", decorator):
                return "keyword-only" if "kw_only=True" in decorator else POSITIONAL
        plain = (base.partition("[")[0].rpartition(".")[2] for base in bases)
        return next((self.bases[base] for base in plain if base in self.bases), None)

    def _members(self, found: ast.ClassDef, enum: bool, model: bool) -> Iterator[tuple[str, Entry]]:
        for statement in _statements(found.body):
            if isinstance(statement, Definition) and not _hidden(statement.name):
                decorators = {ast.unparse(one).rpartition(".")[2] for one in statement.decorator_list}
                if decorators & {"property", "cached_property"}:
                    yield statement.name, Entry("attribute", self._type(statement.returns))
                else:
                    entry = self._function(statement, 0 if "staticmethod" in decorators else 1)
                    yield statement.name, attrs.evolve(entry, text=re.sub(r"\bSelf\b", found.name, entry.text))
            for name, annotation, value in self._assigned(statement):
                role = "member" if enum and not annotation else "model" if model else ""
                yield name, Entry("attribute", value or "" if role == "member" else annotation, role=role)

    def _assigned(self, statement: ast.stmt) -> Iterator[tuple[str, str, str | None]]:
        """Public names that a statement gives a value or a type: name, annotation, value."""
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            value = None if statement.value is None else ast.unparse(statement.value)
            named = [(statement.target.id, self._type(statement.annotation), value)]
        elif isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            named = [(name, "", ast.unparse(statement.value)) for name in names]
        else:
            named = []
        yield from (one for one in named if not _hidden(one[0]))

    def _constructor(self, found: ast.ClassDef, kind: str) -> tuple[Argument, ...]:
        """What the ``__init__`` that attrs makes takes (attrs 23.2, ``define`` and ``field``)."""
        arguments = []
        for statement in _statements(found.body):
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            value = None if statement.value is None else ast.unparse(statement.value)
            annotation = self._type(statement.annotation)
            if "ClassVar" in annotation or (value is not None and "init=False" in value):
                continue
            arguments.append(Argument(statement.target.id.lstrip("_"), kind, annotation, _default(statement.value)))
        return tuple(arguments)

    def _function(self, found: Definition, skipped: int) -> Entry:
        kind = "async function" if isinstance(found, ast.AsyncFunctionDef) else "function"
        return Entry(kind, self._type(found.returns), self._arguments(found, skipped))

    def _arguments(self, found: Definition, skipped: int) -> tuple[Argument, ...]:
        """The arguments without the first ``skipped`` positional ones (``self``)."""
        given = found.args
        ordinary = [(one, "positional-only") for one in given.posonlyargs] + [(one, POSITIONAL) for one in given.args]
        defaults = [None] * (len(ordinary) - len(given.defaults)) + [ast.unparse(one) for one in given.defaults]
        arguments = [
            Argument(one.arg, kind, self._type(one.annotation), default)
            for (one, kind), default in zip(ordinary, defaults, strict=True)
        ][skipped:]
        if given.vararg is not None:
            arguments.append(Argument(f"*{given.vararg.arg}", "variadic", self._type(given.vararg.annotation), "()"))
        for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            default = None if value is None else ast.unparse(value)
            arguments.append(Argument(one.arg, "keyword-only", self._type(one.annotation), default))
        if given.kwarg is not None:
            arguments.append(Argument(f"**{given.kwarg.arg}", "variadic", self._type(given.kwarg.annotation), "{}"))
        return tuple(arguments)

    def _type(self, annotation: ast.expr | None) -> str:
        """An annotation as it compares: unions in one order, ``builtins.list`` as ``list``, no quotes around it."""
        if annotation is None:
            return ""
        text = annotation.value if isinstance(annotation, ast.Constant) else None
        written = text if isinstance(text, str) else ast.unparse(annotation)
        whole = self._spelled_out(self._named(written.replace("builtins.", "")))
        return " | ".join(sorted(union(whole)))

    def _spelled_out(self, written: str) -> str:
        """An annotation with the members of named unions in their place: which of them it has is what compares."""
        for name, members in reversed(self.unions.items()):  # a later one may be made of an earlier one
            if name in written:
                written = re.sub(rf"(?<![\w.]){name}(?!\w)", members, written)
        return written

    def _named(self, written: str) -> str:
        """Source with the names that things have at home in the place of those they are imported under."""
        return re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda found: self.aliases.get(found[0], found[0]), written)


def _default(value: ast.expr | None) -> str | None:
    """The default of a field: what is assigned, or the ``default`` or ``factory`` of ``attrs.field``."""
    if value is None:
        return None
    if not isinstance(value, ast.Call) or not ast.unparse(value.func).endswith("field"):
        return ast.unparse(value)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in value.keywords}
    return given.get("default") or (f"{given['factory']}()" if "factory" in given else None)


def _hidden(name: str) -> bool:
    return name.startswith("_")
