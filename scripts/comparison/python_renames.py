"""What a new name of something does to callers: one change, from the former name to the new one."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.comparison.change import Effect
from scripts.comparison.python_finding import Finding
from scripts.comparison.renames import Renames
from scripts.comparison.surface import FUNCTIONS, POSITIONAL, Surface

# What callers have to do about a name that is another one, and what happens to their requests.
WRITE = "write the new one"
SAME, OTHER = "nothing changes on the wire", "the request is another one, too"
ERROR = "is an AttributeError"


def findings(renames: Renames, before: Surface, after: Surface) -> Iterator[Finding]:
    """What has another name, each by its former one; a module that only holds a class goes with the class."""
    told = dict(renames.told())
    homes = {old.rpartition(".")[0] for old in told if before.entries[old].kind == "class"}
    for old, new in told.items():
        if old in homes:
            continue
        kind, failing = _failing(old, before)
        around = renames.moved(old.rpartition(".")[0])
        bare = old.rpartition(".")[2], new.rpartition(".")[2]
        short = bare[0] != bare[1] and (kind == "class" or around == new.rpartition(".")[0])
        shown = bare if short else (old, new)
        wires = before.wire.get(old), after.wire.get(new)
        request = SAME if wires[0] == wires[1] else OTHER
        yield Finding(
            f"{kind}-renamed",
            old,
            *shown,
            Effect.BREAKING,
            f"{failing}: {WRITE}; {request}",
            kind if kind == "class" else "",
        )
    for name, arguments in renames.arguments.items():
        entry = before.entries[name]
        for former, now in arguments.items() if entry.kind in FUNCTIONS else ():  # a class tells of its fields
            positional = any(one.name == former and one.kind == POSITIONAL for one in entry.arguments)
            failing = f"passing it by its former name is a TypeError{', by position it works' if positional else ''}"
            said = f"{failing}: {WRITE}; {SAME}"
            yield Finding("argument-renamed", f"{name}({former})", former, now, Effect.BREAKING, said)


def _failing(name: str, before: Surface) -> tuple[str, str]:
    """The kind of a thing that has another name, and what its former name does to callers."""
    entry = before.entries[name]
    owner = name.rpartition(".")[0].rpartition(".")[2]
    if entry.role == "model" and entry.kind == "attribute":
        passing = ["passing it by its former name is a TypeError"] if owner in before.sent else []
        reading = [f"reading it by its former name {ERROR}"] if owner in before.received else []
        return "field", ", ".join([*passing, *reading])
    if entry.role == "member":
        return "member", f"naming it as before {ERROR}"
    if entry.kind in {"class", "export"}:
        return "class", "importing the class by its former name fails"
    if entry.kind == "module":
        return "module", "importing the module by its former name fails"
    kind = "method" if entry.kind in FUNCTIONS else "attribute"
    return kind, f"the {kind}'s former name {ERROR}"
