"""Drifts of ids: the same one is written otherwise, and found however it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ...description import Description, Operation
from ..exchange import Answer, Json, Request
from ..parts import Parts
from .drift import Drift, Planter
from .find import acting, record_of

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
UUID_BYTES = re.compile(UUID.pattern.encode(), re.IGNORECASE)


def capitals(content: Json) -> Json:
    """Every id of this form in capital letters, at any depth."""
    if isinstance(content, dict):
        return {name: capitals(value) for name, value in content.items()}
    if isinstance(content, list):
        return [capitals(item) for item in content]
    return content.upper() if isinstance(content, str) and UUID.fullmatch(content) else content


def _known(sent: bytes) -> bytes:
    """Bytes of a request with its ids in small letters, as they are stored."""
    return UUID_BYTES.sub(lambda found: found[0].lower(), sent)


def in_capitals(*actions: str) -> Planter:
    """Good answers to these (to all, without any) write ids in capitals; requests may write them as they like."""

    def planter(_: str, parts: Parts) -> Parts:
        def around(operation_id: str, request: Request, *, serve: Callable[[Request], Answer]) -> Answer:
            asked = replace(request, path=_known(request.path), query=_known(request.query), body=_known(request.body))
            answer = serve(asked)
            resource = parts.description.by_id[operation_id].resource
            told = not actions or (resource is not None and resource.action in actions)
            return replace(answer, body=capitals(answer.body)) if told and answer.status < 300 else answer

        return parts.surrounded_by(around)

    return planter


def _by_uuid(description: Description, operation: Operation) -> bool:
    """Whether records have an id of this form, by the description."""
    return any(
        member.get("x-generated") == "id" and member.get("format") == "uuid"
        for member in record_of(description, operation).values()
    )


DRIFTS = (
    Drift(
        "ids-in-capitals",
        "writes every id in capitals",
        in_capitals(),
        ("response-format",),
        acting("retrieve", "create", "update", "list", when=_by_uuid),
    ),
    Drift(
        "reads-in-capitals",
        "reads write ids in capitals, all else does not",
        in_capitals("retrieve"),
        # Where nothing but reads shows a record, all that can be told is that they write it in capitals.
        ("unrelated-field-changed", "response-format"),
        acting("retrieve", "create", "update", "list", when=_by_uuid),
    ),
)
