"""Each operation has the shared error responses: 400, 401, 422, 429, ``default``; 404 where its path takes an id."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
SHARED = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "404": "NotFound",
    "422": "UnprocessableEntity",
    "429": "TooManyRequests",
    "default": "UnexpectedError",
}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each missing error response and each that is not the shared one."""
    for operation in subject.document.operations:
        responses = mapping(operation.value.get("responses"))
        for status, name in SHARED.items():
            if status == "404" and "{" not in operation.path:
                continue
            reference = f"#/components/responses/{name}"
            at = pointers.join(operation.pointer, "responses", status)
            if status not in responses:
                at = pointers.join(operation.pointer, "responses")
                yield Finding(
                    at, f"{operation.label} has no response {status}", f"add it: shared/responses/{name}.yaml"
                )
            elif mapping(responses[status]).get("$ref") != reference:
                yield Finding(
                    at,
                    f"{operation.label} {status} is not the shared response",
                    f"refer to shared/responses/{name}.yaml",
                )
        if not any(status.startswith("2") for status in responses):
            yield Finding(operation.pointer, f"{operation.label} has no success", "describe its 2xx response")
