"""A ``default`` is a value that its schema allows.

The generator drops the schema around a default that it can't turn into the Python type.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import sequence, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.lint.values import Validators
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each default that breaks its schema."""
    document = subject.document
    validators = Validators(document)
    for node in document.schemas:
        if node.value.get("default") is None:
            continue
        value = node.value["default"]
        fault = next(validators.faults(node.pointer, value), None)
        loss = None if readable(node.value, value) else Loss.SCHEMA
        if fault is not None or loss is not None:
            at = pointers.join(node.pointer, "default")
            why = fault or "the generator can't write it as Python"
            yield Finding(
                node.pointer if loss else at,
                f"the default does not fit its schema: {why}",
                "correct the default, or remove it",
                loss,
                (overlay_action.remove(at, document.root),),
            )


def readable(schema: dict[str, Any], value: Any) -> bool:
    """Whether openapi-python-client 0.29.1 can turn a default into Python."""
    if "const" in schema:
        return bool(value == schema["const"])
    if isinstance(schema.get("enum"), list) and schema.get("type") != "boolean":
        return value in schema["enum"]
    members = [*sequence(schema.get("anyOf")), *sequence(schema.get("oneOf"))]
    if members or schema.get("allOf") or len(types(schema)) != 1:
        return True  # too many ways to foresee
    kind, form = types(schema)[0], schema.get("format")
    if kind == "string":
        return _FORMATS.get(str(form), _any)(value)
    return _KINDS.get(kind, _any)(value)


def _any(value: Any) -> bool:
    return True


def _integer(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and float(value) == int(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return not isinstance(value, bool)


def _boolean(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"})


def _parsed(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        try:
            parse(value)
        except (TypeError, ValueError, AttributeError):
            return False
        return True

    return fits


_FORMATS = {
    "uuid": _parsed(UUID),
    "date": _parsed(datetime.date.fromisoformat),
    "date-time": _parsed(datetime.datetime.fromisoformat),
}
_KINDS = {"integer": _integer, "number": _number, "boolean": _boolean}
