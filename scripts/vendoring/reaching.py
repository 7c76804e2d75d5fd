"""Which definitions of the runtime, and of the models of a slice, a copy can come to use: the others are left out.

What is reached follows from the names alone. The modules that stay whole, and every statement that does more than
define something, are where it begins.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from scripts.vendoring import rewriting
from scripts.vendoring.scopes import Source, Target


def unreached(sources: Mapping[str, Source], some: Collection[str]) -> dict[str, list[ast.stmt]]:
    """What ``some`` of the ``sources`` define and nobody can come to use: the statements, by the modules' names."""
    homes = {
        Target(name, defined): (name, node)
        for name in some
        for node in sources[name].tree.body
        for defined in rewriting.defines(node)
    }
    waiting = [target for name, one in sources.items() if name not in some for target in _used(one)]
    for name in some:
        own = sources[name]
        for node in own.tree.body:
            if not rewriting.defines(node) and not isinstance(node, ast.Import | ast.ImportFrom):
                waiting += _within(own, node)
    seen: set[Target] = set()
    while waiting:
        target = waiting.pop()
        if target in homes and target not in seen:
            name, node = homes[target]
            seen.update(Target(name, one) for one in rewriting.defines(node))
            waiting += _within(sources[name], node)
    found: dict[str, list[ast.stmt]] = {}
    for target, (name, node) in homes.items():
        if target not in seen and node not in found.setdefault(name, []):
            found[name].append(node)
    return found


def _used(source: Source) -> Iterator[Target]:
    """All that a module refers to, imports to hand it on, or lists by the texts of its place and name."""
    yield from (one.target for one in source.references)
    yield from (bound.target for one in source.imports for bound in one.bound if bound.target)
    for node in source.tree.body:
        if rewriting.LISTS & rewriting.assigned(node):
            for one in ast.walk(node):
                if isinstance(one, ast.Dict):
                    for key, value in zip(one.keys, one.values, strict=True):
                        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                            yield Target(str(value.value).removeprefix("."), str(key.value))


def _within(source: Source, node: ast.stmt) -> Iterator[Target]:
    """What a statement refers to."""
    start, end = rewriting.first_line(node), node.end_lineno or 0
    return (one.target for one in source.references if start <= one.start[0] <= end)
