"""A refusal says why in the API's envelope: ``errors[]``, not empty, each entry with a numeric code and a title.

The code is a string on the wire; 401 carries 10009 and 404 carries 10005 (facts of the API's error overview; the
description names both in the examples of its shared responses). Where all examples of a described refusal bear one
title, so does every such refusal: callers show it, and the API's documents list it beside the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contract_tests.checks.violations import shown
from contract_tests.description import Description, Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import NOT_JSON, Exchange, Redactor

CODES = {401: "10009", 404: "10005"}
NUMBER = re.compile(r"[0-9]+")


def check(description: Description, operation: Operation, exchange: Exchange) -> Iterator[Finding]:
    """``error-envelope`` for a missing or empty envelope or entry; ``error-code`` for the wrong code on 401 and 404.

    ``error-title`` for another title than the description's examples of this refusal have.
    """
    if exchange.status not in operation.statuses or exchange.status < 400 or exchange.json is NOT_JSON:
        # A status that nobody listed and a body that is no JSON are the business of other checks.
        return
    body = Redactor(fields=description.sensitive_fields).value(exchange.json)
    for pointer, expected, observed in faults(body):
        yield _finding(operation, exchange, "error-envelope", pointer, expected, observed)
    codes = codes_of(exchange.json)
    wanted = CODES.get(exchange.status)
    if wanted and codes and wanted not in codes:
        yield _finding(operation, exchange, "error-code", "/errors/0/code", wanted, ", ".join(codes))
    shown_titles = titles_of(body)
    title = only_title(description, operation, exchange.status)
    if title and shown_titles and title not in shown_titles:
        yield replace(
            _finding(operation, exchange, "error-title", "/errors/0/title", title, ", ".join(shown_titles)),
            severity=Severity.DEGRADED,
        )


def only_title(description: Description, operation: Operation, status: int) -> str:
    """The title that all examples of an operation's refusal with this status bear; empty when they differ."""
    response = description.response(operation, status) if str(status) in operation.raw["responses"] else None
    found: set[str] = set()
    for media in (response or {}).get("content", {}).values():
        for node in media.get("examples", {}).values():
            found.update(titles_of(description.resolve(node).get("value")))
    return found.pop() if len(found) == 1 else ""


def titles_of(body: Any) -> list[str]:
    """The titles in an envelope, in order; empty when it has none that can be read."""
    return [str(entry["title"]) for entry in _entries(body) if "title" in entry]


def faults(body: Any) -> Iterator[tuple[str, str, str]]:
    """What is wrong with an envelope: pointer, expected, observed."""
    if not isinstance(body, dict):
        yield "", "an object with errors", shown(body)
        return
    errors = body.get("errors")
    if not isinstance(errors, list) or not errors:
        yield "/errors", "at least one error", shown(errors) if "errors" in body else "absent"
        return
    for index, entry in enumerate(errors):
        if not isinstance(entry, dict):
            yield f"/errors/{index}", "an object", shown(entry)
            continue
        code, title = entry.get("code"), entry.get("title")
        if not isinstance(code, str) or not NUMBER.fullmatch(code):
            yield f"/errors/{index}/code", "a string of digits", shown(code) if "code" in entry else "absent"
        if not isinstance(title, str) or not title.strip():
            yield f"/errors/{index}/title", "a title", shown(title) if "title" in entry else "absent"


def codes_of(body: Any) -> list[str]:
    """The codes in an envelope, in order; empty when it has none that can be read."""
    return [str(entry["code"]) for entry in _entries(body) if "code" in entry]


def _entries(body: Any) -> list[dict[str, Any]]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []


def _finding(
    operation: Operation, exchange: Exchange, kind: str, pointer: str, expected: str, observed: str
) -> Finding:
    return Finding(
        kind=kind,
        operation=operation.operation_id,
        pointer=pointer,
        expected=expected,
        observed=observed,
        severity=Severity.BREAKING,
        check=__name__,
        exchange=exchange,
    )
