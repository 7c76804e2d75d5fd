"""What the names of a package stand for on the wire, read from its source: fields, arguments, operations, events.

A name in Python may change while what travels stays. Here each name gets what it stands for, as far as the source tells
it: a function of ``api`` its method and path, a method of a client those of the function that it calls, an argument its
place in the request, a field of a model its key in JSON. What can't be told stays without: nothing is guessed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from scripts.comparison.matching import template

Definition = ast.FunctionDef | ast.AsyncFunctionDef
# A module by the parts of its file's path in the package, ``__init__`` included.
Trees = Mapping[tuple[str, ...], ast.Module]
# The names that the templates of the package use for what is not public (overlays/generator, facade_templates).
CALL, OPERATION, BODY, RENAMED, TO_DICT = "_call", "_operation", "_Body", "_renamed", "to_dict"
EVENTS = "EVENTS"


@attrs.frozen
class WireNames:
    """By public name, arguments as ``f(argument)``: what it is on the wire, and the operationId that it makes."""

    names: dict[str, str] = attrs.Factory(dict)
    operations: dict[str, str] = attrs.Factory(dict)


def read(trees: Trees) -> WireNames:
    """What the names in these modules stand for."""
    found = WireNames()
    modules = {_dotted(parts): tree for parts, tree in trees.items()}
    for module, tree in modules.items():
        found.names.update(_fields(module, tree))
        found.names.update(_events(tree))
        if (operation := _operation(tree)) is not None:
            found.operations[module], found.names[module] = operation
            found.names.update(_arguments(module, tree))
    for parts, tree in trees.items():
        for name, method in _methods(_dotted(parts), tree):
            _delegated(name, method, parts[:-1], modules, found)
    return found


def _dotted(parts: tuple[str, ...]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _inside(module: str, name: str) -> str:
    return f"{module}.{name}" if module else name


def _fields(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The fields of models and their keys in JSON; a field that its class does not write has none."""
    for found in tree.body:
        if not isinstance(found, ast.ClassDef):
            continue
        renamed = dict(_constants(_assigned(found.body, RENAMED)))
        writing = [one for one in found.body if isinstance(one, Definition) and one.name == TO_DICT]
        keys = {node.value for one in writing for node in ast.walk(one) if isinstance(node, ast.Constant)}
        for statement in found.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                name = statement.target.id
                if (key := renamed.get(name, name)) in keys:
                    yield _inside(module, f"{found.name}.{name}"), f"field {key}"


def _events(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The classes of events, and the types of event that they are for."""
    types: dict[str, list[str]] = {}
    for event, value in _constants(_assigned(tree.body, EVENTS)):
        if isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, str) for one in value):
            types.setdefault(f"{value[0].lstrip('.')}.{value[1]}", []).append(str(event))
    for name, events in types.items():
        yield name, f"events {', '.join(sorted(events))}"


def _assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """What an annotated name is set to among these statements."""
    for one in body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name:
            return one.value
    return None


def _constants(value: ast.expr | None) -> Iterator[tuple[Any, Any]]:
    """The items of a dictionary that is written out."""
    if isinstance(value, ast.Dict):
        try:
            yield from ast.literal_eval(value).items()
        except (ValueError, TypeError):  # something in it is no constant
            return


def _operation(tree: ast.Module) -> tuple[str, str] | None:
    """The operationId of a module of ``api``, and its method and path."""
    for one in tree.body:
        if isinstance(one, ast.Assign) and [ast.unparse(target) for target in one.targets] == ["OPERATION"]:
            given = [_text(each) for each in getattr(one.value, "args", ())]
            if len(given) == 3 and all(given):
                return given[0], f"{given[1]} {template(given[2])}"
    return None


def _arguments(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The arguments of all functions of an operation: each passes them on to the one that makes the call."""
    call = _call(tree)
    if call is None:
        return
    known = dict(_places(call))
    for function in tree.body:
        if isinstance(function, Definition) and not function.name.startswith("_"):
            for argument in (*function.args.args, *function.args.kwonlyargs):
                if argument.arg in known:
                    yield f"{module}.{function.name}({argument.arg})", known[argument.arg]


def _call(tree: ast.Module) -> Definition | None:
    return next((one for one in tree.body if isinstance(one, Definition) and one.name == CALL), None)


def _places(call: Definition) -> Iterator[tuple[str, str]]:
    """Where each argument goes in the request: the position in the path, the part and the name elsewhere."""
    given = {one.arg for one in (*call.args.args, *call.args.kwonlyargs)}
    if "body" in given:
        yield "body", "body"
    for node in ast.walk(call):
        if isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Call):
            name, *values = node.value.args or [node.target]
            if wire := _text(name):
                for one in _mentioned(values, given):
                    yield one, f"{ast.unparse(node.target).lstrip('_')} {wire}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            places = re.findall(r"\{([^{}]*)\}", _text(node.func.value))
            for keyword in node.keywords:
                if keyword.arg in places:
                    for one in _mentioned([keyword.value], given):
                        yield one, f"path {places.index(keyword.arg)}"


def _text(value: ast.expr) -> str:
    """A text that is written out, else none."""
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _mentioned(values: list[ast.expr], given: set[str]) -> list[str]:
    """The arguments that some expressions use."""
    return [node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in given]


def _methods(module: str, tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for found in tree.body:
        if isinstance(found, ast.ClassDef):
            for one in found.body:
                if isinstance(one, Definition) and not one.name.startswith("_"):
                    yield _inside(module, f"{found.name}.{one.name}"), one


def _delegated(
    name: str, method: Definition, container: tuple[str, ...], modules: Mapping[str, ast.Module], found: WireNames
) -> None:
    """What a method of a client stands for: what it hands its arguments to."""
    imported = dict(_imported(method, container))
    module = imported.get(OPERATION, "")
    if module not in found.operations:
        return
    found.names[name], found.operations[name] = found.names[module], found.operations[module]
    call = _call(modules[module])
    positions = [one.arg for one in call.args.args] if call else []
    given = {one.arg for one in (*method.args.args, *method.args.kwonlyargs)}
    passed: dict[str, set[str]] = {}
    for target, value in _passed(method, positions):
        part, _, argument = target.partition(" ")
        whole = f"{imported.get(BODY)}.{argument}" if part == BODY else f"{module}.sync({argument})"
        for one in _mentioned([value], given):
            passed.setdefault(one, set()).add(found.names.get(whole, ""))
    for argument, known in passed.items():
        if len(known) == 1 and (wire := next(iter(known))):
            found.names[f"{name}({argument})"] = wire


def _imported(method: Definition, container: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a method imports, by the name that it uses: the full name in the package."""
    for node in ast.walk(method):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = container[: len(container) - node.level + 1]
            for alias in node.names:
                yield alias.asname or alias.name, ".".join(filter(None, (*above, node.module, alias.name)))


def _passed(method: Definition, positions: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """What a method passes: to which field of the body, to which argument of the operation."""
    for node in ast.walk(method):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == BODY:
            yield from ((f"{BODY} {one.arg}", one.value) for one in node.keywords)
        elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == OPERATION:
            yield from ((f"{OPERATION} {one}", value) for one, value in zip(positions, node.args, strict=False))
            yield from ((f"{OPERATION} {one.arg}", one.value) for one in node.keywords)
        elif len(node.args) > 1 and isinstance(node.args[0], ast.Lambda):  # pages: the number that they begin with
            number = node.args[0].args.args[0].arg
            for one in (each for each in ast.walk(node.args[0]) if isinstance(each, ast.keyword)):
                if _mentioned([one.value], {number}):
                    yield f"{OPERATION} {one.arg}", node.args[1]
