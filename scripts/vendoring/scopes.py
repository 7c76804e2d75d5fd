"""Which names of a package each place in a module means: its own, those of another module, or somebody else's.

Modules are read, never imported. A name is followed through the scopes of functions, classes and comprehensions, and
through relative imports wherever they stand, so that a definition can be renamed or moved with all that mean it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# Line (from 1) and column (in bytes, from 0), as syntax trees have them.
Place = tuple[int, int]


@attrs.frozen
class Target:
    """A module of the package, dotted and relative to it (``runtime.retry``), or a ``name`` in one."""

    module: str
    name: str | None = None


@attrs.frozen
class Bound:
    """A name that an import binds: its ``target`` in the package, or none, and how that import would stand alone."""

    name: str
    target: Target | None
    alone: str


@attrs.frozen
class Import:
    """An import statement. ``where``: ``top`` of the module, ``typing`` (below ``if TYPE_CHECKING:``) or ``inner``."""

    node: ast.Import | ast.ImportFrom
    where: str
    bound: tuple[Bound, ...]


@attrs.frozen
class Reference:
    """A place that means ``target``, a module as a value included: the text from ``start`` to ``end`` says ``said``.

    Within an f-string these are the places of the string, since Python 3.11 does not know those of its parts.
    """

    start: Place
    end: Place
    said: str
    target: Target
    in_text: bool = False


@attrs.define
class Source:
    """A module of the package: ``defined`` at its top, ``local`` names that functions and classes in it bind."""

    name: str
    text: str
    tree: ast.Module
    imports: list[Import] = attrs.field(factory=list)
    typing_blocks: list[ast.If] = attrs.field(factory=list)
    references: list[Reference] = attrs.field(factory=list)
    defined: dict[str, Place] = attrs.field(factory=dict)
    local: set[str] = attrs.field(factory=set)

    @property
    def outer(self) -> dict[str, str]:
        """What imports at the top bind from outside of the package, and how such an import would stand alone."""
        found = (bound for one in self.imports if one.where != "inner" for bound in one.bound)
        return {bound.name: bound.alone for bound in found if bound.target is None}


def read(package: Path) -> dict[str, Source]:
    """Every module of the package by its dotted name; a package's own module is ``models.__init__``."""
    paths = {".".join(path.relative_to(package).with_suffix("").parts): path for path in sorted(package.rglob("*.py"))}
    return {name: _Reader(name, path.read_text(encoding="utf-8"), paths.keys()).source for name, path in paths.items()}


def read_one(path: Path) -> Source:
    """A module by itself: what it imports is somebody else's."""
    return _Reader(path.stem, path.read_text(encoding="utf-8"), ()).source


def parent(module: str, level: int = 1) -> tuple[str, ...]:
    """The package ``level`` steps above a module."""
    parts = module.split(".")
    return tuple(parts[: len(parts) - level])


def is_typing_block(node: ast.stmt) -> bool:
    """Whether a statement holds imports that only type checkers see, and nothing else."""
    guarded = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return guarded and not node.orelse and all(isinstance(one, ast.Import | ast.ImportFrom) for one in node.body)  # type: ignore[attr-defined]


class _Reader(ast.NodeVisitor):
    """Fills a ``Source``. Scopes are dictionaries from name to target, ``None`` for what is no part of the package."""

    def __init__(self, name: str, text: str, modules: Iterable[str]) -> None:
        self.source = Source(name, text, ast.parse(text))
        self._modules = frozenset(modules)
        self._lines = text.encode().splitlines()
        self._module: dict[str, Target | None] = {}
        self._scopes: list[tuple[ast.AST, dict[str, Target | None]]] = []
        self._text: ast.JoinedStr | None = None
        self._top()
        for node in self.source.tree.body:
            self.visit(node)

    def _top(self) -> None:
        """Learn what the module's own scope holds, before anything is followed."""
        source = self.source
        for node in source.tree.body:
            if is_typing_block(node):
                source.typing_blocks.append(node)  # type: ignore[arg-type]
                inside = [one for one in _statements([node]) if isinstance(one, ast.Import | ast.ImportFrom)]
                source.imports += [Import(one, "typing", tuple(self._bound(one))) for one in inside]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                source.imports.append(Import(node, "top", tuple(self._bound(node))))
        at_top = {id(one.node) for one in source.imports}
        for one in _statements(source.tree.body):  # below other conditions, for one
            if isinstance(one, ast.Import | ast.ImportFrom) and id(one) not in at_top:
                source.imports.append(Import(one, "inner", tuple(self._bound(one))))
        for bound in (bound for each in source.imports for bound in each.bound):
            self._module[bound.name] = bound.target
        for name, place in _binding(source.tree.body, self._lines):
            if place is not None and name != "__all__":
                source.defined.setdefault(name, place)
                self._module[name] = Target(source.name, name)

    def _bound(self, node: ast.Import | ast.ImportFrom) -> Iterator[Bound]:
        for alias in node.names:
            renamed = f" as {alias.asname}" if alias.asname else ""
            if isinstance(node, ast.Import):
                yield Bound(alias.asname or alias.name.partition(".")[0], None, f"import {alias.name}{renamed}")
                continue
            alone = f"from {'.' * node.level}{node.module or ''} import {alias.name}{renamed}"
            target = None
            if node.level:
                base = ".".join([*parent(self.source.name, node.level), *([node.module] if node.module else [])])
                inside = f"{base}.{alias.name}" if base else alias.name
                is_module = inside in self._modules or f"{inside}.__init__" in self._modules
                target = Target(inside) if is_module else Target(base, alias.name)
            yield Bound(alias.asname or alias.name, target, alone)

    def _lookup(self, name: str) -> Target | None:
        for depth, (node, scope) in enumerate(reversed(self._scopes)):
            if depth and isinstance(node, ast.ClassDef):  # what a class binds is not seen by its methods
                continue
            if name in scope:
                return scope[name]
        return self._module.get(name)

    def _within(self, node: ast.AST, names: dict[str, Target | None], inside: Iterable[ast.AST]) -> None:
        self.source.local |= names.keys()
        self._scopes.append((node, names))
        for one in inside:
            self.visit(one)
        self._scopes.pop()

    def _function(self, node: Function | ast.Lambda) -> None:
        spec = node.args
        every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *(one for one in (spec.vararg, spec.kwarg) if one)]
        for one in [*spec.defaults, *(one for one in spec.kw_defaults if one), *(a.annotation for a in every)]:
            if one is not None:
                self.visit(one)
        names: dict[str, Target | None] = {one.arg: None for one in every}
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
        names |= self._locals(body)
        self._within(node, names, body)

    def _locals(self, body: Iterable[ast.AST]) -> dict[str, Target | None]:
        """What the statements of a function or class bind there."""
        names: dict[str, Target | None] = {}
        body = list(body)
        for name, _ in _binding(body, self._lines):
            names[name] = None
        for one in _statements(body):
            if isinstance(one, ast.Import | ast.ImportFrom):
                found = Import(one, "inner", tuple(self._bound(one)))
                self.source.imports.append(found)
                names |= {bound.name: bound.target for bound in found.bound}
            if isinstance(one, ast.Global | ast.Nonlocal):
                for name in one.names:
                    names.pop(name, None)
        return names

    def _visit_function(self, node: Function) -> None:
        self._definition(node)
        for one in [*node.decorator_list, *([node.returns] if node.returns else [])]:
            self.visit(one)
        self._function(node)

    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._definition(node)
        for one in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(one)
        # A class does not see a name of its own before the statement that binds it has run.
        bound = self._locals(node.body)
        self.source.local |= bound.keys()
        names: dict[str, Target | None] = {}
        self._scopes.append((node, names))
        for one in node.body:
            self.visit(one)
            names |= {name: bound[name] for name, _ in _binding([one], self._lines) if name in bound}
        self._scopes.pop()

    def _definition(self, node: Function | ast.ClassDef) -> None:
        """The name after ``def`` or ``class`` is a place that means it, when it stands at the top of the module."""
        place = _name_place(node, self._lines)
        if self.source.defined.get(node.name) == place or (not self._scopes and node.name in self.source.defined):
            end = (place[0], place[1] + len(node.name))
            self.source.references.append(Reference(place, end, node.name, Target(self.source.name, node.name)))

    def _comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        names: dict[str, Target | None] = {
            one.id: None for each in node.generators for one in ast.walk(each.target) if isinstance(one, ast.Name)
        }
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        later: list[ast.AST] = [one for each in node.generators for one in (each.target, *each.ifs)]
        self._within(node, names, [*parts, *later, *(each.iter for each in node.generators[1:])])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        outer, self._text = self._text, self._text or node
        self.generic_visit(node)
        self._text = outer

    def visit_Attribute(self, node: ast.Attribute) -> None:
        target = self._lookup(node.value.id) if isinstance(node.value, ast.Name) else None
        if target is not None and target.name is None and target.module in self._modules:
            self._refer(node, f"{node.value.id}.{node.attr}", Target(target.module, node.attr))  # type: ignore[attr-defined]
        else:
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        of_class = bool(self._scopes) and isinstance(self._scopes[-1][0], ast.ClassDef)
        if of_class and not isinstance(node.ctx, ast.Load):  # a name of the class's own
            return
        target = self._lookup(node.id)
        if target is not None:
            self._refer(node, node.id, target)

    def _refer(self, node: ast.expr, said: str, target: Target) -> None:
        place: ast.expr = self._text or node
        start, end = (place.lineno, place.col_offset), (place.end_lineno or 0, place.end_col_offset or 0)
        self.source.references.append(Reference(start, end, said, target, in_text=self._text is not None))


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements, in order, without what is in scopes of their own."""
    for node in body:
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda | Comprehension):
            yield from _statements(ast.iter_child_nodes(node))
        elif isinstance(node, Comprehension):  # a walrus in it binds outside of it
            yield from (one.target for one in ast.walk(node) if isinstance(one, ast.NamedExpr))


def _binding(body: Iterable[ast.AST], lines: list[bytes]) -> Iterator[tuple[str, Place | None]]:
    """The names that statements bind in their own scope, with their places; none for what an import binds."""
    for node in _statements(body):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, _name_place(node, lines)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, (node.lineno, node.col_offset)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, (node.lineno, node.col_offset)


def _name_place(node: Function | ast.ClassDef, lines: list[bytes]) -> Place:
    """Where the name stands after ``def``, ``async def`` or ``class``."""
    return node.lineno, lines[node.lineno - 1].index(node.name.encode(), node.col_offset + len("def"))
