"""No two parameters of an operation would be one argument: ``page[size]`` and ``pagesize`` both become ``pagesize``.

The generator drops the operation. Ours gives brackets a name of their own (``page_size``), which may clash as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.document import Operation
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import names

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each parameter that has the argument of another."""
    for operation in subject.document.operations:
        yield from _of(operation, subject)


def _of(operation: Operation, subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], str] = {}
    spelled = python_names.attribute(subject)
    for at, parameter in operation.parameters:
        name, place = text(parameter.get("name")), text(parameter.get("in"))
        if subject.house:
            key = (place, spelled(names.parameter_argument(name) if place == "query" else name), "")
        else:
            key = (place, spelled(name), python_names.identifier(name, raw=True))
        other = seen.setdefault(key, name)
        if other != name:
            yield Finding(
                operation.pointer,
                f"{operation.label}: the parameters {other} and {name} are both the argument {key[2] or key[1]}",
                "leave one out for the generator",
                Loss.OPERATION,
                (overlay_action.remove(at, subject.document.root),),
            )
