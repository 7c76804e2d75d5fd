"""Path templates and path parameters agree: each is declared once, required, and of a name that can be filled in.

The generator drops the operation otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping, nullable, sequence, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
TEMPLATE = re.compile(r"{([^{}]*)}")
NAME = re.compile(r"[a-zA-Z_-][a-zA-Z0-9_-]*")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter that does not fit its path."""
    for operation in subject.document.operations:
        yield from _names(operation)
        yield from _declared(subject.document, operation)
        yield from _duplicates(subject.document, operation)
    for node in subject.document.nodes("parameters"):
        if node.value.get("in") == "path" and _takes_null(
            subject.document, pointers.join(node.pointer, "schema"), node.value.get("schema"), set()
        ):
            message = f"the path parameter {text(node.value.get('name'))} may be null"
            yield _lost(node.pointer, message, "leave null out of its schema: a path always holds a value")


def _takes_null(document: Document, pointer: str, value: object, seen: set[str]) -> bool:
    """Whether null is among the types of a schema; of an enum only its values count."""
    at, target = document.resolve(pointer, value)
    schema = mapping(target)
    if at in seen:
        return False
    seen.add(at)
    if values := sequence(schema.get("enum")):
        return None in values
    if nullable(schema):
        return True
    return any(
        _takes_null(document, pointers.join(at, key, index), part, seen)
        for key in ("anyOf", "oneOf", "allOf")
        if key != "allOf" or len(sequence(schema.get(key))) == 1
        for index, part in enumerate(sequence(schema.get(key)))
    )


def _names(operation: Operation) -> Iterator[Finding]:
    for name, times in Counter(TEMPLATE.findall(operation.path)).items():
        if not NAME.fullmatch(name):
            yield _lost(
                operation.pointer, f"{operation.label}: {{{name}}} is no name that can be filled in", "rename it"
            )
        elif times > 1:
            yield _lost(
                operation.pointer, f"{operation.label}: {{{name}}} stands {times} times in the path", "rename one"
            )


def _declared(document: Document, operation: Operation) -> Iterator[Finding]:
    wanted = set(TEMPLATE.findall(operation.path))
    declared = {text(p.get("name")): at for at, p in operation.parameters if p.get("in") == "path"}
    for name in sorted(wanted - set(declared)):
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        has_list = isinstance(operation.value.get("parameters"), list)
        at = pointers.join(operation.pointer, "parameters") if has_list else operation.pointer
        mend = overlay_action.update(at, parameter if has_list else {"parameters": [parameter]})
        yield Finding(
            operation.pointer,
            f"{operation.label}: the path has {{{name}}}, which no parameter declares",
            f"declare the path parameter {name}",
            Loss.OPERATION,
            (mend,),
        )
    for name in sorted(set(declared) - wanted):
        yield _lost(
            operation.pointer,
            f"{operation.label}: the path has no {{{name}}} for a parameter",
            "remove it, or name it in the path",
        )
    for at, parameter in operation.parameters:
        if parameter.get("in") == "path" and parameter.get("required") is not True:
            mend = overlay_action.update(at, {"required": True}, document.root)
            yield Finding(
                at,
                f"the path parameter {text(parameter.get('name'))} is not required",
                "add required: true",
                Loss.OPERATION,
                (mend,),
            )


def _duplicates(document: Document, operation: Operation) -> Iterator[Finding]:
    """Two parameters of one list with the same name and place."""
    item = operation.pointer.rpartition("/")[0]
    for holder, pointer in (
        (mapping(pointers.follow(document.root, item)), item),
        (operation.value, operation.pointer),
    ):
        seen: set[tuple[str, str]] = set()
        for index, listed in enumerate(sequence(holder.get("parameters"))):
            at = pointers.join(pointer, "parameters", index)
            parameter = mapping(document.resolve(at, listed)[1])
            key = text(parameter.get("in")), text(parameter.get("name"))
            if parameter and key in seen:
                yield Finding(
                    at,
                    f"the {key[0]} parameter {key[1]} is listed twice",
                    "remove one of them",
                    Loss.OPERATION,
                    (overlay_action.remove(at, document.root),),
                )
            seen.add(key)


def _lost(pointer: str, message: str, fix: str) -> Finding:
    return Finding(pointer, message, fix, Loss.OPERATION)
