"""The error catalogue: code -> title, usual status, detail. One function makes an ``errors[]`` entry.

Codes and titles are the API's published catalogue; the details are our own sentences. Where the catalogue's
status is not evidenced, ``openapi/evidence`` and ``README.md`` beside this file name the choice.
"""

from __future__ import annotations

from dataclasses import dataclass

from .exchange import Json, Refusal

ERROR_PAGE = "https://developers.telnyx.com/docs/overview/errors/"


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One entry of the catalogue; ``status`` is what the mock answers unless the description names another."""

    title: str
    status: int
    detail: str


MISSING = "10004"
NOT_FOUND = "10005"
UNEXPECTED = "10007"
TIMEOUT = "10008"
UNAUTHENTICATED = "10009"
THROTTLED = "10011"
BAD_REQUEST = "10015"
UNKNOWN_REFERENCE = "10017"
INVALID_JSON = "10023"
NOT_A_FORM = "10024"
WRONG_TYPE = "10026"
WRONG_ENCODING = "10028"
NOT_JSON_CONTENT = "10029"
WRONG_METHOD = "10030"
NOT_IN_ENUM = "10032"
OUT_OF_RANGE = "10033"
UNAVAILABLE = "10037"

CATALOGUE = {
    "10002": ErrorKind("Invalid phone number", 422, "The phone number is not valid."),
    "10003": ErrorKind("Invalid URL", 422, "The address is malformed or too long."),
    MISSING: ErrorKind("Missing required parameter", 422, "A required parameter is missing."),
    NOT_FOUND: ErrorKind("Resource not found", 404, "There is no such resource, or no such address."),
    "10006": ErrorKind("Invalid ID", 404, "The id is not valid."),
    UNEXPECTED: ErrorKind("Unexpected error", 500, "The mock failed to answer; its log says why."),
    TIMEOUT: ErrorKind("Request timeout", 408, "The rest of the request did not arrive in time."),
    UNAUTHENTICATED: ErrorKind("Authentication failed", 401, "The request carries no credentials that are known."),
    "10010": ErrorKind("Authorization failed", 403, "The credentials do not allow this."),
    THROTTLED: ErrorKind("Too many requests", 429, "The allowed number of requests for this minute is used up."),
    "10012": ErrorKind("Duplicate resource", 409, "Such a resource exists already."),
    BAD_REQUEST: ErrorKind("Bad Request", 400, "The request is not well-formed."),
    "10016": ErrorKind("Phone number must be in +E.164 format", 422, "A phone number is not in E.164."),
    UNKNOWN_REFERENCE: ErrorKind("Associated resource does not exist", 422, "The resource referred to does not exist."),
    "10021": ErrorKind("Resource in use", 422, "The resource is in use."),
    INVALID_JSON: ErrorKind("Invalid JSON", 400, "The body is not valid JSON."),
    NOT_A_FORM: ErrorKind("Unsupported Content-Type", 400, "The Content-Type must be multipart/form-data."),
    WRONG_TYPE: ErrorKind("Invalid parameter type", 422, "The value has the wrong type."),
    "10027": ErrorKind("Unprocessable Entity", 422, "The request was understood, but cannot be carried out."),
    WRONG_ENCODING: ErrorKind("Character encoding error", 400, "The body is not valid UTF-8."),
    NOT_JSON_CONTENT: ErrorKind("Expected JSON Content-Type", 400, "The Content-Type must be application/json."),
    WRONG_METHOD: ErrorKind("Method not allowed", 405, "The address exists, but not with this method."),
    NOT_IN_ENUM: ErrorKind("Invalid enumerated value", 422, "The value is not one of those allowed."),
    OUT_OF_RANGE: ErrorKind("Value outside of range", 422, "The value lies outside the allowed range."),
    UNAVAILABLE: ErrorKind("Service unavailable", 503, "The service is not available at the moment."),
    "40158": ErrorKind("Delete failed", 422, "Something is still assigned to the resource, so it stays."),
    "40300": ErrorKind("Blocked due to STOP message", 400, "The recipient asked for no more messages."),
    "40301": ErrorKind("Unsupported message type for the 'to' address", 400, "The recipient cannot get it so."),
    "40302": ErrorKind("Message too large", 400, "The text takes too many parts."),
    "40304": ErrorKind("Invalid combination of message content arguments", 400, "What is said of the content differs."),
    "40305": ErrorKind("Invalid 'from' address", 400, "The sender is none of the account's that can send this."),
    "40306": ErrorKind("Alpha sender not configured", 400, "The profile has no alphanumeric sender."),
    "40307": ErrorKind("Alpha sender mismatch", 400, "The profile has another alphanumeric sender."),
    "40308": ErrorKind("Invalid 'from' address for MMS", 400, "The sender takes no MMS."),
    "40309": ErrorKind("Invalid destination region", 400, "The profile does not allow the recipient's country."),
    "40310": ErrorKind("Invalid 'to' address", 400, "The recipient is not a valid number."),
    "40312": ErrorKind("Messaging profile is disabled", 400, "The profile is not enabled."),
    "40316": ErrorKind("No content provided for message", 400, "There is neither text nor media."),
    "40317": ErrorKind("Invalid MMS content", 400, "There are too many media."),
    "40321": ErrorKind("No usable numbers on messaging profile", 400, "The pool has no number that could send this."),
    "40327": ErrorKind("Invalid Domain", 422, "The domain is not one of those offered for shortened links."),
    "40331": ErrorKind("Missing whitelisted destinations", 400, "At least one allowed destination must be given."),
    "40332": ErrorKind("Brand cannot be deleted", 422, "The brand still has campaigns."),
    "40333": ErrorKind("Messaging profile spend limit reached", 429, "The profile has spent its daily limit."),
}


def entry(
    code: str,
    detail: str | None = None,
    *,
    pointer: str | None = None,
    parameter: str | None = None,
    title: str | None = None,
) -> dict[str, Json]:
    """One ``errors[]`` entry, keys in the order seen on the wire; ``pointer`` is RFC 6901 into the body."""
    kind = CATALOGUE[code]
    made: dict[str, Json] = {
        "code": code,
        "detail": detail or kind.detail,
        "meta": {"url": ERROR_PAGE + code},
    }
    if pointer is not None:
        made["source"] = {"pointer": pointer}
    elif parameter is not None:
        made["source"] = {"parameter": parameter}
    made["title"] = title or kind.title
    return made


def refusal(code: str, detail: str | None = None, *, status: int | None = None, pointer: str | None = None) -> Refusal:
    """A refusal with one entry, with the catalogue's status unless another is given."""
    return Refusal(
        CATALOGUE[code].status if status is None else status,
        [entry(code, detail, pointer=pointer)],
    )
