"""Stage 4: bytes become values: the query string into text by name, the body into JSON or the fields of a form.

Nothing is judged against the description here. Whatever comes in ends as a value or as a refusal: 400 10029 (content
type; 10024 where a form is wanted), 10028 (not UTF-8), 10023 (not JSON), 10015 (no form), 413 10015 (too large).
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import orjson

from . import errors, forms
from .exchange import Json, Request
from .shape import ABSENT

BODY_LIMIT = 16 * 1024 * 1024  # bytes
DEPTH_LIMIT = 100  # levels of nested arrays and objects
QUERY_LIMIT = 64 * 1024  # bytes


def decode_query(query: bytes) -> dict[str, list[str]]:
    """Every value of every name, in order. Brackets may be percent-encoded or not; broken escapes stay as they are."""
    if not query:
        return {}
    if len(query) > QUERY_LIMIT:
        raise errors.refusal(errors.BAD_REQUEST, "The query string is too long.", status=414)
    found: dict[str, list[str]] = {}
    for pair in query.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_text(name), []).append(_text(value))
    return found


def _text(raw: bytes) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    return raw.decode("utf-8", "replace")


def decode_body(request: Request, *, required: bool, is_form: bool = False) -> Json:
    """The JSON value of the body, or the fields of a form; ``ABSENT`` when there is no body and none is required."""
    if len(request.body) > BODY_LIMIT:
        raise errors.refusal(errors.BAD_REQUEST, f"The body is larger than {BODY_LIMIT} bytes.", status=413)
    if not request.body and not required:
        return ABSENT
    if is_form:
        content_type = request.header(b"content-type")
        if content_type is None or not forms.is_form(content_type):
            raise errors.refusal(errors.NOT_A_FORM)
        return forms.parse(request.body, content_type)
    if not _is_json(request.header(b"content-type")):
        raise errors.refusal(errors.NOT_JSON_CONTENT)
    if not request.body:
        raise errors.refusal(errors.INVALID_JSON, "The body is empty; a JSON object is needed.")
    return parse(request.body)


def parse(body: bytes) -> Json:
    """The JSON value of some bytes; the last of two members of the same name counts."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            raise errors.refusal(errors.WRONG_ENCODING) from None
        raise errors.refusal(errors.INVALID_JSON) from None
    # Counting brackets is cheap and never too low, so that the careful measurement is rare.
    if body.count(b"[") + body.count(b"{") > DEPTH_LIMIT and depth(value) > DEPTH_LIMIT:
        raise errors.refusal(errors.INVALID_JSON, f"The body is nested deeper than {DEPTH_LIMIT} levels.")
    return value


def depth(value: Json) -> int:
    """How many arrays and objects stand inside one another; 0 for a plain value."""
    level = [value]
    count = 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        count += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return count


def _is_json(content_type: bytes | None) -> bool:
    if content_type == b"application/json":
        return True
    media, _, parameters = (content_type or b"").lower().partition(b";")
    charset = parameters.partition(b"charset=")[2].partition(b";")[0].strip(b" \"'")
    return media.strip() == b"application/json" and charset in {b"", b"utf-8", b"utf8", b"us-ascii"}
