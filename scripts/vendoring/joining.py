"""Lay a slice out in few modules: what is loaded together stands in one file, in the words of the modules it was.

The whole package has a module for each job and each model, for those who read and change it. A slice is only read, and
is loaded in a program that wants three calls: so the parts of the runtime are joined by the moment at which they are
loaded, and the models by the tag whose operations use them. A definition whose name means something else beside its
new neighbours gets its old module's name in front. Formatting is left to the caller.
"""

from __future__ import annotations

import ast
import builtins
import graphlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from scripts.vendoring import reaching, rewriting
from scripts.vendoring.rewriting import Joined, Places
from scripts.vendoring.scopes import Source, Target

# The joined modules of the runtime by the moment at which they are loaded, each with what it is made of. The part with
# the name of the joined module tells what it is about. A module that is in none of them stays as it is.
RUNTIME = {
    "settings": ("identifiers", "frozen", "call", "retry", "settings"),  # with the client's class
    "model": ("tolerance", "construction", "slotted", "dates", "model", "wire"),  # with a client
    "decoding": ("enums", "decoding"),  # with a model
    "answer": ("rate_limit", "answer", "unpack", "decode"),  # with an operation
    "session": ("redirects", "sent", "logs", "assembly", "attempts", "session"),  # with a client's first call
    "async_session": ("pool", "async_session"),
    "transport": ("tls", "transport"),  # with its first connection
    "errors": ("redaction", "nearest", "errors"),  # when something went wrong
}
SHARED = "shared"


def join(package: Path, sources: dict[str, Source], groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Join modules of ``package``, in place, and leave out what nobody uses; ``sources`` are all that it has.

    ``groups`` has the parts of each joined module, by dotted names. What nobody can come to use is left out of these
    and of the rest of the runtime.

    Gives the files that each joined file was made of. ``RuntimeError`` when parts can't stand in one module.
    """
    joined = [one for parts in groups.values() for one in parts if one in sources]
    runtime = [one for one in sources if one.startswith("runtime.") and one not in joined]
    left_out = reaching.unreached(sources, [*joined, *runtime])
    for name, nodes in left_out.items():
        for node in nodes:
            for one in rewriting.defines(node):
                del sources[name].defined[one]
    plan = [
        _joined(name, [sources[one] for one in parts if one in sources], left_out) for name, parts in groups.items()
    ]
    plan = [one for one in plan if one.parts]
    place = {part.name: one for one in plan for part in one.parts}
    _check_order(sources, place)
    written = {one.name: rewriting.written(one, place) for one in plan}
    written |= {
        name: rewriting.edited(source, place, left_out.get(name, ()))
        for name, source in sources.items()
        if name not in place
    }
    for name in sources.keys() - written.keys():
        _file(package, name).unlink()
    for name, text in written.items():
        _file(package, name).write_text(text, encoding="utf-8", newline="\n")
    return {rewriting.file_of(one.name): tuple(rewriting.file_of(part.name) for part in one.parts) for one in plan}


def _check_order(sources: Mapping[str, Source], place: Places) -> None:
    """``RuntimeError`` when modules would need each other, once they are joined, before either has run."""
    needs: dict[str, set[str]] = {}
    for name, source in sources.items():
        home = place[name].name if name in place else name
        found = {place[one].name if one in place else one for one in _needs(source) & sources.keys()}
        needs.setdefault(home, set()).update(found - {home})
    _ordered(needs)


def _ordered(needs: Mapping[str, set[str]]) -> tuple[str, ...]:
    """What is needed before what needs it; the same in every process."""
    try:
        return tuple(graphlib.TopologicalSorter({one: sorted(them) for one, them in needs.items()}).static_order())
    except graphlib.CycleError as problem:
        raise RuntimeError(f"{', '.join(problem.args[1])}: these need each other") from problem


def groups(sources: Mapping[str, Source]) -> dict[str, list[str]]:
    """What to join in a slice: the runtime by phases, the models by the one tag that uses them, or as ``shared``."""
    found = {f"runtime.{name}": [f"runtime.{part}" for part in parts] for name, parts in RUNTIME.items()}
    users: dict[str, set[str]] = {}
    for name in sources:
        if name.startswith("api.") and not name.endswith("__init__"):
            for model in _models(name, sources):
                users.setdefault(model, set()).add(name.split(".")[1])
    for model in sorted(name for name in sources if name.startswith("models.") and not name.endswith("__init__")):
        tags = users.get(model, set())
        found.setdefault(f"models.{tags.pop() if len(tags) == 1 else SHARED}", []).append(model)
    return found


def _models(operation: str, sources: Mapping[str, Source]) -> set[str]:
    """The models that an operation's module leads to."""
    seen: set[str] = set()
    waiting = [operation]
    while waiting:
        imported = {
            bound.target.module for one in sources[waiting.pop()].imports for bound in one.bound if bound.target
        }
        new = {one for one in imported if one.startswith("models.") and one in sources} - seen
        seen |= new
        waiting += new
    return seen


def _file(package: Path, module: str) -> Path:
    return package.joinpath(*module.split(".")).with_suffix(".py")


def _joined(name: str, parts: list[Source], left_out: Mapping[str, Collection[ast.stmt]]) -> Joined:
    """Put the parts into an order in which they can be run, and find names for what they define."""
    by_name = {part.name: part for part in parts}
    ordered = tuple(by_name[one] for one in _ordered({one.name: _needs(one) & by_name.keys() for one in parts}))
    names = {Target(one.name, each): _name(one, each, parts) for one in parts for each in one.defined}
    return Joined(name, ordered, names, left_out)


def _needs(part: Source) -> set[str]:
    """The modules that must have run before this one."""
    targets = (bound.target for one in part.imports if one.where == "top" for bound in one.bound)
    return {target.module for target in targets if target is not None}


def _name(part: Source, name: str, parts: list[Source]) -> str:
    """The name of a definition of ``part`` among ``parts``: its own, where that means nothing else there."""
    target = Target(part.name, name)
    others = [one for one in parts if one is not part]
    taken = any(
        name in one.defined
        or name in one.outer
        or (name in one.local and any(each.target == target for each in one.references))
        for one in others
    )
    if not taken and not (others and hasattr(builtins, name)):
        return name
    module = part.name.rpartition(".")[2]
    if name.isupper():
        module = module.upper()
    found = f"_{module}{name}" if name.startswith("_") else f"{module}_{name}"
    while any(found in one.defined or found in one.outer or found in one.local for one in parts):
        found += "_"
    return found
