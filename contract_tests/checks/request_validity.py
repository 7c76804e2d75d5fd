"""Whether a request kept to the description, judged from what went over the wire.

Three answers, not two: a query string has no types and JSON parsers differ at the edges, so what a server may read
either way is ``UNCLEAR`` and nothing is demanded of its answer. Unknown query parameters and unknown body keys are
ignored by the API (facts on request bodies), so they never make a request invalid. Path values are left out: whether
an id exists is for the server to say, with 404.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from contract_tests.bodies import FORM, fields_of, media_of
from contract_tests.checks.content_type import parse
from contract_tests.checks.violations import Violation, validators
from contract_tests.description import JSON, Description, Operation
from contract_tests.exchange import Exchange


class Verdict(Enum):
    """What the description says about a request."""

    VALID = "valid"
    INVALID = "invalid"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Validity:
    """A verdict, and for ``INVALID`` what is wrong; pointers are written ``request:/field`` or ``query:name``."""

    verdict: Verdict
    faults: tuple[Violation, ...] = ()


VALID = Validity(Verdict.VALID)
UNCLEAR = Validity(Verdict.UNCLEAR)


def judge(description: Description, operation: Operation, exchange: Exchange) -> Validity:
    """The verdict on a request to ``operation``; credentials and path values are not looked at."""
    parts = [_query(description, operation, exchange), _body(description, operation, exchange)]
    faults = tuple(fault for part in parts for fault in part.faults)
    if faults:
        return Validity(Verdict.INVALID, faults)
    return UNCLEAR if any(part.verdict is Verdict.UNCLEAR for part in parts) else VALID


def _query(description: Description, operation: Operation, exchange: Exchange) -> Validity:
    try:
        pairs = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True, errors="strict")
    except ValueError:
        return UNCLEAR
    faults: list[Violation] = []
    unclear = False
    for parameter in operation.parameters:
        if parameter["in"] != "query":
            continue
        name, values = parameter["name"], [value for key, value in pairs if key == parameter["name"]]
        schema = description.resolve(parameter.get("schema", {}))
        if not values:
            if parameter.get("required"):
                faults.append(Violation("required", f"query:{name}", "a value", "absent"))
            continue
        typed, known = _typed(schema, values)
        if not known:
            unclear = True
            continue
        found = validators(description).violations(parameter.get("schema", {}), typed)
        faults += [Violation(fault.word, f"query:{name}", fault.expected, fault.observed) for fault in found]
    return Validity(Verdict.INVALID, tuple(faults)) if faults else UNCLEAR if unclear else VALID


def _typed(schema: Mapping[str, Any], values: list[str]) -> tuple[Any, bool]:
    """The value that a query text plainly stands for, and whether it plainly stands for one."""
    kind = schema.get("type")
    if len(values) != 1 or kind in {"array", "object"}:
        return None, False
    text = values[0]
    if kind == "integer":
        if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
            return int(text), True
        # Digits in another dress (" 1", "+1", "01", "1.0") may be read as a number or not; words may not.
        return text, not re.search(r"\d", text) and bool(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text), text in {"true", "false"}
    # An empty text may count as absent, and NUL cannot be sent everywhere.
    return text, kind in {"string", None} and text != "" and "\x00" not in text


def _body(description: Description, operation: Operation, exchange: Exchange) -> Validity:
    schema = description.request_schema(operation)
    if schema is None:
        return VALID if not exchange.request_body else UNCLEAR
    if not exchange.request_body:
        return Validity(Verdict.INVALID, (Violation("required", "request:", "a JSON body", "no body"),))
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    content_type = headers.get("content-type", "")
    media = parse(content_type)[0]
    if media != media_of(description, operation):
        return UNCLEAR
    if media == FORM:
        fields = fields_of(exchange.request_body, content_type)
        return UNCLEAR if fields is None else _judged(description, schema, fields)
    if media != JSON:
        return UNCLEAR
    try:
        text = exchange.request_body.decode("utf-8")
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Validity(Verdict.INVALID, (Violation("json", "request:", "a JSON body", "a body that is not JSON"),))
    if _is_edgy(text):
        return UNCLEAR
    return _judged(description, schema, body)


def _judged(description: Description, schema: Mapping[str, Any], body: Any) -> Validity:
    faults = validators(description).violations(schema, body)
    if not faults:
        return VALID
    return Validity(
        Verdict.INVALID,
        tuple(Violation(fault.word, f"request:{fault.pointer}", fault.expected, fault.observed) for fault in faults),
    )


def _no_constant(name: str) -> NoReturn:
    """Python's parser takes NaN and Infinity, which are no JSON."""
    raise ValueError(f"{name} is not JSON")


def _is_edgy(text: str) -> bool:
    """Whether a body holds what JSON parsers disagree on: lone surrogates, NUL, numbers beyond 64 bits."""
    return bool(re.search(r"\\u[dD][89a-fA-F]|\\u0000|\d{19}", text))
