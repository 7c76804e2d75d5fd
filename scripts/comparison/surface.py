"""What a package offers to code that imports it, read from its source without running it.

Public is what a caller can reach by names without an underscore: modules but for ``runtime``, and what the package's
``__init__`` and its public modules take from there. attrs classes are seen as type checkers see them: the fields of the
class body are the arguments of the constructor, also where a constructor of its own is hidden from them. griffe
reads the assignments of such a constructor as the fields' defaults, and compares neither annotations nor attrs classes;
a test holds what is found here against what griffe finds.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.errors import InputError

# The inner workings: imported by nobody but the package itself.
PRIVATE = "runtime"
POSITIONAL = "positional or keyword"


@attrs.frozen
class Argument:
    """An argument of a function or constructor; ``kind`` is how it can be passed, ``default`` as source or ``None``."""

    name: str
    kind: str
    annotation: str
    default: str | None


@attrs.frozen
class Entry:
    """One name: a class, function or attribute. ``text`` is the annotation, return type or value; ``bases`` of classes.

    ``role``: ``model`` for attrs classes and their fields, ``member`` for members of enums.
    """

    kind: str
    text: str = ""
    arguments: tuple[Argument, ...] = ()
    bases: tuple[str, ...] = ()
    role: str = ""


@attrs.frozen
class Surface:
    """Public name (without the package's own) → what it is. ``sent`` and ``received`` are the names of classes that
    callers hand to functions, and that they are given, with all classes inside them."""

    entries: dict[str, Entry]
    sent: frozenset[str]
    received: frozenset[str]


FUNCTIONS = frozenset({"function", "async function"})
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def read(package: Path) -> Surface:
    """The surface of the package in a folder; ``InputError`` when it can't be parsed."""
    entries: dict[str, Entry] = {}
    inner: dict[str, Entry] = {}
    exported: set[str] = set()
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if any(map(_hidden, parts)):
            continue
        tree = _parse(path)
        if parts[:1] == (PRIVATE,):
            inner |= dict(_module(tree, ""))
            continue
        name = ".".join(parts)
        if name:
            entries[name] = Entry("module")
        entries |= dict(_module(tree, f"{name}." if name else ""))
        exported |= _taken_from_inside(tree)
    if not entries:
        raise InputError("is no Python package: it has no public module", file=package)
    entries |= {name: entry for name, entry in inner.items() if name.split(".")[0] in exported}
    return Surface(entries, *_usage(entries))


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as problem:
        raise InputError(f"can't be read as Python: {problem}", file=path) from problem


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
    """The names that a public module imports from the inner workings without hiding them."""
    return {
        alias.name
        for statement in _statements(tree.body)
        if isinstance(statement, ast.ImportFrom) and PRIVATE in (statement.module or "").split(".")
        for alias in statement.names
        if not _hidden(alias.asname or alias.name)
    }


def _module(tree: ast.Module, prefix: str) -> Iterator[tuple[str, Entry]]:
    for statement in _statements(tree.body):
        if isinstance(statement, ast.ClassDef) and not _hidden(statement.name):
            yield from _class(statement, f"{prefix}{statement.name}")
        elif isinstance(statement, Definition) and not _hidden(statement.name):
            yield f"{prefix}{statement.name}", _function(statement, 0)
        else:
            for name, annotation, _ in _assigned(statement):
                yield f"{prefix}{name}", Entry("attribute", annotation)


def _class(found: ast.ClassDef, here: str) -> Iterator[tuple[str, Entry]]:
    decorators = [ast.unparse(decorator) for decorator in found.decorator_list]
    define = next((text for text in decorators if "define" in text or "frozen" in text), None)
    bases = tuple(ast.unparse(base) for base in found.bases)
    enum = any(base.endswith("Enum") for base in bases)
    inside = dict(_members(found, enum, define is not None))
    if define is not None:
        arguments = _constructor(found, "keyword-only" if "kw_only=True" in define else POSITIONAL)
    else:
        written = (one for one in _statements(found.body) if isinstance(one, Definition) and one.name == "__init__")
        arguments = next((_arguments(one, 1) for one in written), ())
    yield here, Entry("class", "", arguments, bases, "model" if define is not None else "")
    for name, entry in inside.items():
        yield f"{here}.{name}", entry


def _members(found: ast.ClassDef, enum: bool, model: bool) -> Iterator[tuple[str, Entry]]:
    for statement in _statements(found.body):
        if isinstance(statement, Definition) and not _hidden(statement.name):
            decorators = {ast.unparse(one).rpartition(".")[2] for one in statement.decorator_list}
            if decorators & {"property", "cached_property"}:
                yield statement.name, Entry("attribute", _type(statement.returns))
            else:
                entry = _function(statement, 0 if "staticmethod" in decorators else 1)
                yield statement.name, attrs.evolve(entry, text=re.sub(r"\bSelf\b", found.name, entry.text))
        for name, annotation, value in _assigned(statement):
            role = "member" if enum and not annotation else "model" if model else ""
            yield name, Entry("attribute", value or "" if role == "member" else annotation, role=role)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, str, str | None]]:
    """Public names that a statement gives a value or a type: name, annotation, value."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        value = None if statement.value is None else ast.unparse(statement.value)
        named = [(statement.target.id, _type(statement.annotation), value)]
    elif isinstance(statement, ast.Assign):
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        named = [(name, "", ast.unparse(statement.value)) for name in names]
    else:
        named = []
    yield from (one for one in named if not _hidden(one[0]))


def _constructor(found: ast.ClassDef, kind: str) -> tuple[Argument, ...]:
    """What the ``__init__`` that attrs makes takes (attrs 23.2, ``define`` and ``field``)."""
    arguments = []
    for statement in _statements(found.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        value = None if statement.value is None else ast.unparse(statement.value)
        annotation = _type(statement.annotation)
        if "ClassVar" in annotation or (value is not None and "init=False" in value):
            continue
        arguments.append(Argument(statement.target.id.lstrip("_"), kind, annotation, _default(statement.value)))
    return tuple(arguments)


def _default(value: ast.expr | None) -> str | None:
    """The default of a field: what is assigned, or the ``default`` or ``factory`` of ``attrs.field``."""
    if value is None:
        return None
    if not isinstance(value, ast.Call) or not ast.unparse(value.func).endswith("field"):
        return ast.unparse(value)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in value.keywords}
    return given.get("default") or (f"{given['factory']}()" if "factory" in given else None)


def _function(found: Definition, skipped: int) -> Entry:
    kind = "async function" if isinstance(found, ast.AsyncFunctionDef) else "function"
    return Entry(kind, _type(found.returns), _arguments(found, skipped))


def _arguments(found: Definition, skipped: int) -> tuple[Argument, ...]:
    """The arguments without the first ``skipped`` positional ones (``self``)."""
    given = found.args
    ordinary = [(one, "positional-only") for one in given.posonlyargs] + [(one, POSITIONAL) for one in given.args]
    defaults = [None] * (len(ordinary) - len(given.defaults)) + [ast.unparse(one) for one in given.defaults]
    arguments = [
        Argument(one.arg, kind, _type(one.annotation), default)
        for (one, kind), default in zip(ordinary, defaults, strict=True)
    ][skipped:]
    if given.vararg is not None:
        arguments.append(Argument(f"*{given.vararg.arg}", "variadic", _type(given.vararg.annotation), "()"))
    for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        default = None if value is None else ast.unparse(value)
        arguments.append(Argument(one.arg, "keyword-only", _type(one.annotation), default))
    if given.kwarg is not None:
        arguments.append(Argument(f"**{given.kwarg.arg}", "variadic", _type(given.kwarg.annotation), "{}"))
    return tuple(arguments)


def _type(annotation: ast.expr | None) -> str:
    """An annotation as it compares: unions in one order, ``builtins.list`` as ``list``, no quotes around it."""
    if annotation is None:
        return ""
    text = annotation.value if isinstance(annotation, ast.Constant) else None
    written = text if isinstance(text, str) else ast.unparse(annotation)
    return " | ".join(sorted(union(written.replace("builtins.", ""))))


def union(annotation: str) -> frozenset[str]:
    """The members of a union, as source; brackets hold together what is inside them."""
    members, depth, current = [], 0, ""
    for character in annotation:
        depth += (character in "[(") - (character in ")]")
        if character == "|" and not depth:
            members.append(current.strip())
            current = ""
        else:
            current += character
    return frozenset([*members, current.strip()])


def _hidden(name: str) -> bool:
    return name.startswith("_")


def _usage(entries: dict[str, Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that functions take and give, with the classes of their fields."""
    known = {name.rpartition(".")[2] for name, entry in entries.items() if entry.kind == "class"}
    taken, given = set[str](), set[str]()
    for name, entry in entries.items():
        if entry.kind == "class" and any(base.endswith("TypedDict") for base in entry.bases):
            taken |= {
                one for below, field in entries.items() if below.startswith(f"{name}.") for one in named(field.text)
            }
        if entry.kind in FUNCTIONS or (entry.kind == "class" and not entry.role):  # settings go in by constructors
            taken |= {one for argument in entry.arguments for one in named(argument.annotation)} & known
        if entry.kind in FUNCTIONS:
            given |= named(entry.text) & known
    held = inside(entries)
    return closure(taken, held), closure(given, held)


def inside(entries: dict[str, Entry]) -> dict[str, set[str]]:
    """Model class → the names in the annotations of its fields."""
    found: dict[str, set[str]] = {}
    for name, entry in entries.items():
        if entry.kind == "attribute" and entry.role == "model":
            owner = name.rpartition(".")[0].rpartition(".")[2]
            found.setdefault(owner, set()).update(named(entry.text))
    return found


def named(annotation: str) -> set[str]:
    """Every identifier in an annotation."""
    return set(re.findall(r"[A-Za-z_]\w*", annotation))


def closure(start: set[str], held: dict[str, set[str]]) -> frozenset[str]:
    """``start`` and everything that is reached from it."""
    found, pending = set(start), list(start)
    while pending:
        new = held.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return frozenset(found)
