"""Values as they travel: path segments, query pairs, bodies. What can't be sent is refused here, before anything is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any
from urllib.parse import quote

from ..types import File, Unset
from .identifiers import is_uuid
from .model import Model

DOTS = frozenset({".", ".."})


def path_segment(value: Any) -> str:
    """A value as one segment of a path, percent-encoded.

    ``ValueError`` for an empty one and for dots: the request would go to another resource (``/numbers/`` and ``/..``
    lead to a list, to its parent, and a DELETE goes with them).
    """
    text = plain(value)
    if not text or text[0] == "." or "/" in text or "\\" in text:
        check_segment(text)
    return quote(text, safe="")


def check_segment(text: str) -> None:
    """``ValueError`` when a segment, as a server may read it after decoding it, would address another resource.

    A slash in an id is encoded, but there are gateways that decode it first and then take ``a/../b`` for a way; others
    cut a segment off at its semicolon.
    """
    parts = text.replace("\\", "/").split("/")
    if not text or any(part.partition(";")[0] in DOTS for part in parts):
        raise ValueError(f"{text!r} can't stand in a path: it would address another resource")


def query(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs as the query of a URL, brackets percent-encoded; empty when there are none."""
    return "&".join([f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs])


def query_pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of one parameter: one for a value, one for each item of a list (``style: form``, ``explode: true``)."""
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield name, plain(item, name)
    else:
        yield name, plain(value, name)


def plain(value: Any, name: str = "a path parameter") -> str:
    """A value as text; ``ValueError`` when it has no form outside of JSON, or an ambiguous one."""
    if value.__class__ is str:
        return str(value)
    if isinstance(value, Enum) and not isinstance(value, Unset):
        return plain(value.value, name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str) or is_uuid(value):
        return str(value)
    if isinstance(value, float) and value - value == 0:  # neither infinite nor not a number
        return repr(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(f"{name}: {type(value).__name__} {value!r:.40} can't be sent; leave it out, or give a text")


def moment(value: datetime) -> str:
    """An aware datetime in RFC 3339; ``ValueError`` for a naive one, which the server would take for its own time."""
    if value.utcoffset() is None:
        raise ValueError("a datetime without a time zone can't be sent: give it one, for example datetime.UTC")
    return value.isoformat()


def json_bytes(value: Any) -> bytes:
    """A value as compact JSON.

    ``ValueError`` for NaN, infinities, naive datetimes and a value that contains itself; ``TypeError`` for foreign
    types.
    """
    try:
        return _encode(value).encode("ascii")
    except RecursionError:
        raise ValueError("a value that contains itself can't be sent") from None


def form_bytes(value: Any) -> bytes:
    """A model as ``application/x-www-form-urlencoded``."""
    pairs = [pair for name, content in value.to_body().items() for pair in query_pairs(name, content)]
    return query(pairs).encode("ascii")


def multipart_bytes(value: Any) -> bytes:
    """A model with its files as ``multipart/form-data``; the whole of it, so that it can be sent again."""
    import httpx

    return httpx.Request("POST", "http://localhost", files=value.to_multipart()).read()


def multipart_type(body: bytes | None) -> str:
    """The media type of such a body: its boundary, made anew for each, is the first line."""
    boundary = (body or b"--").partition(b"\r\n")[0][2:].decode("ascii")
    return f"multipart/form-data; boundary={boundary}"


def content_bytes(value: Any) -> bytes:
    """A ``File``, bytes, or an open binary file, as they are; the whole of it, so that it can be sent again."""
    payload = value.payload if isinstance(value, File) else value
    content = payload if isinstance(payload, bytes | bytearray | memoryview) else payload.read()
    return bytes(content)


def cookies(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs as the value of a ``Cookie`` header."""
    return "; ".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


def _default(value: Any) -> Any:
    """What ``json`` does not know but a description does: models, dates, UUIDs and enums."""
    # Every property that the server alone sets is left out of a model, at any depth.
    if isinstance(value, Model):
        return value.to_body()
    if isinstance(value, Enum) and not isinstance(value, Unset):
        return value.value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date) or is_uuid(value):
        return plain(value)
    raise TypeError(f"{type(value).__name__} {value!r:.40} has no form in JSON")


# ASCII, so that no text of a caller (half of a surrogate pair, for one) fails to encode after it was accepted. Without
# bookkeeping about circles, which is a tenth of the time: the interpreter notices them as well.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False, default=_default).encode
