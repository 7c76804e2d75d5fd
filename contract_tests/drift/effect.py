"""What a deviation does to programs that call the API by the description, above all through the generated package."""

from __future__ import annotations

from contract_tests.description import Description
from contract_tests.drift.cause import Cause

# By kind, or by the beginning of one; the first that fits. {field} is the member's name.
EFFECTS = (
    ("field-undocumented", "nothing breaks: the package keeps `{field}` among the additional properties, untyped"),
    ("field-never-sent", "`{field}` is always UNSET; code that reads it takes its other branch, without an error"),
    ("response-required", "`{field}` is UNSET although it is declared as always there: strict decoding raises"),
    ("response-type", "`{field}` holds another type than declared: strict decoding raises, arithmetic on it fails"),
    ("response-enum", "the package keeps the new value of `{field}` as plain text; a `match` over members misses it"),
    ("response-not-json", "the answer cannot be decoded: callers get an error instead of a result"),
    ("response-undocumented", "nothing breaks: what is new is ignored or kept untyped"),
    ("response-", "`{field}` holds a value outside of what is declared: code that relies on its form fails"),
    ("undocumented-status", "callers that branch on the status miss this one; a 2xx is still a success to the package"),
    ("content-type", "a client that decodes by media type cannot read the answer"),
    ("header-", "what reads this header finds nothing, or something else"),
    ("error-", "callers cannot tell refusals apart: the package raises an error without its code or text"),
    ("valid-request-refused", "calls that follow the description fail"),
    ("invalid-accepted", "a mistake that used to be refused is stored; nobody is told"),
    ("wrong-request-accepted", "a mistake that used to be refused goes through; nobody is told"),
    ("left-out-value-kept", "a replacement leaves values behind that the caller meant to be gone"),
    ("value-not", "what was written is lost or changed, and the call says that it went well"),
    ("default-not-applied", "new records start with another value of `{field}` than callers count on"),
    ("first-value-wrong", "new records start with another value of `{field}` than callers count on"),
    ("unrelated-field-changed", "an update destroys values that it did not name"),
    ("null-clears", "null loses a value that callers expect to be kept"),
    ("null-keeps", "null no longer clears: callers cannot switch it off"),
    ("empty-string-", "an empty text has the other effect than callers expect"),
    ("updated-at", "callers that look for changes by time miss this one"),
    ("time-not-now", "callers that sort by time, or count a period from it, come to wrong results"),
    ("read-only-field-written", "a request can change what callers take for given"),
    ("deleted-", "callers meet records that they deleted"),
    ("use-after-delete", "callers meet records that they deleted"),
    ("created-not-found", "callers lose records that they just made"),
    ("deletion-not-blocked", "records that others point to are gone"),
    ("page", "walking a list skips records, repeats them, or never ends"),
    ("computed-", "figures of one record are taken for those of another"),
    ("creation-", "one call makes several records, and each may cost"),
    ("empty-update", "a call that says nothing is answered as if it had done something"),
    ("ignored-value", "a value that the record does not offer takes effect"),
    ("new-record", "callers that look for changes by time take a new record for a changed one"),
    ("slow-", "calls take longer; timeouts that were ample may be reached"),
    ("generated-", "callers that tell records apart, or find them again, by this field cannot"),
    ("read-changes", "reading a record changes it; what callers compare differs although nobody wrote"),
    ("refusal-", "callers cannot tell which part of their request is to blame"),
    ("unknown-id", "callers meet a record that is not there, or another than they asked for"),
    ("unknown-key", "a misspelt field is kept, and looks as if it had been understood"),
    ("unknown-parameter", "a misspelt parameter changes the answer instead of being ignored"),
    ("list", "lists show other records, or another order, than callers asked for"),
    ("filter-", "lists show other records than callers asked for"),
    ("child-", "lists below a record show records of others, or lack their own"),
    ("reference-", "assignments point to nothing, or stay after they were taken away"),
    ("wrong-token-accepted", "anybody can call this"),
    ("missing-token-accepted", "anybody can call this"),
    ("right-token-refused", "calls with a good token fail"),
    ("server-error", "calls fail; the package retries reads and raises ServerError"),
    ("no-answer", "calls end without an answer: their outcome is unknown"),
    ("wrong-refusal", "callers that branch on status or code take the wrong branch"),
    ("method-not-refused", "requests with another method are answered as if they were meant"),
    ("allow-header-wrong", "clients that ask which methods there are get a wrong answer"),
    ("package-", "the generated package and the description disagree about this answer"),
    ("no-", "callers find nothing where the answer should stand"),
    ("object-replaced", "an update destroys members that it did not name"),
    ("undocumented-method", "requests with another method are answered as if they were meant"),
    ("unknown-route", "a misspelt address is answered as if it were meant"),
    ("webhook-field-undocumented", "nothing breaks: the package keeps `{field}` among the additional properties"),
    ("webhook-field-never-sent", "`{field}` is always UNSET in events; code that reads it takes its other branch"),
    ("webhook-enum", "the package keeps the new value of `{field}` as plain text; a `match` over members misses it"),
    ("webhook-signature", "receivers that check signatures refuse the event, and never learn what happened"),
    ("webhook-header", "receivers that check signatures refuse the event, and never learn what happened"),
    ("webhook-timestamp", "receivers take the event for a replay and refuse it"),
    ("webhook-never-sent", "receivers never learn what happened"),
    ("webhook-not-final", "receivers wait for an end that is never told"),
    ("webhook-goes-back", "receivers that take the latest event for the present state are misled"),
    ("webhook-out-of-order", "receivers that take the latest event for the present state are misled"),
    ("webhook-for-another", "receivers act on a record that the event is not about"),
    ("webhook-", "`{field}` of an event holds something else than declared: handlers that rely on it fail"),
    ("suite-", "none known: this was not checked to its end"),
)
GENERAL = "callers that rely on the described behaviour are misled"


def effect(description: Description, cause: Cause) -> str:
    """One sentence: whose calls, and what happens to them."""
    text = next((text for prefix, text in EFFECTS if cause.kind.startswith(prefix)), GENERAL)
    field = cause.pointer.rstrip("/*").rpartition("/")[2] or "the body"
    methods = [
        str(description.by_id[one].raw.get("x-sdk-method", one)) for one in cause.operations if one in description.by_id
    ]
    if not methods:
        return text.format(field=field)
    more = f" and {len(methods) - 1} more" if len(methods) > 1 else ""
    return f"callers of {methods[0]}{more}: {text.format(field=field)}"
