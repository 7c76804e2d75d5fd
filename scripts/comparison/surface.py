"""What a package offers to code that imports it: public names, and which classes go in and come out."""

from __future__ import annotations

import re

import attrs

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
    callers hand to functions, and that they are given, with all classes inside them. ``wire`` and ``operations`` say
    what names stand for where that is known (``wire_names``)."""

    entries: dict[str, Entry]
    sent: frozenset[str]
    received: frozenset[str]
    wire: dict[str, str] = attrs.Factory(dict)
    operations: dict[str, str] = attrs.Factory(dict)


FUNCTIONS = frozenset({"function", "async function"})
# Types that may be given where another one is declared, of those that a package of ours names in a union.
NARROWER = {"IO[bytes]": "BinaryIO", "IO[str]": "TextIO"}


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


def takes(annotation: str) -> frozenset[str]:
    """What may be given where a union is declared: its members, and what is narrower."""
    members = union(annotation)
    return members | {NARROWER[one] for one in members & NARROWER.keys()}


def usage(entries: dict[str, Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that functions take and give, with the classes of their fields.

    What the models' own functions give says nothing: each makes itself of JSON, also one that is only sent. A model
    that no function takes, alone or inside another, comes to callers: if not as a result, as an event or in an error.
    """
    known = {name.rpartition(".")[2] for name, entry in entries.items() if entry.kind == "class"}
    models = {name for name, entry in entries.items() if entry.kind == "class" and entry.role == "model"}
    taken, given = set[str](), set[str]()
    for name, entry in entries.items():
        if entry.kind == "class" and any(base.endswith("TypedDict") for base in entry.bases):
            taken |= {
                one for below, field in entries.items() if below.startswith(f"{name}.") for one in named(field.text)
            }
        if name.rpartition(".")[0] in models:
            continue
        if entry.kind in FUNCTIONS or (entry.kind == "class" and not entry.role):  # settings go in by constructors
            taken |= {one for argument in entry.arguments for one in named(argument.annotation)} & known
        if entry.kind in FUNCTIONS:
            given |= named(entry.text) & known
    held = inside(entries)
    sent = closure(taken, held)
    return sent, closure(given | ({name.rpartition(".")[2] for name in models} - sent), held)


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
