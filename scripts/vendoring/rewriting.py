"""The text of modules whose parts have moved: what they define as it was, imports and names led to where things are."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Mapping

import attrs

from scripts.vendoring import scopes
from scripts.vendoring.scopes import Bound, Import, Reference, Source, Target

# Where the package's own modules say in which module a name is to be found.
LISTS = frozenset({"_PLACES", "_MODULES", "EVENTS"})


@attrs.frozen
class Joined:
    """A module to write: its dotted name, what it is made of in that order, and their names in it; statements of the
    parts, by the names of these, that are left out."""

    name: str
    parts: tuple[Source, ...]
    names: dict[Target, str]
    left_out: Mapping[str, Collection[ast.stmt]]


# By the name that a module had: what it is in now.
Places = Mapping[str, Joined]


def file_of(module: str) -> str:
    """The file of a module, relative to the package, with ``/``."""
    return module.replace(".", "/") + ".py"


class _Text:
    """The text of a source with its edits, by the places of syntax trees."""

    def __init__(self, source: Source) -> None:
        self._bytes = source.text.encode()
        self._starts = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._edits: dict[tuple[int, int], str] = {}

    def at(self, place: scopes.Place) -> int:
        return self._starts[place[0] - 1] + place[1]

    def span(self, node: ast.stmt) -> tuple[int, int]:
        return self.at((node.lineno, node.col_offset)), self.at((node.end_lineno or 0, node.end_col_offset or 0))

    def replace(self, start: int, end: int, text: str) -> None:
        self._edits[start, end] = text

    def drop(self, node: ast.stmt) -> None:
        """Take a statement out, with what stands behind it on its last line."""
        self.replace(self.at((first_line(node), node.col_offset)), self._starts[node.end_lineno or 0], "")

    def drop_definition(self, node: ast.stmt) -> None:
        """Take a statement of the module out, with the comment that stands right above it."""
        line = first_line(node)
        while line > 1 and self._bytes[self._starts[line - 2] : self._starts[line - 1]].startswith(b"#"):
            line -= 1
        self.replace(self._starts[line - 1], self._starts[node.end_lineno or 0], "")

    def refer(self, reference: Reference, text: str) -> None:
        """Make a reference say something else."""
        if text == reference.said:
            return
        start, end = self.at(reference.start), self.at(reference.end)
        if reference.in_text:
            said = self._edits.get((start, end), self._bytes[start:end].decode())
            text = _FIELD.sub(lambda found: _replaced(found[0], reference.said, text), said)
        self.replace(start, end, text)

    def result(self, start: int = 0) -> str:
        parts, done = [], start
        for (begin, end), text in sorted(self._edits.items()):
            if begin < done:
                continue  # within what was dropped
            parts += [self._bytes[done:begin], text.encode()]
            done = end
        return b"".join([*parts, self._bytes[done:]]).decode()


# Doubled braces, which are text, and fields with at most fields in their format.
_FIELD = re.compile(r"\{\{|\}\}|\{(?:[^{}]|\{[^{}]*\})*\}")


def _replaced(field: str, said: str, text: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(said)}(?!\w)", text, field)


def without(source: Source, nodes: Collection[ast.stmt]) -> str:
    """A module without some of its definitions and the comments that stand right above them."""
    text = _Text(source)
    for node in nodes:
        text.drop_definition(node)
    return text.result()


def edited(source: Source, place: Places, left_out: Collection[ast.stmt] = ()) -> str:
    """A module that stays, with its imports led to where things are now, and without some of its definitions."""
    text = _Text(source)
    for node in left_out:
        text.drop_definition(node)
    gone = {name for node in left_out for name in defines(node)}
    for one in source.imports:
        _lead(one, text, source.name, place)
    _refer(source, text, place, None)
    for node in source.tree.body:
        if LISTS & assigned(node):
            _relist(node, source, text, place)
        if gone and "__all__" in assigned(node):
            names = [name for name in ast.literal_eval(node.value) if name not in gone]  # type: ignore[attr-defined]
            text.replace(*text.span(node), f"__all__ = {names!r}")
    return text.result()


def _lead(one: Import, text: _Text, here: str, place: Places) -> None:
    """Lead an import statement to where things are now; it goes when all of it is here."""
    lines = [_alone(bound, here, place) for bound in one.bound]
    if lines == [bound.alone for bound in one.bound]:
        return
    left = [line for line in lines if line]
    if left:
        start, end = text.span(one.node)
        text.replace(start, end, f"\n{' ' * one.node.col_offset}".join(left))
    else:
        text.drop(one.node)


def _alone(bound: Bound, here: str, place: Places) -> str:
    """The statement that binds what ``bound`` binds, from where it is now; empty when that is ``here``."""
    target = bound.target
    home = place.get(target.module) if target else None
    if target is None or home is None:
        return bound.alone
    if home.name == here:
        return ""
    before, module = _FROM.fullmatch(bound.alone).groups()  # type: ignore[union-attr]
    tail = home.name.rpartition(".")[2]
    if target.name is None:
        return f"from {before}{module} import {_as(tail, bound.name)}"
    path = ".".join([*module.split(".")[:-1], tail])
    return f"from {before}{path} import {_as(home.names.get(target, target.name), bound.name)}"


def first_line(node: ast.stmt) -> int:
    """The line, from 1, on which a statement begins, its decorators included."""
    decorated = isinstance(node, scopes.Function | ast.ClassDef) and node.decorator_list
    return decorated[0].lineno if decorated else node.lineno


_FROM = re.compile(r"from (\.+)([\w.]*) import .*")


def _as(name: str, bound: str) -> str:
    return name if name == bound else f"{name} as {bound}"


def _refer(source: Source, text: _Text, place: Places, here: Joined | None) -> None:
    """Let every place of a source say what it means by the names of now."""
    for one in source.references:
        home = place.get(one.target.module)
        if home is None:
            continue
        name = home.names.get(one.target, one.target.name or "")
        if home is here and one.target.name is None:
            raise RuntimeError(f"{source.name}: {one.said} is a module and used as a value, so it can't be joined")
        if home is here:
            text.refer(one, name)
        elif "." in one.said:
            text.refer(one, f"{one.said.partition('.')[0]}.{name}")


def assigned(node: ast.stmt) -> set[str]:
    """The names that a statement assigns to."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {one.id for one in targets if isinstance(one, ast.Name)}


def defines(node: ast.stmt) -> set[str]:
    """The names that a statement of a module defines, if that is all that it does."""
    return {node.name} if isinstance(node, scopes.Function | ast.ClassDef) else assigned(node) - {"__all__"}


def _relist(node: ast.stmt, source: Source, text: _Text, place: Places) -> None:
    """Say in a list of places where things are now."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.startswith("."):
            inside = ".".join([*scopes.parent(source.name), one.value[1:]])
            if (home := place.get(inside)) is not None:
                start = text.at((one.lineno, one.col_offset))
                end = text.at((one.end_lineno or 0, one.end_col_offset or 0))
                base = ".".join(scopes.parent(source.name))
                text.replace(start, end, f'".{home.name.removeprefix(f"{base}." if base else "")}"')


def written(joined: Joined, place: Places) -> str:
    """The text of a joined module."""
    real: dict[str, str] = {}
    typing: dict[str, str] = {}
    for part in joined.parts:
        for one in part.imports:
            for bound in one.bound if one.where != "inner" else ():
                if line := _alone(bound, joined.name, place):
                    found = typing if one.where == "typing" else real
                    if found.setdefault(bound.name, line) != line:
                        raise RuntimeError(f"{joined.name}: {bound.name} means two things: {line}; {found[bound.name]}")
    typing = {name: line for name, line in typing.items() if real.get(name) != line}
    if clash := (real.keys() | typing.keys()) & set(joined.names.values()) | real.keys() & typing.keys():
        raise RuntimeError(f"{joined.name}: {sorted(clash)} mean two things")
    lines = [line for line in real.values() if not line.startswith("from __future__")]
    if typing:
        lines += [
            "from typing import TYPE_CHECKING",
            "",
            "if TYPE_CHECKING:",
            *(f"    {one}" for one in typing.values()),
        ]
    parts = textwrap.fill(", ".join(file_of(one.name) for one in joined.parts) + ".", 116, break_on_hyphens=False)
    lines += _offered(joined)
    head = "# @generated by `python3 -m scripts vendor` out of what the whole package has in\n"
    head += textwrap.indent(parts, "# ") + "\n\n"
    told = _told(joined)
    return (
        head
        + told
        + "from __future__ import annotations\n\n"
        + "\n".join(lines)
        + "\n\n"
        + "\n\n".join(_body(part, joined, place) for part in joined.parts)
    )


def _offered(joined: Joined) -> list[str]:
    """``__all__`` with what the parts import to hand it on; type checkers know of the rest."""
    found: set[str] = set()
    for part in joined.parts:
        imported = {bound.name for one in part.imports for bound in one.bound}
        for node in part.tree.body:
            if "__all__" in assigned(node):
                found |= imported & set(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return ["", f"__all__ = {sorted(found)!r}", ""] if found else []


def _told(joined: Joined) -> str:
    """The documentation of the part that gave the joined module its name, if it has one."""
    for part in joined.parts:
        if part.name == joined.name and (said := part.tree.body[0]) and ast.get_docstring(part.tree):
            return (ast.get_source_segment(part.text, said) or "") + "\n\n"
    return ""


def _body(part: Source, joined: Joined, place: Places) -> str:
    """What a part defines, under a line that says what it was about."""
    text = _Text(part)
    _refer(part, text, place, joined)
    for one in part.imports:
        if one.where == "inner":
            _lead(one, text, joined.name, place)
        elif one.where == "top":
            text.drop(one.node)
    for block in part.typing_blocks:
        text.drop(block)
    for node in joined.left_out.get(part.name, ()):
        text.drop_definition(node)
    body = part.tree.body
    said = ast.get_docstring(part.tree)
    if said:
        text.drop(body[0])
    for node in body:
        if "__all__" in assigned(node):
            text.drop(node)
        for name in assigned(node):
            _rename_in_call(node, name, joined.names.get(Target(part.name, name), name), text)
    start = text.span(body[0])[0]
    lead = ""
    if said and part.name != joined.name:
        lead = f"# {part.name.rpartition('.')[2]}: " + " ".join(said.split("\n\n")[0].split()).rstrip(":") + "\n\n"
    return lead + text.result(start).lstrip("\n")


def _rename_in_call(node: ast.stmt, name: str, now: str, text: _Text) -> None:
    """A type variable is told its name."""
    call = getattr(node, "value", None)
    told = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if name != now and isinstance(told, ast.Constant) and told.value == name:
        start = text.at((told.lineno, told.col_offset))
        text.replace(start, text.at((told.end_lineno or 0, told.end_col_offset or 0)), f'"{now}"')
