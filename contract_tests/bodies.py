"""Bodies of requests by their media type: what the description shows, encoding a value, and reading it back.

An operation takes JSON, or a form with files (``multipart/form-data``, RFC 7578), whose fields a value names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email import policy
from email.parser import BytesParser
from typing import Any

from contract_tests.description import JSON, Description, Operation

FORM = "multipart/form-data"
BINARY = "binary"


def media_of(description: Description, operation: Operation) -> str | None:
    """The media type that requests of an operation are sent in: JSON where it may be; None without a body."""
    body = description.resolve(operation.raw.get("requestBody"))
    if body is None:
        return None
    return JSON if JSON in body["content"] else str(next(iter(body["content"])))


def is_form(description: Description, operation: Operation) -> bool:
    """Whether requests of an operation are sent as a form, in which any text may stand for a file."""
    return media_of(description, operation) == FORM


def examples(description: Description, operation: Operation) -> tuple[Any, ...]:
    """The values of the examples that the description shows of an operation's body, in its order."""
    media = media_of(description, operation)
    if media is None:
        return ()
    shown = description.resolve(operation.raw["requestBody"])["content"][media]
    named = [description.resolve(one) for one in shown.get("examples", {}).values()]
    return tuple(one["value"] for one in named if "value" in one) or ((shown["example"],) if "example" in shown else ())


def encoded(description: Description, operation: Operation, value: Any) -> tuple[bytes, str]:
    """A value as the body that the operation takes, and its media type; an object for a form, anything for JSON."""
    if is_form(description, operation) and isinstance(value, Mapping):
        return form(value, files_of(description, operation))
    return json.dumps(value, ensure_ascii=False).encode(), JSON


def files_of(description: Description, operation: Operation) -> dict[str, str]:
    """The fields of a form that are files, and the media type of each."""
    body = description.resolve(operation.raw.get("requestBody")) or {"content": {}}
    told = body["content"].get(FORM, {}).get("encoding", {})
    fields = description.properties(description.request_schema(operation) or {})
    binary = [name for name, field in fields.items() if field.get("format") == BINARY]
    return {name: told.get(name, {}).get("contentType", "application/octet-stream") for name in binary}


def form(fields: Mapping[str, Any], files: Mapping[str, str]) -> tuple[bytes, str]:
    """Fields as a form and its media type; what is no text travels as JSON, ``files`` with a name of their own."""
    parts = []
    for name, value in fields.items():
        content = (
            value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
        )
        head = f'Content-Disposition: form-data; name="{name}"'
        if name in files:
            head += f'; filename="{name}"\r\nContent-Type: {files[name]}'
        parts.append(head.encode() + b"\r\n\r\n" + content + b"\r\n")
    boundary = "contract"
    while any(boundary.encode() in part for part in parts):
        boundary += "-"
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"
    return body, f"{FORM}; boundary={boundary}"


def fields_of(body: bytes, content_type: str) -> dict[str, str] | None:
    """The fields of a form, files as text of one character for a byte; None for what is no form."""
    message = BytesParser(policy=policy.HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if message.get_content_type() != FORM or not message.is_multipart() or message.defects:
        return None
    found: dict[str, str] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            return None
        found[name] = content.decode("latin-1")
    return found
