"""Every operation has an operationId, and no two are one module (equal, or different only in case and separators).

The generator writes the second over the first when both have one tag, with exit code 0 and without a warning. Without
an operationId the function is named after method and path.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.document import Operation
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each operation that is overwritten, shares an id, or has none."""
    modules: dict[tuple[str, str], list[Operation]] = {}
    ids: dict[str, Operation] = {}
    for operation in subject.document.operations:
        module = python_names.operation_module(operation.id, operation.method, operation.path)
        tag = next(iter(texts(operation.value.get("tags"))), "default")
        modules.setdefault((python_names.tag_package(tag), module), []).append(operation)
        if not operation.id:
            yield _missing(operation, module)
        elif (other := ids.setdefault(operation.id, operation)) is not operation:
            at = pointers.join(operation.pointer, "operationId")
            yield Finding(
                at, f"the operationId {operation.id} is taken by {other.label}", "give each operation its own"
            )
    for (package, module), sharing in modules.items():
        for number, operation in enumerate(sharing[:-1]):
            winner = sharing[-1]
            name = f"{operation.id or module}{number + 2}"
            yield Finding(
                operation.pointer,
                f"{operation.label} and {winner.label} are both {package}/{module}.py: the first is overwritten",
                "give each operation an operationId that differs in more than case",
                Loss.OPERATION,
                (overlay_action.update(operation.pointer, {"operationId": name}),),
            )


def _missing(operation: Operation, module: str) -> Finding:
    words = module.split("_")
    name = words[0] + "".join(word.capitalize() for word in words[1:])
    return Finding(
        operation.pointer,
        f"{operation.label} has no operationId and becomes {module}",
        f"add one, say {name}",
        Loss.GARBLED,
        (overlay_action.update(operation.pointer, {"operationId": name}),),
    )
