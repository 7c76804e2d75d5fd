"""What the generator loses in the end: one bad schema takes everything with it that refers to it.

openapi-python-client 0.29.1 builds the component schemas in two stages and then the operations. A schema that fails in
the first stage (its own shape) is unknown to all others; one that fails in the second (a property) is removed again
with everything that was built on it. An operation goes when a parameter or all of its bodies fail; a response that
fails is left out and the operation stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from scripts.lint import stages
from scripts.lint.document import Document, Operation, local
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping, sequence
from scripts.pipeline import grammar, pointers

SCHEMAS = "/components/schemas/"


@attrs.frozen
class Outcome:
    """What is lost, by name, with the pointer of the cause; ``described`` and ``kept`` count operations."""

    described: int
    operations: dict[str, str]
    schemas: dict[str, str]
    responses: dict[str, str]

    @property
    def kept(self) -> int:
        """How many operations can be called in the generated package."""
        return self.described - len(self.operations)


def foresee(document: Document, findings: Iterable[Finding]) -> Outcome:
    """What openapi-python-client makes of a document with these findings."""
    told = [finding for finding in findings if finding.loss not in (None, Loss.GARBLED)]
    everything = next((f.pointer for f in told if f.loss is Loss.EVERYTHING), None)
    if everything is not None:
        names = dict.fromkeys((operation.label for operation in document.operations), everything)
        schemas = dict.fromkeys(document.components("schemas"), everything)
        return Outcome(len(names), names, schemas, {})
    failing = {finding.pointer for finding in told if finding.loss is Loss.SCHEMA}
    lost = _lost_schemas(document, failing)
    whole = {finding.pointer: finding for finding in told if finding.loss is Loss.OPERATION}
    untyped = {finding.pointer for finding in told if finding.loss is Loss.RESPONSE}
    outcome = Outcome(len(document.operations), {}, lost, {})
    for operation in document.operations:
        cause = _of_operation(document, operation, whole, failing, lost)
        if cause is not None:
            outcome.operations[operation.label] = cause
            continue
        for status, cause in _of_responses(document, operation, untyped, failing, lost):
            outcome.responses[f"{operation.label} {status}"] = cause
    return outcome


def _lost_schemas(document: Document, failing: set[str]) -> dict[str, str]:
    """Component schemas that are not generated, each with the pointer of the cause."""
    schemas = document.components("schemas")
    uses = {name: tuple(_uses(schema, SCHEMAS + pointers.escape(name))) for name, schema in schemas.items()}
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for pointer in sorted(failing):
        if pointer.startswith(SCHEMAS):
            tokens = pointers.split(pointer)
            if stages.IGNORED & set(tokens[3:]):
                continue
            stage = second if stages.is_second(tokens[3:]) else first
            stage.setdefault(tokens[2], pointer)
    _spread(first, uses, lambda use: not use.second_stage and use.target in first)
    # Not known after the first stage: whatever refers to it in the second fails, also from a union.
    for name, used in uses.items():
        cause = next((first[use.target] for use in used if use.target in first), None)
        if cause is not None and name not in first:
            second.setdefault(name, cause)
    _spread(second, uses, lambda use: use.tracked and use.target in second)
    return {**second, **first}


@attrs.frozen
class _Use:
    """A component schema that another refers to, and how."""

    target: str
    second_stage: bool
    tracked: bool


def _uses(schema: Any, pointer: str) -> Iterator[_Use]:
    depth = len(pointers.split(pointer))
    for node in grammar.walk(schema, "schemas", pointer):
        target = _component(node.value)
        tokens = pointers.split(node.pointer)[depth:]
        if target is not None and not stages.IGNORED & set(tokens):
            yield _Use(target, stages.is_second(tokens), tracked=not stages.UNION & set(tokens))


def _component(value: Any) -> str | None:
    """The component schema that a reference names."""
    target = local(mapping(value).get("$ref"))
    if target is None or not target.startswith(SCHEMAS):
        return None
    tokens = pointers.split(target)
    return tokens[2] if len(tokens) == 3 else None


def _spread(lost: dict[str, str], uses: dict[str, tuple[_Use, ...]], follows: Callable[[_Use], bool]) -> None:
    """Add to ``lost``, until nothing changes, what refers to something in it in the way ``follows`` tells."""
    changed = True
    while changed:
        changed = False
        for name, used in uses.items():
            if name not in lost and (use := next(filter(follows, used), None)) is not None:
                lost[name] = lost[use.target]
                changed = True


def _of_operation(
    document: Document, operation: Operation, whole: dict[str, Finding], failing: set[str], lost: dict[str, str]
) -> str | None:
    """The cause for which an operation is not generated, or ``None``."""
    item = operation.pointer.rpartition("/")[0]
    listed = pointers.join("/paths", operation.path)
    for pointer in (operation.pointer, item, listed, *_parameter_places(document, operation)):
        if pointer in whole:
            return whole[pointer].pointer
    for at, parameter in operation.parameters:
        cause = _of_schema(pointers.join(at, "schema"), parameter.get("schema"), failing, lost)
        if cause is not None:
            return cause
    bodies = [body for body in document.bodies(operation) if body.role == "request"]
    request = document.resolve(pointers.join(operation.pointer, "requestBody"), operation.value.get("requestBody"))[0]
    causes = [
        whole[body.pointer].pointer
        if body.pointer in whole
        else _of_schema(pointers.join(body.pointer, "schema"), body.value.get("schema"), failing, lost)
        for body in bodies
    ]
    if request in whole:
        return request
    return causes[0] if causes and all(causes) else None


def _parameter_places(document: Document, operation: Operation) -> Iterator[str]:
    """Where an operation's parameters are listed, and where their references lead first."""
    item = operation.pointer.rpartition("/")[0]
    for pointer, holder in ((item, pointers.follow(document.root, item)), (operation.pointer, operation.value)):
        for index, parameter in enumerate(sequence(mapping(holder).get("parameters"))):
            yield pointers.join(pointer, "parameters", index)
            if (target := local(mapping(parameter).get("$ref"))) is not None:
                yield target


def _of_responses(
    document: Document, operation: Operation, untyped: set[str], failing: set[str], lost: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Status and cause of each response that is left out."""
    for status in mapping(operation.value.get("responses")):
        listed = pointers.join(operation.pointer, "responses", status)
        response = mapping(operation.value["responses"])[status]
        at, _ = document.resolve(listed, response)
        first = local(mapping(response).get("$ref"))
        cause = next((pointer for pointer in (listed, first, at) if pointer in untyped), None)
        for body in document.bodies(operation) if cause is None else ():
            if body.role == status:
                here = pointers.join(body.pointer, "schema")
                cause = cause or _of_schema(here, body.value.get("schema"), failing, lost)
        if cause is not None:
            yield status, cause


def _of_schema(pointer: str, schema: Any, failing: set[str], lost: dict[str, str]) -> str | None:
    """The cause for which a schema outside the components can't be used: a fault in it or a lost component."""
    for node in grammar.walk(schema, "schemas", pointer):
        tokens = pointers.split(node.pointer.removeprefix(pointer))
        if stages.IGNORED & set(tokens):
            continue
        if node.pointer in failing:
            return node.pointer
        target = _component(node.value)
        if target is not None and target in lost:
            return lost[target]
    return None
