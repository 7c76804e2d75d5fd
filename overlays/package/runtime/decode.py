"""From a complete answer to what the caller gets: a model, or an error that carries the answer; nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..types import Response
from .answer import Answer
from .tolerance import TOLERANT, Tolerance

if TYPE_CHECKING:
    from .decoding import Decoder as _Decoding
    from .errors import TelnyxError
    from .settings import Settings

T = TypeVar("T")
JSON_TYPES = {
    dict: "object",
    list: "list",
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
}
Decoder = Callable[[Any, Tolerance], T]


def parse(answer: Answer, decoder: Decoder[T], settings: Settings, shape: type = dict) -> T:
    """The model of a 2xx answer.

    ``shape``: the Python type of the JSON value that the answer must be (``object``: any). ``AnswerUnreadable``
    for a body that is no such JSON, and with ``strict`` for every deviation; the error by status for everything else.
    """
    if not 200 <= answer.status < 300:
        raise _api_error(answer)
    document = _document(answer)
    if document.__class__ is not shape and not isinstance(document, shape):
        found, expected = JSON_TYPES.get(type(document), "value"), JSON_TYPES.get(shape, "value")
        raise _unreadable(answer, f"its JSON is a {found} where a {expected} belongs")
    try:
        if settings.on_drift is None and not settings.strict:
            return decoder(document, TOLERANT)
        return _observed(answer, document, decoder, settings)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as problem:
        fault = problem
    from . import redaction

    said = f"the answer can't be made a model: {type(fault).__name__}"
    raise _unreadable(answer, said) from (None if redaction.tainted(fault, answer.secret()) else fault)


def nothing(answer: Answer) -> None:
    """``None`` for a 2xx answer of an operation that describes no body; the error by status otherwise."""
    if not 200 <= answer.status < 300:
        raise _api_error(answer)


def content(answer: Answer) -> bytes:
    """The bytes of a 2xx answer that is no JSON; the error by status otherwise."""
    nothing(answer)
    if answer.fault is not None:
        raise _unreadable(answer, answer.fault)
    return answer.body


def text(answer: Answer) -> str:
    """The text of a 2xx answer, in its own charset if that is known; bytes that are no text are replaced."""
    body = content(answer)
    charset = answer.headers.get("content-type", "").lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        return body.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def anything(answer: Answer) -> Any:
    """The JSON of a 2xx answer, its text when it is none, ``None`` when it is empty; the error by status otherwise."""
    body = content(answer)
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return text(answer)


def as_it_is(document: Any, tolerance: Tolerance) -> Any:
    """A decoder for answers that no model describes."""
    return document


def whole(decoder: _Decoding) -> Decoder[Any]:
    """The decoder of an answer that is no object with a model, from the one that a field of its kind would have."""
    return lambda document, tolerance: decoder(None, None, document, tolerance)


def each(decoder: Decoder[T]) -> Decoder[list[T]]:
    """The decoder of a list in which every item is decoded by ``decoder``."""

    def decode(document: Any, tolerance: Tolerance) -> list[T]:
        return [decoder(item, tolerance) for item in document]

    return decode


def respond(answer: Answer, parsed: T) -> Response[T]:
    """The result with its circumstances."""
    return Response(
        status=answer.status,
        headers=answer.headers,
        request_id=answer.request_id,
        rate_limit=answer.rate_limit,
        parsed=parsed,
        body=answer.body,
        attempts=answer.attempts,
        elapsed=answer.elapsed,
    )


def _document(answer: Answer) -> Any:
    """The JSON value of an answer. Its media type is not asked: what can be read is read."""
    if answer.fault is not None:
        raise _unreadable(answer, answer.fault)
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as problem:
        reason = type(problem).__name__
    # Out of the handler: json's error holds the whole text, and would go along as the context of ours.
    what = "the body is empty" if not answer.body else "the body is no JSON"
    kind = answer.content_type or "no content type"
    raise _unreadable(answer, f"{what} ({kind}, {len(answer.body)} bytes, {reason})")


def _observed(answer: Answer, document: Any, decoder: Decoder[T], settings: Settings) -> T:
    """Decode, tell each deviation to ``on_drift``, and refuse the answer for them when that is wanted."""
    from . import logs
    from .drift import Observer

    observer = Observer()
    parsed = decoder(document, observer)
    if not observer.deviated:
        return parsed
    found = observer.observations(document, answer.operation_id, answer.secret())
    for one in found if settings.on_drift is not None else ():
        logs.tell(settings.on_drift, one)  # type: ignore[arg-type]
    if settings.strict:
        first = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        said = f"strict: {first.pointer or 'the document'} is not as described ({first.kind}, {first.expected}){more}"
        raise _unreadable(answer, said)
    return parsed


def _api_error(answer: Answer) -> TelnyxError:
    from . import errors

    return errors.api_error(answer)


def _unreadable(answer: Answer, said: str) -> TelnyxError:
    from . import errors

    return errors.of(answer, errors.AnswerUnreadable, f"answered {answer.status}, but {said}")
