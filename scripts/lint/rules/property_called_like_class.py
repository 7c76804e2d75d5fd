"""No property that has more than a plain value is called like the class it is in, as ``status`` of ``Status`` would be.

The generator reads a record's fields into variables of their names, and then builds the record in a variable that is
called like its module: one variable of two types, which no type checker accepts (``mypy`` stops whoever checks the
package). Our own templates have no such variable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint import classes, merging, overlay_action, python_names
from scripts.lint.document import Document
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping, nullable, sequence, text, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.FOREIGN
# Texts that the generator makes something else of.
FORMATS = frozenset({"date", "date-time", "uuid", "binary"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each class that has such a property; the overlay renames the class."""
    document = subject.document
    seen: set[str] = set()
    for made in classes.generated(document):
        if made.values is not None or made.pointer in seen:
            continue
        seen.add(made.pointer)
        module = python_names.identifier(made.name)
        schema = mapping(pointers.follow(document.root, made.pointer))
        for name, member, at in merging.properties(document, made.pointer, schema):
            if python_names.identifier(name) == module and _is_more_than_plain(document, made.pointer, at, member):
                yield Finding(
                    at,
                    f"{name!r} is called like its class {made.name}, and the class is built in a variable of that name",
                    "give the class another name by a title",
                    Loss.GARBLED,
                    (
                        overlay_action.update(
                            made.pointer, {"title": f"{_own_name(made.name, schema)}Record"}, document.root
                        ),
                    ),
                )
                break


def _own_name(name: str, schema: dict[str, Any]) -> str:
    """What the class is called by itself; an inner one has its surroundings' name in front of that."""
    return text(schema.get("title")) or name


def _is_more_than_plain(document: Document, owner: str, pointer: str, schema: Any) -> bool:
    """Whether the variable is declared to hold something that the class ``owner`` is not: a date, a list, an enum …"""
    at, found = document.resolve(pointer, schema)
    if at == owner or not isinstance(found, dict):
        return False
    if "const" in found or sequence(found.get("enum")):
        return True
    union = [(key, i, m) for key in ("anyOf", "oneOf") for i, m in enumerate(sequence(found.get(key)))]
    if union:
        return any(_is_another(document, owner, pointers.join(at, key, index), member) for key, index, member in union)
    parts = [(pointers.join(at, "allOf", index), part) for index, part in enumerate(sequence(found.get("allOf")))]
    kinds = types(found)
    return (
        any(_is_more_than_plain(document, owner, *part) for part in parts)
        or nullable(found)
        or len(kinds) > 1
        or bool({"array", "object"} & set(kinds))
        or (kinds == ["string"] and found.get("format") in FORMATS)
    )


def _is_another(document: Document, owner: str, pointer: str, member: Any) -> bool:
    """Whether a member of a union is neither the class itself nor null."""
    at, found = document.resolve(pointer, member)
    return at != owner and types(mapping(found)) != ["null"]
