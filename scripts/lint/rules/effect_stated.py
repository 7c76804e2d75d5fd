"""Each operation says what calling it does (``x-effect``), and nothing that may cost money passes as harmless.

``read`` stands alone and only at GET and HEAD; every other method says ``write``, ``costs``, ``contacts-people`` or
``irreversible``, and DELETE says ``irreversible`` in any case. A field that holds a secret says it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lint.document import Operation
from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.HOUSE
EFFECTS = ("read", "write", "costs", "contacts-people", "irreversible")
SAFE = frozenset({"get", "head"})


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each operation without a plausible effect."""
    for operation in subject.document.operations:
        fault = _fault(operation)
        if fault is not None:
            yield Finding(
                operation.pointer, f"{operation.label} {fault}", f"state x-effect, a list of {', '.join(EFFECTS)}"
            )
    for node in subject.document.sent:
        effect = node.value.get("x-effect")
        secret = node.value.get("x-sensitive") is True
        if (secret and effect is None) or (effect is not None and not _known(effect)):
            message = "setting a secret has no x-effect" if effect is None else f"x-effect can't be {effect!r}"
            yield Finding(node.pointer, message, "say what setting this field does, say [write, irreversible]")


def _known(effect: Any) -> bool:
    return (
        isinstance(effect, list)
        and bool(effect)
        and all(one in EFFECTS for one in effect)
        and len(set(effect)) == len(effect)
    )


def _fault(operation: Operation) -> str | None:
    effect = operation.value.get("x-effect")
    if effect is None:
        return "has no x-effect"
    if not _known(effect):
        return f"has an unknown x-effect: {effect!r}"
    if "read" in effect and (operation.method not in SAFE or len(effect) > 1):
        return "can't be read and something else" if len(effect) > 1 else f"is {operation.method.upper()} and says read"
    if operation.method in SAFE and "read" not in effect:
        return f"is {operation.method.upper()} and does not say read"
    if operation.method == "delete" and "irreversible" not in effect:
        return "is DELETE and does not say irreversible"
    return None
