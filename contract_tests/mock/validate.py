"""Stage 5: the request against the description. Every violation becomes one ``errors[]`` entry with its place.

Which keyword gives which code is decided in ``CODES``; statuses and codes of missing members come from the
description (``x-missing-error``). When the violations have different statuses, the answer is 422.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema_rs import ValidationError

from . import errors
from .exchange import Json, Record, Refusal
from .plan import BodyPlan, OperationPlan, QueryParameter
from .shape import ABSENT

CODES = {
    "type": errors.WRONG_TYPE,
    "enum": errors.NOT_IN_ENUM,
    "const": errors.NOT_IN_ENUM,
    "minimum": errors.OUT_OF_RANGE,
    "maximum": errors.OUT_OF_RANGE,
    "exclusiveMinimum": errors.OUT_OF_RANGE,
    "exclusiveMaximum": errors.OUT_OF_RANGE,
    "multipleOf": errors.OUT_OF_RANGE,
}
UNPROCESSABLE = 422
DETAIL_LIMIT = 32 * 1024  # bytes of a body of which every violation is looked for
REPORT_LIMIT = 100  # entries: a megabyte of wrong items must not become many megabytes of answer
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # within 64 bits; no sign +, no leading zeros, ASCII digits only
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?")
WRONG = object()

Violation = tuple[int, dict[str, Json]]  # the status and the entry


def validate_query(plan: OperationPlan, sent: dict[str, list[str]]) -> tuple[dict[str, Json], list[Violation]]:
    """The values of the known parameters, with defaults, and what is wrong with them. Unknown names are ignored."""
    values: dict[str, Json] = {}
    found: list[Violation] = []
    for parameter in plan.parameters:
        texts = sent.get(parameter.name)
        if texts is None and parameter.kind == "array":
            texts = sent.get(f"{parameter.name}[]")
        if texts is None:
            if parameter.required:
                detail = f"The parameter '{parameter.name}' is required."
                found.append((UNPROCESSABLE, errors.entry(errors.MISSING, detail, parameter=parameter.name)))
            elif parameter.default is not ABSENT:
                values[parameter.name] = parameter.default
            continue
        value = coerce(parameter, texts)
        problem = _parameter_problem(parameter, value)
        if problem:
            found.append((UNPROCESSABLE, problem))
        else:
            values[parameter.name] = value
    return values, found


def coerce(parameter: QueryParameter, texts: list[str]) -> Json:
    """Text as the schema's type; ``WRONG`` when it is none. Of several values the last counts, except for arrays."""
    text = texts[-1]
    if parameter.kind == "integer":
        return int(text) if INTEGER.fullmatch(text) else WRONG
    if parameter.kind == "number":
        return float(text) if NUMBER.fullmatch(text) else WRONG
    if parameter.kind == "boolean":
        return {"true": True, "false": False}.get(text, WRONG)
    if parameter.kind == "array":
        return [item for one in texts for item in one.split(",")]
    return text


def _parameter_problem(parameter: QueryParameter, value: Json) -> dict[str, Json] | None:
    if value is WRONG:
        code, detail = errors.WRONG_TYPE, f"'{parameter.name}' must be of type '{parameter.kind}'."
    elif parameter.validator.is_valid(value):
        return None
    else:
        problem = next(iter(leaves(parameter.validator.iter_errors(value))))
        code, detail = CODES.get(problem.kind.name, errors.BAD_REQUEST), sentence(problem, f"'{parameter.name}'")
    if parameter.page:
        return errors.entry(errors.BAD_REQUEST, detail, parameter=parameter.name, title="Invalid pagination")
    return errors.entry(code, detail, parameter=parameter.name)


def validate_body(plan: BodyPlan, body: Json, size: int = 0) -> list[Violation]:
    """What is wrong with a body of ``size`` bytes, in the order of the schema."""
    if not isinstance(body, dict):
        entry = errors.entry(errors.WRONG_TYPE, "The body must be of type 'object'.", pointer="/")
        return [(UNPROCESSABLE, entry)]
    if plan.validator.is_valid(body):
        return []
    problems = leaves(_problems(plan, body, size))
    return [_violation(plan, problem) for problem in itertools.islice(problems, REPORT_LIMIT)]


def _problems(plan: BodyPlan, body: Json, size: int) -> Iterable[ValidationError]:
    """All problems; of a large body the first alone, because a list of a million items takes half a minute."""
    if size <= DETAIL_LIMIT:
        return plan.validator.iter_errors(body)
    try:
        plan.validator.validate(body)
    except ValidationError as problem:
        return [problem]
    return []


def leaves(problems: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """The problems themselves where a union reports only that no branch fits: those of the branch that comes closest.

    A branch whose type differs is not meant; when that holds for all of them, the union's own error stands.
    """
    for problem in problems:
        branches = getattr(problem.kind, "context", None)
        if not branches:
            yield problem
            continue
        here = list(problem.instance_path)
        meant = [
            branch
            for branch in branches
            if not any(inner.kind.name == "type" and list(inner.instance_path) == here for inner in branch)
        ]
        if meant:
            yield from leaves(min(meant, key=lambda branch: len(list(branch))))
        else:
            yield problem


def _violation(plan: BodyPlan, problem: ValidationError) -> Violation:
    path = list(problem.instance_path)
    kind: Any = problem.kind
    if kind.name == "required":
        name = kind.property
        field = plan.fields.get(name) if not path else None
        status, code = field.missing if field else (UNPROCESSABLE, errors.MISSING)
        pointer = pointer_to([*path, name])
        return status, errors.entry(
            code, f"The '{name}' parameter is required and cannot be left out.", pointer=pointer
        )
    code = errors.WRONG_TYPE if kind.name in {"anyOf", "oneOf"} else CODES.get(kind.name, errors.BAD_REQUEST)
    name = str(path[-1]) if path else "The body"
    return UNPROCESSABLE, errors.entry(code, sentence(problem, f"'{name}'"), pointer=pointer_to(path))


def sentence(problem: ValidationError, what: str) -> str:
    """Why a value is refused, without the value: it may be a secret."""
    kind: Any = problem.kind
    match kind.name:
        case "type":
            return f"{what} must be of type '{' or '.join(kind.types)}'."
        case "anyOf" | "oneOf":
            types = {one for branch in kind.context for inner in branch for one in getattr(inner.kind, "types", ())}
            return f"{what} must be of type '{' or '.join(sorted(types))}'."
        case "enum":
            return f"{what} must be one of {', '.join(str(option) for option in kind.options)}."
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"{what} lies outside the allowed range: {kind.name} is {kind.limit}."
        case "pattern":
            return f"{what} must match {kind.pattern}."
        case "format":
            return f"{what} is not a valid {kind.format}."
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            return f"{what} has the wrong length: {kind.name} is {kind.limit}."
        case name:
            return f"{what} breaks the rule '{name}' of the description."


def pointer_to(path: list[str | int]) -> str:
    """The RFC 6901 pointer of a path; ``/`` for the whole body, as seen on the wire."""
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)


def refuse_violations(found: list[Violation]) -> None:
    """Raise the refusal for violations, when there are any."""
    if found:
        statuses = {status for status, _ in found}
        status = statuses.pop() if len(statuses) == 1 else UNPROCESSABLE
        raise Refusal(status, [entry for _, entry in found])


def writable(plan: BodyPlan, body: Record) -> Record:
    """The members of a valid body that the server lets a client set."""
    return {name: value for name, value in body.items() if name in plan.fields}
