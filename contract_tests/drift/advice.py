"""What to do about a finding, by its kind: one sentence for whoever reads the report first."""

from __future__ import annotations

ADVICE = {
    "allow-header-wrong": "let the Allow header list exactly the described methods",
    "child-list-wrong": "the list below a record must show what is assigned to it and nothing else",
    "computed-for-another": "the figures are those of another record than was asked about; mend the target",
    "content-type": "let the target answer with a described media type, or describe this one for the status",
    "creation-made-two": "callers pay for or see a record that nobody asked for; mend the target",
    "created-not-found": "look at the chain of requests: a record is gone right after it was created",
    "default-not-applied": "if the API's default changed, correct `default` in the Create schema by an overlay",
    "deleted-still-listed": "a deleted record must leave every list; mend the target",
    "deleted-still-there": "a deleted record must be gone for every operation; mend the target",
    "deletion-not-blocked": "mend the target, or take x-blocked-by off the operation",
    "empty-string-clears": "an empty text loses a value; mend the target, or correct x-on-empty-string",
    "empty-string-keeps": "callers cannot clear the field any more; mend the target, or correct x-on-empty-string",
    "empty-update-accepted": "mend the target, or write x-empty-update: accept",
    "error-code": "if the code is right, add it to the error overview in the description's examples",
    "error-envelope": "a client cannot read this refusal; mend the target, or describe the other envelope",
    "error-title": "if the API words it otherwise now, correct the title in the description's examples",
    "field-never-sent": "if the field is gone, propose an overlay that removes it; if it is conditional, say when",
    "field-undocumented": "describe the field by an overlay action with this report as its evidence",
    "filter-selects-wrongly": "mend the target, or correct x-filter: callers get other records than they asked for",
    "first-value-wrong": "if new records start with another value now, correct `default` or x-initial by an overlay",
    "header-missing": "mend the target, or take the header out of the description of this answer",
    "header-value": "mend the target, or describe the form that was observed",
    "ignored-value-stored": "mend the target, or take x-ignored-unless-in off the field",
    "invalid-accepted": "let the target refuse it, or loosen the request schema at this place",
    "method-not-refused": "answer 405 with an Allow header that lists the described methods",
    "missing-token-accepted": "treat as a security fault: nothing may be answered without a token",
    "new-record-changed": "a new record says that it was changed after it was made; mend the target",
    "no-answer": "send the request alone and look at the target's log: it ended the connection",
    "null-clears": "callers lose a value by sending null; mend the target, or correct x-on-null by an overlay",
    "null-keeps": "callers cannot switch the feature off by null; mend the target, or correct x-on-null by an overlay",
    "package-cannot-read": "regenerate the package, and look at the answer below: the generated model cannot hold it",
    "package-overlooks": "strict mode of the package misses this; mend its decoder, or the template that makes it",
    "package-refuses": "strict mode of the package refuses what the schema allows; regenerate it, or mend its decoder",
    "page-meta": "pagination built on these numbers skips or repeats records; mend the target",
    "read-only-field-written": "mend the target, or take readOnly off the field",
    "reference-not-checked": "mend the target, or take the refusal out of x-rule-errors",
    "reference-not-cleared": "mend the target: the record stays assigned",
    "response-duplicate-key": "JSON parsers differ in which of the two they keep; let the target send it once",
    "response-enum": "add the new value to the enum by an overlay, or mend the target",
    "response-required": "mend the target, or make the property optional",
    "response-type": "mend the target, or correct the type by an overlay: clients parse by it",
    "right-token-refused": "check what this token may do; the others accepted it",
    "server-error": "a request must never end in 5xx; the request below reproduces it",
    "slow-answers": "look at what this operation does on the target: everything else there is much faster",
    "undocumented-status": "list the status for this operation, or let the target answer as described",
    "unrelated-field-changed": "an update must leave alone what it does not name; mend the target",
    "updated-at-not-advanced": "callers that poll for changes miss this one; mend the target",
    "use-after-delete": "a deleted record is still served; mend the target",
    "valid-request-refused": "if the refusal is right, name it in the operation's x-rule-errors",
    "value-not-read-back": "what was written is not what is stored; mend the target, or describe the change",
    "value-not-stored": "what was written is not what is stored; mend the target, or describe the change",
    "wrong-refusal": "mend the target, or describe this status and code for the operation",
    "wrong-request-accepted": "let the target refuse it, or loosen the description at this place",
    "wrong-token-accepted": "treat as a security fault: a token that is not valid opens this operation",
}
FAMILIES = {
    "response-": "mend the target, or correct the response schema at this place by an overlay",
    "suite-": "the suite itself could not finish this check; run the test alone",
}
GENERAL = "compare the exchange below with the description: one of the two is wrong"


def advise(kind: str) -> str:
    """The hint for a kind, that of its family, or the general one."""
    if kind in ADVICE:
        return ADVICE[kind]
    return next((hint for prefix, hint in FAMILIES.items() if kind.startswith(prefix)), GENERAL)
